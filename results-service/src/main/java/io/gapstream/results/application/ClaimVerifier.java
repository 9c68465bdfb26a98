package io.gapstream.results.application;

import io.gapstream.certificate.Claims;
import io.gapstream.contracts.LowerEvidence;
import io.gapstream.contracts.NetworkWeights;
import io.gapstream.contracts.Rung;
import io.gapstream.numerics.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Judges claims by their evidence alone; who sent them plays no part. */
final class ClaimVerifier {

  private ClaimVerifier() {}

  /**
   * Compares the claim with what its evidence proves. No tolerance: both are exact doubles.
   *
   * @param problem the experiment's data and beta
   * @param sha256 of the data
   * @param limits on what the check may take
   */
  static Outcome judge(Problem problem, String sha256, Claim claim, CheckLimits limits) {
    // First, whatever came of the work: a result of other data says nothing about this experiment.
    if (!claim.datasetSha256().equals(sha256)) {
      return new Outcome.Refuted(
          "It was computed from the data with SHA-256 "
              + claim.datasetSha256()
              + "; the experiment's have "
              + sha256
              + ".",
          true);
    }
    Double value = claim.value();
    if (value == null) {
      return new Outcome.NoValue();
    }
    LowerEvidence lower = claim.lower();
    if (lower != null) {
      return limits.judge(
          Claims.workAtLeast(problem, value, lower),
          () -> outcome(value, Claims.whyNotAtLeast(problem, value, lower), lower.rung()));
    }
    NetworkWeights network = claim.network();
    if (network != null) {
      return limits.judge(
          Claims.workAtMost(problem, network),
          () -> outcome(value, Claims.whyNotAtMost(problem, value, network), null));
    }
    return new Outcome.Estimate(value);
  }

  private static Outcome outcome(double claimed, @Nullable String reason, @Nullable Rung rung) {
    return reason == null ? new Outcome.Verified(claimed, rung) : new Outcome.Refuted(reason);
  }
}
