package io.gapstream.numerics.verify;

import io.gapstream.numerics.bound.Witness;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Problem;

/**
 * Derives what the evidence for a bound proves, with rigorous rounding. Never throws on evidence.
 */
public final class Verifier {

  private Verifier() {}

  /**
   * The largest lower bound on {@code p*} that the evidence proves.
   *
   * @param dual {@code nu}, n. Not modified.
   * @param scale {@code s}, 0 or above
   */
  public static Finding lower(
      Problem problem, double[] dual, double scale, Witness plus, Witness minus) {
    throw new UnsupportedOperationException();
  }

  /** The smallest upper bound on {@code p*} that the network proves: (P) at it, rounded up. */
  public static Finding upper(Problem problem, Network network) {
    throw new UnsupportedOperationException();
  }
}
