package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of an experiment: a proven interval {@code lower <= p* <= upper}, or word that it
 * is withdrawn.
 *
 * @param experimentId see {@link Message#experimentId()}
 * @param studyId the study it belongs to, if any
 * @param name for people
 * @param n rows
 * @param d columns
 * @param beta the weight of the penalty
 * @param lower proved to be at most {@code p*}; exactly with the verdict {@code verified}
 * @param upper proved to be at least {@code p*}; exactly with the verdict {@code verified}
 * @param ratio {@code upper / lower}; absent when lower is 0 or the quotient overflows
 * @param rung what the lower bound rests on; absent when it is the trivial bound 0
 * @param verdict {@code verified}, or {@code refuted} once two verified bounds contradict each
 *     other: every earlier version is withdrawn then, and no other follows
 * @param version counts the tightenings from 1; a withdrawal counts as one more
 * @param at when this version came about
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CertificateMessage(
    String experimentId,
    @Nullable String studyId,
    String name,
    int n,
    int d,
    double beta,
    @Nullable Double lower,
    @Nullable Double upper,
    @Nullable Double ratio,
    @Nullable Rung rung,
    Verdict verdict,
    long version,
    Instant at)
    implements Message {

  /** Checks every value, that lower is at most upper, and that a withdrawn one has no bound. */
  public CertificateMessage {
    Check.experimentId(experimentId);
    Check.textOrNull(studyId, "studyId");
    Check.text(name, "name");
    Check.count(n, 1, Limits.MAX_ROWS, "n");
    Check.count(d, 1, Limits.MAX_COLUMNS, "d");
    Check.positive(beta, "beta");
    Check.present(verdict, "verdict");
    Check.that(
        verdict == Verdict.VERIFIED || verdict == Verdict.REFUTED,
        "verdict is '%s'; only 'verified' and 'refuted' are published.",
        verdict);
    if (verdict == Verdict.VERIFIED) {
      requireInterval(Check.present(lower, "lower"), Check.present(upper, "upper"), ratio, rung);
    } else {
      Check.that(
          lower == null && upper == null && ratio == null && rung == null,
          "verdict is 'refuted' and lower, upper, ratio or rung is given; leave them out.");
    }
    Check.count(version, 1, Long.MAX_VALUE, "version");
    Check.present(at, "at");
  }

  /** A certificate with its interval. */
  public CertificateMessage(
      String experimentId,
      @Nullable String studyId,
      String name,
      int n,
      int d,
      double beta,
      double lower,
      double upper,
      @Nullable Double ratio,
      @Nullable Rung rung,
      Verdict verdict,
      long version,
      Instant at) {
    this(
        experimentId,
        studyId,
        name,
        n,
        d,
        beta,
        (Double) lower,
        (Double) upper,
        ratio,
        rung,
        verdict,
        version,
        at);
  }

  private static void requireInterval(
      double lower, double upper, @Nullable Double ratio, @Nullable Rung rung) {
    Check.nonNegative(lower, "lower");
    Check.nonNegative(upper, "upper");
    Check.that(
        lower <= upper, "lower is %s and upper is %s; lower may not be above.", lower, upper);
    Check.finiteOrNull(ratio, "ratio");
    Check.that(
        ratio == null || (ratio >= 1 && lower > 0),
        "ratio is %s; it must be 1 or above, and left out when lower is 0.",
        ratio);
    Check.that(
        rung != null || lower == 0,
        "rung is missing and lower is %s; name the rung that a bound above 0 rests on.",
        lower);
  }

  @Override
  public String eventId() {
    return experimentId + "/" + version;
  }
}
