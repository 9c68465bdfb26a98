package io.gapstream.results.application;

import io.gapstream.certificate.Claims;
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
   */
  static Outcome judge(Problem problem, String sha256, Claim claim) {
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
    if (claim.value() == null) {
      return new Outcome.NoValue();
    }
    if (claim.lower() != null) {
      String reason = Claims.whyNotAtLeast(problem, claim.value(), claim.lower());
      return outcome(claim.value(), reason, claim.lower().rung());
    }
    if (claim.network() != null) {
      String reason = Claims.whyNotAtMost(problem, claim.value(), claim.network());
      return outcome(claim.value(), reason, null);
    }
    return new Outcome.Estimate(claim.value());
  }

  private static Outcome outcome(double claimed, @Nullable String reason, @Nullable Rung rung) {
    return reason == null ? new Outcome.Verified(claimed, rung) : new Outcome.Refuted(reason);
  }
}
