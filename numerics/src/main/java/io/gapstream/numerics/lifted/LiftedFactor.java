package io.gapstream.numerics.lifted;

import java.util.Arrays;

/**
 * One of the two matrices of the lifted relaxation, factored: with {@code W} in {@code R^{d x r}}
 * and a number e,
 *
 * <pre>U = W W',  t = ||W||^2 + e^2,  u = sqrt(t) W_1,</pre>
 *
 * where {@code W_1} is the first column. Then {@code [[U, u], [u', t]]} is positive semidefinite
 * with {@code tr U <= t}, and every such matrix of rank at most r has this form up to a rotation.
 * For each row {@code x_i}, of norm {@code r_i}, it bounds what {@code sum_j |a_j| (x_i . u_j)_+}
 * can be for a network with these moments, from above and from below:
 *
 * <pre>upper_i = 1/2 x_i.u + 1/2 sqrt(t x_i'Ux_i)
 * lower_i = 1/2 x_i.u + 1/2 max(|x_i.u|, x_i'Ux_i / r_i)</pre>
 *
 * <p>Square root and maximum are smoothed by a width that shrinks with t, so that everything is
 * homogeneous of degree two in (W, e).
 *
 * <p>Holds work space, so it is for one thread.
 */
final class LiftedFactor {

  /** Smooths the square root; also the least {@code mu_i / r_i}. */
  private static final double ROOT_WIDTH = 1e-6;

  /** Keeps square roots of t differentiable where the factor vanishes. */
  private static final double LEAST_T = 1e-280;

  private final int n;
  private final int d;
  private final int rank;
  private final double[] x;
  private final double[] norms;

  private final double[][] products; // X W, n rows of length rank
  private final double[][] weights; // W, d rows of length rank
  private final double[][] gradients; // d rows of length rank
  private final double[] rowGradient;
  private final double[] root;
  private final double[] max;
  private final double[] theta;
  private final double[] sigma;
  private final double[] maxByT;
  private double t;

  final double[] upper;
  final double[] lower;

  LiftedFactor(int n, int d, int rank, double[] x, double[] norms) {
    this.n = n;
    this.d = d;
    this.rank = rank;
    this.x = x;
    this.norms = norms;
    products = new double[n][rank];
    weights = new double[d][rank];
    gradients = new double[d][rank];
    rowGradient = new double[rank];
    root = new double[n];
    max = new double[n];
    theta = new double[n];
    sigma = new double[n];
    maxByT = new double[n];
    upper = new double[n];
    lower = new double[n];
  }

  /** Numbers in a point: W row by row, then e. */
  int size() {
    return d * rank + 1;
  }

  /** {@code t} at the last point. */
  double t() {
    return t;
  }

  /** The multiplier {@code mu_i} of rung quadratic that the last point suggests. */
  double mu(int row) {
    return Math.max(root[row] / t, Double.MIN_NORMAL);
  }

  /** The multiplier {@code theta_i} that the last point suggests. */
  double theta(int row) {
    return theta[row];
  }

  /** The multiplier {@code sigma_i} that the last point suggests. */
  double sigma(int row) {
    return sigma[row];
  }

  /**
   * Computes {@code upper} and {@code lower}.
   *
   * @param point holds W and e from offset on. Not modified.
   * @param width smooths the maximum, relative to {@code r_i t}
   */
  void forward(double[] point, int offset, double width) {
    double squares = LEAST_T;
    for (int k = 0; k < size(); k++) {
      squares += point[offset + k] * point[offset + k];
    }
    t = squares;
    double rootT = Math.sqrt(t);
    for (int k = 0; k < d; k++) {
      System.arraycopy(point, offset + k * rank, weights[k], 0, rank);
    }
    for (int i = 0; i < n; i++) {
      double[] product = products[i];
      Arrays.fill(product, 0);
      for (int k = 0; k < d; k++) {
        axpy(x[i * d + k], weights[k], product);
      }
      double q = 0;
      for (double value : product) {
        q += value * value;
      }
      double r = norms[i];
      double linear = rootT * product[0];
      double rootWidth = ROOT_WIDTH * r * t;
      root[i] = Math.sqrt(t * q + rootWidth * rootWidth);
      if (r == 0) {
        max[i] = 0;
        theta[i] = 0;
        sigma[i] = 0;
        maxByT[i] = 0;
      } else {
        double delta = width * r * t;
        double magnitude = Math.sqrt(linear * linear + delta * delta);
        double curved = q / r;
        double difference = magnitude - curved;
        double spread = Math.sqrt(difference * difference + delta * delta);
        max[i] = 0.5 * (magnitude + curved + spread);
        theta[i] = Math.min(1, Math.max(0, 0.5 * (1 - difference / spread)));
        sigma[i] = linear / magnitude;
        maxByT[i] = width * r * (0.5 * delta / spread + (1 - theta[i]) * delta / magnitude);
      }
      upper[i] = 0.5 * (linear + root[i]);
      lower[i] = 0.5 * (linear + max[i]);
    }
  }

  /**
   * Adds {@code sum_i (byUpper_i d upper_i + byLower_i d lower_i) + byT dt} to a gradient.
   *
   * @param gradient receives the derivatives by W and e from offset on. Modified.
   */
  void backward(
      double[] byUpper,
      double[] byLower,
      double byT,
      double[] point,
      int offset,
      double[] gradient) {
    for (double[] row : gradients) {
      Arrays.fill(row, 0);
    }
    double rootT = Math.sqrt(t);
    double allByT = byT;
    for (int i = 0; i < n; i++) {
      double up = 0.5 * byUpper[i];
      double low = 0.5 * byLower[i];
      if (up == 0 && low == 0 || norms[i] == 0) {
        continue;
      }
      double[] product = products[i];
      double r = norms[i];
      double byLinear = up + low * (1 + (1 - theta[i]) * sigma[i]);
      double byQ = up * t / (2 * root[i]) + low * theta[i] / r;
      double q = 0;
      for (double value : product) {
        q += value * value;
      }
      allByT +=
          byLinear * product[0] / (2 * rootT)
              + up * (q + 2 * ROOT_WIDTH * ROOT_WIDTH * r * r * t) / (2 * root[i])
              + low * maxByT[i];
      for (int j = 0; j < rank; j++) {
        rowGradient[j] = 2 * byQ * product[j];
      }
      rowGradient[0] += byLinear * rootT;
      for (int k = 0; k < d; k++) {
        axpy(x[i * d + k], rowGradient, gradients[k]);
      }
    }
    for (int k = 0; k < d; k++) {
      for (int j = 0; j < rank; j++) {
        gradient[offset + k * rank + j] +=
            gradients[k][j] + 2 * allByT * point[offset + k * rank + j];
      }
    }
    gradient[offset + d * rank] += 2 * allByT * point[offset + d * rank];
  }

  private static void axpy(double factor, double[] from, double[] to) {
    for (int j = 0; j < to.length; j++) {
      to[j] += factor * from[j];
    }
  }
}
