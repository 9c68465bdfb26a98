package io.gapstream.servicekit;

import java.util.Random;

/**
 * Data of a permitted shape, to try what every job must be able to bear.
 *
 * @param n rows
 * @param d columns
 * @param kind of the numbers
 */
public record DataShape(int n, int d, Kind kind) {

  /** What the numbers are like. */
  public enum Kind {
    /** Independent Gaussians, and a target of one hidden neuron with noise. */
    GAUSSIAN,
    /** The same columns again and again, up to their scale. */
    RANK_DEFICIENT,
    /** One number everywhere but for the last digits. */
    NEARLY_CONSTANT,
    /** Zero but for a few entries. */
    SPARSE
  }

  /** X, {@code n x d}, row-major. */
  public double[] x() {
    Random random = new Random(5);
    double[] x = new double[n * d];
    for (int i = 0; i < n; i++) {
      double first = random.nextGaussian();
      double second = random.nextGaussian();
      for (int k = 0; k < d; k++) {
        x[i * d + k] =
            switch (kind) {
              case GAUSSIAN -> random.nextGaussian();
              case RANK_DEFICIENT -> (1 + k) * (k % 2 == 0 ? first : second) / d;
              case NEARLY_CONSTANT -> 1 + 1e-9 * random.nextGaussian();
              case SPARSE -> random.nextInt(50) == 0 ? random.nextGaussian() : 0;
            };
      }
    }
    return x;
  }

  /** y, n, for some X of this shape. */
  public double[] y(double[] x) {
    Random random = new Random(6);
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      y[i] = 2 * Math.max(x[i * d], 0) + 0.3 * random.nextGaussian();
    }
    return y;
  }

  @Override
  public String toString() {
    return n + " x " + d + " " + kind;
  }
}
