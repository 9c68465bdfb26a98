package io.gapstream.results.application;

import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.Verdict;
import io.gapstream.results.store.ResultEntity;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Takes one more claim into the row of its method or run. The row has two parts, and each is
 * replaced only by what is strictly better in its order.
 *
 * <p>The best claim: by verdict, then by value. Of verified claims with equal values the evidence
 * that came first stays; apart from that choice the row after any set of claims is the same
 * whatever the order in which they come and however often.
 *
 * <p>How the work stands: a last message before any other, since the work that sent it is over;
 * then one whose claim was not refuted, one with a value, one with the better value, and only then
 * the higher revision. So neither a redo nor a revision at the top of the range hides an honest
 * last message.
 */
final class ResultMerge {

  /** From what counts least to what counts most. */
  private static final List<Verdict> RANK =
      List.of(Verdict.PENDING, Verdict.REFUTED, Verdict.ESTIMATE, Verdict.VERIFIED);

  /** What was taken from the claim. */
  record Taken(boolean claim, boolean standing, boolean completion) {
    boolean anything() {
      return claim || standing || completion;
    }
  }

  private ResultMerge() {}

  /** The row of a first claim. */
  static ResultEntity firstRow(Claim claim, Outcome outcome, Instant now) {
    ResultEntity row = new ResultEntity();
    row.id = claim.resultId();
    row.experimentId = claim.experimentId();
    row.source = claim.run().source();
    row.method = claim.run().method();
    row.width = claim.run().width();
    row.seed = claim.run().seed();
    row.kind = claim.kind();
    row.complete = claim.last();
    row.createdAt = now;
    row.updatedAt = now;
    takeClaim(row, claim, outcome);
    takeStanding(row, claim, outcome);
    return row;
  }

  /**
   * Takes the claim into the row.
   *
   * @param sameProof whether the claim has the value and the evidence that are stored for the row;
   *     of the messages that say the same, the newest is named
   */
  static Taken merge(
      ResultEntity row, Claim claim, Outcome outcome, boolean sameProof, Instant now) {
    ResultEntity other = firstRow(claim, outcome, now);
    boolean better =
        Objects.compare(other, row, sameProof ? BY_CLAIM.thenComparing(BY_AGE) : BY_CLAIM) > 0;
    boolean newer = Objects.compare(other, row, BY_STANDING) > 0;
    Taken taken = new Taken(better, newer, claim.last() && !row.complete);
    if (taken.claim()) {
      takeClaim(row, claim, outcome);
    }
    if (taken.standing()) {
      takeStanding(row, claim, outcome);
    }
    if (taken.anything()) {
      row.complete |= claim.last();
      row.updatedAt = now;
    }
    return taken;
  }

  /** Whether the value is better than the verified one of the row; true if there is none. */
  static boolean isBetter(ResultEntity row, double value) {
    return row.verdict != Verdict.VERIFIED
        || strength(row.kind, value) > strength(row.kind, row.value);
  }

  private static final Comparator<ResultEntity> BY_AGE =
      Comparator.<ResultEntity>comparingInt(row -> row.claimRevision)
          .thenComparing(row -> row.claimSha256);

  /** By what is proved; what proves nothing, by age. */
  private static final Comparator<ResultEntity> BY_CLAIM =
      Comparator.<ResultEntity>comparingInt(row -> RANK.indexOf(row.verdict))
          .thenComparing(
              (one, other) ->
                  one.verdict == Verdict.VERIFIED
                      ? Double.compare(
                          strength(one.kind, one.value), strength(other.kind, other.value))
                      : Objects.compare(one, other, BY_AGE));

  private static final Comparator<ResultEntity> BY_STANDING =
      Comparator.<ResultEntity, Boolean>comparing(row -> row.standingLast)
          .thenComparing(row -> !row.standingRefuted)
          .thenComparing(row -> row.standingValue != null)
          .thenComparingDouble(row -> strength(row.kind, row.standingValue))
          .thenComparingInt(row -> row.revision)
          .thenComparing(row -> row.payloadSha256);

  /** Larger is better; equal for what cannot be compared by value. -0.0 is no better than 0. */
  private static double strength(BoundKind kind, @Nullable Double value) {
    if (value == null || kind == BoundKind.ESTIMATE) {
      return 0;
    }
    return (kind == BoundKind.LOWER ? value : -value) + 0.0;
  }

  private static void takeClaim(ResultEntity row, Claim claim, Outcome outcome) {
    row.verdict = outcome.verdict();
    row.value = null;
    row.rung = null;
    row.refutation = null;
    if (outcome instanceof Outcome.Verified verified) {
      row.value = verified.value();
      row.rung = verified.rung();
    } else if (outcome instanceof Outcome.Estimate estimate) {
      row.value = estimate.value();
    } else if (outcome instanceof Outcome.Refuted refuted) {
      row.refutation = refuted.reason();
    }
    row.claimRevision = claim.revision();
    row.claimSha256 = claim.payload().sha256();
  }

  private static void takeStanding(ResultEntity row, Claim claim, Outcome outcome) {
    row.standingLast = claim.last();
    row.standingRefuted = outcome instanceof Outcome.Refuted;
    row.standingValue = claim.value();
    row.status = claim.status();
    row.reason = claim.reason();
    row.measures =
        new String(
            MessageJson.write(new TreeMap<>(claim.measures())),
            java.nio.charset.StandardCharsets.UTF_8);
    row.iterations = claim.iterations();
    row.elapsedSeconds = claim.elapsedSeconds();
    row.revision = claim.revision();
    row.payloadSha256 = claim.payload().sha256();
  }
}
