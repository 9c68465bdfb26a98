package io.gapstream.numerics.data;

import io.gapstream.numerics.RandomStream;
import org.apache.commons.rng.sampling.distribution.ContinuousSampler;

/**
 * Gaussian features with noise or planted-teacher labels; the same seed gives the same data.
 *
 * <p>The features, the teacher and the noise have random streams of their own: with the same shape
 * and seed both kinds of labels come with the same features, and another noise level with the same
 * teacher.
 */
public final class GaussianData {

  private GaussianData() {}

  /**
   * Standard Gaussian features and targets.
   *
   * @param n rows, from 1
   * @param d columns, from 1
   * @throws IllegalArgumentException if a number is out of range
   */
  public static Data noise(int n, int d, long seed) {
    Data.requireShape(n, d);
    return new Data(n, d, features(n, d, seed), gaussians(n, RandomStream.TARGETS, seed));
  }

  /**
   * Standard Gaussian features; targets {@code sum_j a_j (X u_j)_+ + noise * e} of a random network
   * with {@code u_j ~ N(0, I / d)} and {@code a_j = +1, -1, +1, ...}, and {@code e} standard
   * Gaussian. So every {@code x . u_j} has variance 1 given {@code u_j} of unit length, whatever d
   * is, and both signs are there from two neurons on.
   *
   * @param n rows, from 1
   * @param d columns, from 1
   * @param neurons of the teacher, from 1
   * @param noise standard deviation of the noise, finite, 0 or above
   * @throws IllegalArgumentException if a number is out of range
   */
  public static Data teacher(int n, int d, int neurons, double noise, long seed) {
    Data.requireShape(n, d);
    if (neurons < 1) {
      throw new IllegalArgumentException(
          "The teacher has " + neurons + " neurons; give it at least one.");
    }
    if (!(noise >= 0) || noise == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "The noise is " + noise + "; it must be a finite number, 0 or above.");
    }
    double[] x = features(n, d, seed);
    double[] y = gaussians(n, RandomStream.TARGETS, seed);
    for (int i = 0; i < n; i++) {
      y[i] *= noise;
    }
    ContinuousSampler gaussian = RandomStream.TEACHER.gaussian(seed);
    double scale = 1 / Math.sqrt(d);
    double[] u = new double[d];
    for (int j = 0; j < neurons; j++) {
      for (int k = 0; k < d; k++) {
        u[k] = gaussian.sample() * scale;
      }
      double a = j % 2 == 0 ? 1 : -1;
      for (int i = 0; i < n; i++) {
        double z = 0;
        for (int k = 0; k < d; k++) {
          z += x[i * d + k] * u[k];
        }
        y[i] += a * Math.max(z, 0);
      }
    }
    return new Data(n, d, x, y);
  }

  private static double[] features(int n, int d, long seed) {
    return gaussians(n * d, RandomStream.FEATURES, seed);
  }

  private static double[] gaussians(int length, RandomStream stream, long seed) {
    ContinuousSampler gaussian = stream.gaussian(seed);
    double[] values = new double[length];
    for (int i = 0; i < length; i++) {
      values[i] = gaussian.sample();
    }
    return values;
  }
}
