package io.gapstream.results.application;

import io.gapstream.certificate.Witnesses;
import io.gapstream.contracts.LowerEvidence;
import io.gapstream.contracts.NetworkWeights;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.verify.Finding;
import io.gapstream.numerics.verify.Verifier;

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
    if (claim.value() == null) {
      return new Outcome.NoValue();
    }
    if (!claim.datasetSha256().equals(sha256)) {
      return new Outcome.Refuted(
          "It was computed from the data with SHA-256 "
              + claim.datasetSha256()
              + "; the experiment's have "
              + sha256
              + ".");
    }
    if (claim.lower() != null) {
      return lower(problem, claim.value(), claim.lower());
    }
    if (claim.network() != null) {
      return upper(problem, claim.value(), claim.network());
    }
    return new Outcome.Estimate(claim.value());
  }

  private static Outcome lower(Problem problem, double claimed, LowerEvidence evidence) {
    if (evidence.dual().size() != problem.n()) {
      return new Outcome.Refuted(
          "The dual vector has "
              + evidence.dual().size()
              + " entries; the data have "
              + problem.n()
              + " rows.");
    }
    Finding finding =
        Verifier.lower(
            problem,
            evidence.dual().values(),
            evidence.scale(),
            Witnesses.fromMessage(evidence.plus()),
            Witnesses.fromMessage(evidence.minus()));
    if (finding instanceof Finding.Refuted refuted) {
      return new Outcome.Refuted(refuted.reason());
    }
    double proved = ((Finding.Proved) finding).value();
    return claimed <= proved
        ? new Outcome.Verified(claimed, evidence.rung())
        : new Outcome.Refuted(
            "It claims p* >= " + claimed + "; its evidence proves p* >= " + proved + ".");
  }

  private static Outcome upper(Problem problem, double claimed, NetworkWeights weights) {
    if (weights.d() != problem.d()) {
      return new Outcome.Refuted(
          "The network has " + weights.d() + " inputs; the data have " + problem.d() + " columns.");
    }
    Network network =
        new Network(weights.m(), weights.d(), weights.u().values(), weights.a().values());
    Finding finding = Verifier.upper(problem, network);
    if (finding instanceof Finding.Refuted refuted) {
      return new Outcome.Refuted(refuted.reason());
    }
    double proved = ((Finding.Proved) finding).value();
    return claimed >= proved
        ? new Outcome.Verified(claimed, null)
        : new Outcome.Refuted(
            "It claims p* <= " + claimed + "; its network proves p* <= " + proved + ".");
  }
}
