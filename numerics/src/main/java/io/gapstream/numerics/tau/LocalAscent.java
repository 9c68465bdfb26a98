package io.gapstream.numerics.tau;

/** {@code tau(nu)} from below, by local ascent; docs/mathematics.md, sections 3 and 3.1. */
public final class LocalAscent {

  private LocalAscent() {}

  /**
   * beta_max as far as local ascent finds it: {@code tau(y)} from below, deterministic.
   *
   * @param x {@code n x d}, row-major. Not modified.
   * @param y n. Not modified.
   */
  public static double betaMax(int n, int d, double[] x, double[] y) {
    throw new UnsupportedOperationException();
  }
}
