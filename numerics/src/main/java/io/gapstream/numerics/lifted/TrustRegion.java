package io.gapstream.numerics.lifted;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;

/**
 * The best {@code lambda} of rung quadratic: minimises {@code lambda + 1/4 c'(lambda I - Q)^{-1} c}
 * over {@code lambda > lambda_max(Q), lambda >= 0}, the dual of a trust-region problem. Source:
 * More and Sorensen, Computing a trust region step, 1983.
 */
final class TrustRegion {

  private static final int MAX_ITERATIONS = 100;
  private static final double TOLERANCE = 1e-11;

  private final int d;
  private final double[] factor;

  TrustRegion(int d) {
    this.d = d;
    this.factor = new double[d * d];
  }

  /**
   * @param lambda at least the minimiser, with {@code lambda I - Q} positive definite
   * @param value of the function there
   */
  record Minimum(double lambda, double value) {}

  /**
   * Minimises.
   *
   * @param q {@code d x d}, symmetric. Not modified.
   * @param c d. Not modified.
   * @throws io.gapstream.numerics.TimeUpException if the deadline's grace ends first
   */
  Minimum minimize(double[] q, double[] c, Deadline deadline) {
    Pace pace = new Pace(deadline);
    double low = 0;
    double size = 0;
    for (int k = 0; k < d; k++) {
      double row = 0;
      for (int l = 0; l < d; l++) {
        row += Math.abs(q[k * d + l]);
      }
      size = Math.max(size, row);
      low = Math.max(low, q[k * d + k]);
    }
    double cNorm = norm(c);
    double high = size + 0.5 * cNorm;
    if (high == 0) {
      return new Minimum(Double.MIN_NORMAL, Double.MIN_NORMAL);
    }
    high *= 1 + 1e-12;
    double lambda = Math.max(low, Math.min(high, 0.5 * cNorm));
    double[] p = new double[d];
    for (int i = 0; i < MAX_ITERATIONS && high - low > TOLERANCE * high; i++) {
      if (!factorize(q, lambda, pace)) {
        low = lambda;
        lambda = 0.5 * (low + high);
        continue;
      }
      solveLower(c, p);
      solveUpper(p);
      double length = 0.5 * norm(p);
      if (length > 1) {
        low = lambda;
      } else {
        high = lambda;
      }
      solveLower(p, p);
      double slope = 0.5 * norm(p);
      double step = slope == 0 ? 0 : length / slope * (length / slope) * (length - 1);
      double newton = lambda + step;
      lambda =
          newton > low + 1e-3 * (high - low) && newton < high - 1e-3 * (high - low)
              ? newton
              : 0.5 * (low + high);
    }
    // A margin makes the proof of positive definiteness easy and costs at most as much.
    double chosen = high * (1 + 1e-8);
    if (!factorize(q, chosen, pace)) {
      return new Minimum(chosen, Double.POSITIVE_INFINITY);
    }
    solveLower(c, p);
    double root = norm(p);
    return new Minimum(chosen, chosen + 0.25 * root * root);
  }

  /** The lower Cholesky factor of {@code lambda I - Q}; false when there is none. */
  private boolean factorize(double[] q, double lambda, Pace pace) {
    for (int j = 0; j < d; j++) {
      double pivot = lambda - q[j * d + j];
      for (int k = 0; k < j; k++) {
        pivot -= factor[j * d + k] * factor[j * d + k];
      }
      if (!(pivot > 0)) {
        return false;
      }
      double root = Math.sqrt(pivot);
      factor[j * d + j] = root;
      pace.count((long) (d - j) * j);
      for (int i = j + 1; i < d; i++) {
        double sum = -q[i * d + j];
        for (int k = 0; k < j; k++) {
          sum -= factor[i * d + k] * factor[j * d + k];
        }
        factor[i * d + j] = sum / root;
      }
    }
    return true;
  }

  private void solveLower(double[] b, double[] out) {
    for (int k = 0; k < d; k++) {
      double sum = b[k];
      for (int j = 0; j < k; j++) {
        sum -= factor[k * d + j] * out[j];
      }
      out[k] = sum / factor[k * d + k];
    }
  }

  private void solveUpper(double[] b) {
    for (int k = d - 1; k >= 0; k--) {
      double sum = b[k];
      for (int j = k + 1; j < d; j++) {
        sum -= factor[j * d + k] * b[j];
      }
      b[k] = sum / factor[k * d + k];
    }
  }

  private static double norm(double[] vector) {
    double sum = 0;
    for (double entry : vector) {
      sum += entry * entry;
    }
    return Math.sqrt(sum);
  }
}
