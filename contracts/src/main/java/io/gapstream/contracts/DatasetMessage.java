package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A dataset and what to run on it.
 *
 * @param experimentId see {@link Message#experimentId()}
 * @param studyId the study it belongs to, if any
 * @param name for people
 * @param origin where the data come from
 * @param preprocessing what was done to them
 * @param n rows
 * @param d columns of {@code X}, a column of ones included
 * @param x {@code n x d}
 * @param y the targets, n
 * @param sha256 of the canonical bytes of {@code X} and {@code y}, see docs/messages.md
 * @param beta the weight of the penalty, resolved: every service uses this number
 * @param betaFraction what was asked for, when it was asked for as a fraction of betaMax
 * @param betaMax the smallest beta for which the zero network is optimal, as far as local ascent
 *     finds it; not a proved number
 * @param plan what to run
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DatasetMessage(
    String experimentId,
    @Nullable String studyId,
    String name,
    Origin origin,
    Preprocessing preprocessing,
    int n,
    int d,
    @JsonProperty("X") NumericArray x,
    NumericArray y,
    String sha256,
    double beta,
    @Nullable Double betaFraction,
    double betaMax,
    RunPlan plan)
    implements Message {

  /** Checks every value and that the shapes agree. */
  public DatasetMessage {
    Check.experimentId(experimentId);
    Check.textOrNull(studyId, "studyId");
    Check.text(name, "name");
    Check.present(origin, "origin");
    Check.present(preprocessing, "preprocessing");
    Check.count(n, 1, Limits.MAX_ROWS, "n");
    Check.count(d, 1, Limits.MAX_COLUMNS, "d");
    Check.count(n * (d + 1L), 1, Limits.MAX_VALUES, "n * (d + 1)");
    Check.present(x, "X").require("X", n, d);
    Check.present(y, "y").require("y", n);
    Check.sha256(sha256, "sha256");
    Check.positive(beta, "beta");
    if (betaFraction != null) {
      Check.positive(betaFraction, "betaFraction");
    }
    Check.positive(betaMax, "betaMax");
    preprocessing.requireColumns(d);
    Check.present(plan, "plan").requireRoom(n, d);
  }

  /** The message under the id of what it says, see {@link ExperimentId}. */
  public static DatasetMessage of(
      @Nullable String studyId,
      String name,
      Origin origin,
      Preprocessing preprocessing,
      NumericArray x,
      NumericArray y,
      String sha256,
      double beta,
      @Nullable Double betaFraction,
      double betaMax,
      RunPlan plan) {
    return new DatasetMessage(
        ExperimentId.of(origin, preprocessing, sha256, beta, betaFraction, betaMax, plan),
        studyId,
        name,
        origin,
        preprocessing,
        x.shape()[0],
        x.shape()[1],
        x,
        y,
        sha256,
        beta,
        betaFraction,
        betaMax,
        plan);
  }

  @Override
  public String eventId() {
    return experimentId;
  }
}
