package io.gapstream.certificate;

import io.gapstream.contracts.InvalidMessageException;
import io.gapstream.contracts.LowerEvidence;
import io.gapstream.contracts.NetworkWeights;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.verify.Finding;
import io.gapstream.numerics.verify.Verifier;
import org.jspecify.annotations.Nullable;

/**
 * Compares claims with what their evidence proves. No tolerance: both are exact doubles. What is
 * accepted here can be written to a certificate file, and is accepted from there.
 */
public final class Claims {

  private Claims() {}

  /** What {@link #whyNotAtLeast} takes, if the evidence fits the data; it ends at once if not. */
  public static Work workAtLeast(Problem problem, double claimed, LowerEvidence evidence) {
    return Work.ofLower(problem.n(), problem.d(), claimed, evidence);
  }

  /** What {@link #whyNotAtMost} takes. */
  public static Work workAtMost(Problem problem, NetworkWeights weights) {
    return Work.ofUpper(problem.n(), weights);
  }

  /**
   * Why the evidence does not prove {@code p* >= claimed}; null when it does. A claim of 0 or below
   * needs evidence of the right shape, of which nothing more is asked.
   */
  public static @Nullable String whyNotAtLeast(
      Problem problem, double claimed, LowerEvidence evidence) {
    try {
      evidence.requireFits(problem.n(), problem.d());
    } catch (InvalidMessageException e) {
      return e.getMessage();
    }
    if (claimed <= 0) {
      return null; // (P) is a sum of squares
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
