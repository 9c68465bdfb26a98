package io.gapstream.numerics.cone;

import io.gapstream.numerics.Pace;

/** Solves small positive definite systems in place. */
final class Cholesky {

  /** Added to the diagonal relative to its largest entry, for matrices singular up to rounding. */
  private static final double RIDGE = 1e-15;

  private Cholesky() {}

  /**
   * Solves {@code A s = b}.
   *
   * @param a {@code d x d}, row-major; only the lower triangle is read. Modified: its factor.
   * @param b d. Modified: the solution.
   * @param pace of whoever waits for it
   * @return whether A is positive definite up to a relative ridge and the solution finite
   */
  static boolean solve(int d, double[] a, double[] b, Pace pace) {
    double largest = 0;
    for (int k = 0; k < d; k++) {
      largest = Math.max(largest, a[k * d + k]);
    }
    for (int j = 0; j < d; j++) {
      pace.count((long) (d - j) * j);
      for (int i = j; i < d; i++) {
        double sum = a[i * d + j];
        if (i == j) {
          sum += RIDGE * largest;
        }
        for (int k = 0; k < j; k++) {
          sum -= a[i * d + k] * a[j * d + k];
        }
        if (i == j) {
          if (!(sum > 0)) {
            return false;
          }
          a[j * d + j] = Math.sqrt(sum);
        } else {
          a[i * d + j] = sum / a[j * d + j];
        }
      }
    }
    for (int i = 0; i < d; i++) {
      for (int k = 0; k < i; k++) {
        b[i] -= a[i * d + k] * b[k];
      }
      b[i] /= a[i * d + i];
    }
    boolean finite = true;
    for (int i = d - 1; i >= 0; i--) {
      for (int k = i + 1; k < d; k++) {
        b[i] -= a[k * d + i] * b[k];
      }
      b[i] /= a[i * d + i];
      finite &= Double.isFinite(b[i]);
    }
    return finite;
  }
}
