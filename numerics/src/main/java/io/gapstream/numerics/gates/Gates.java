package io.gapstream.numerics.gates;

/** Activation patterns of the rows of X, without duplicates. Immutable. */
public final class Gates {

  private Gates() {}

  /**
   * The distinct patterns {@code 1[X g >= 0]} of {@code samples} Gaussian vectors g.
   *
   * @param x {@code n x d}, row-major. Not modified.
   */
  public static Gates sample(int n, int d, double[] x, int samples, long seed) {
    throw new UnsupportedOperationException();
  }

  /** The number of distinct patterns. */
  public int count() {
    throw new UnsupportedOperationException();
  }
}
