package io.gapstream.numerics.data;

/** Gaussian features with noise or planted-teacher labels; the same seed gives the same data. */
public final class GaussianData {

  private GaussianData() {}

  /** Standard Gaussian features and targets. */
  public static Data noise(int n, int d, long seed) {
    throw new UnsupportedOperationException();
  }

  /** Standard Gaussian features; targets of a random network of this width plus Gaussian noise. */
  public static Data teacher(int n, int d, int neurons, double noise, long seed) {
    throw new UnsupportedOperationException();
  }
}
