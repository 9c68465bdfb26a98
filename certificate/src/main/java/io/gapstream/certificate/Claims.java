package io.gapstream.certificate;

import io.gapstream.contracts.LowerEvidence;
import io.gapstream.contracts.NetworkWeights;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.verify.Finding;
import io.gapstream.numerics.verify.Verifier;
import org.jspecify.annotations.Nullable;

/** Compares claims with what their evidence proves. No tolerance: both are exact doubles. */
public final class Claims {

  private Claims() {}

  /** Why the evidence does not prove {@code p* >= claimed}; null when it does. */
  public static @Nullable String whyNotAtLeast(
      Problem problem, double claimed, LowerEvidence evidence) {
    if (evidence.dual().size() != problem.n()) {
      return "The dual vector has "
          + evidence.dual().size()
          + " entries; the data have "
          + problem.n()
          + " rows.";
    }
    Finding finding =
        Verifier.lower(
            problem,
            evidence.dual().values(),
            evidence.scale(),
            Witnesses.fromMessage(evidence.plus()),
            Witnesses.fromMessage(evidence.minus()));
    if (finding instanceof Finding.Refuted refuted) {
      return refuted.reason();
    }
    double proved = ((Finding.Proved) finding).value();
    return claimed <= proved
        ? null
        : "It claims p* >= " + claimed + "; its evidence proves p* >= " + proved + ".";
  }

  /** Why the network does not prove {@code p* <= claimed}; null when it does. */
  public static @Nullable String whyNotAtMost(
      Problem problem, double claimed, NetworkWeights weights) {
    if (weights.d() != problem.d()) {
      return "The network has "
          + weights.d()
          + " inputs; the data have "
          + problem.d()
          + " columns.";
    }
    Network network =
        new Network(weights.m(), weights.d(), weights.u().values(), weights.a().values());
    Finding finding = Verifier.upper(problem, network);
    if (finding instanceof Finding.Refuted refuted) {
      return refuted.reason();
    }
    double proved = ((Finding.Proved) finding).value();
    return claimed >= proved
        ? null
        : "It claims p* <= " + claimed + "; its network proves p* <= " + proved + ".";
  }
}
