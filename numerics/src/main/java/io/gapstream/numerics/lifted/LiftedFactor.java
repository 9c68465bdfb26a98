package io.gapstream.numerics.lifted;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;
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
 * lower_i = 1/2 x_i.u + 1/2 max(|x_i.u|, ||U x_i||)</pre>
 *
 * <p>Square root, norm and maximum are smoothed by a width that shrinks with t, so that everything
 * is homogeneous of degree two in (W, e). {@code U x_i} itself is never formed: with {@code p =
 * W'x_i} and {@code K = W'W}, {@code ||U x_i||^2 = p'Kp}.
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

  private final double[][] products; // P = X W, n rows of length rank
  private final double[][] images; // P K, n rows of length rank
  private final double[][] gram; // K = W'W, rank rows of length rank
  private final double[][] normGradients; // rank rows of length rank
  private final double[][] weights; // W, d rows of length rank
  private final double[][] gradients; // d rows of length rank
  private final double[] rowGradient;
  private final double[] root;
  private final double[] max;
  private final double[] theta;
  private final double[] sigma;
  private final double[] norm;
  private final double[] maxByT;
  private final Pace pace;
  private double t;

  /** {@code x_i . u}, n. */
  final double[] linear;

  /**
   * @param deadline ends whatever takes long once its grace is over
   */
  LiftedFactor(int n, int d, int rank, double[] x, double[] norms, Deadline deadline) {
    this.pace = new Pace(deadline);
    this.n = n;
    this.d = d;
    this.rank = rank;
    this.x = x;
    this.norms = norms;
    products = new double[n][rank];
    images = new double[n][rank];
    gram = new double[rank][rank];
    normGradients = new double[rank][rank];
    weights = new double[d][rank];
    gradients = new double[d][rank];
    rowGradient = new double[rank];
    root = new double[n];
    max = new double[n];
    theta = new double[n];
    sigma = new double[n];
    norm = new double[n];
    maxByT = new double[n];
    linear = new double[n];
  }

  /** Numbers in a point: W row by row, then e. */
  int size() {
    return d * rank + 1;
  }

  /** {@code t} at the last point. */
  double t() {
    return t;
  }

  /** {@code upper_i} at the last point. */
  double upper(int row) {
    return 0.5 * (linear[row] + root[row]);
  }

  /** {@code lower_i} at the last point. */
  double lower(int row) {
    return 0.5 * (linear[row] + max[row]);
  }

  /** {@code max(|x_i.u|, ||U x_i||)} at the last point. */
  double max(int row) {
    return max[row];
  }

  /** {@code W'x_i} at the last point. Not to be modified. */
  double[] product(int row) {
    return products[row];
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

  /** W at the last point, {@code d x rank}, row-major: the metric that it suggests. */
  double[] metric() {
    double[] metric = new double[d * rank];
    for (int k = 0; k < d; k++) {
      System.arraycopy(weights[k], 0, metric, k * rank, rank);
    }
    return metric;
  }

  /**
   * Moves to a point.
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
    for (double[] row : gram) {
      Arrays.fill(row, 0);
    }
    for (double[] row : weights) {
      addOuter(1, row, gram);
    }
    for (int i = 0; i < n; i++) {
      pace.count((long) rank * (d + rank));
      double[] product = products[i];
      Arrays.fill(product, 0);
      for (int k = 0; k < d; k++) {
        axpy(x[i * d + k], weights[k], product);
      }
      double[] image = images[i];
      Arrays.fill(image, 0);
      for (int j = 0; j < rank; j++) {
        axpy(product[j], gram[j], image);
      }
      double q = dot(product, product);
      double r = norms[i];
      double linear = rootT * product[0];
      this.linear[i] = linear;
      double rootWidth = ROOT_WIDTH * r * t;
      root[i] = Math.sqrt(t * q + rootWidth * rootWidth);
      if (r == 0) {
        max[i] = 0;
        theta[i] = 0;
        sigma[i] = 0;
        norm[i] = 0;
        maxByT[i] = 0;
      } else {
        double delta = width * r * t;
        double magnitude = Math.sqrt(linear * linear + delta * delta);
        norm[i] = Math.sqrt(Math.max(0, dot(product, image)) + delta * delta);
        double difference = magnitude - norm[i];
        double spread = Math.sqrt(difference * difference + delta * delta);
        max[i] = 0.5 * (magnitude + norm[i] + spread);
        theta[i] = Math.min(1, Math.max(0, 0.5 * (1 - difference / spread)));
        sigma[i] = linear / magnitude;
        maxByT[i] =
            width * r * delta * (0.5 / spread + (1 - theta[i]) / magnitude + theta[i] / norm[i]);
      }
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
    clearGradients();
    double allByT = byT;
    for (int i = 0; i < n; i++) {
      double up = 0.5 * byUpper[i];
      double low = 0.5 * byLower[i];
      if ((up != 0 || low != 0) && norms[i] != 0) {
        double q = dot(products[i], products[i]);
        double r = norms[i];
        double byQ = up * t / (2 * root[i]);
        for (int j = 0; j < rank; j++) {
          rowGradient[j] = 2 * byQ * products[i][j];
        }
        allByT += up * (q + 2 * ROOT_WIDTH * ROOT_WIDTH * r * r * t) / (2 * root[i]);
        allByT += addRow(i, up + low, low);
      }
    }
    addGradients(allByT, point, offset, gradient);
  }

  /**
   * Adds {@code sum_i (byLinear_i d linear_i + byMax_i d max_i + byProduct_i . d W'x_i) + byT dt}
   * to a gradient.
   *
   * @param gradient receives the derivatives by W and e from offset on. Modified.
   */
  void backward(
      double[] byLinear,
      double[] byMax,
      double[][] byProduct,
      double byT,
      double[] point,
      int offset,
      double[] gradient) {
    clearGradients();
    double allByT = byT;
    for (int i = 0; i < n; i++) {
      if (norms[i] != 0) {
        System.arraycopy(byProduct[i], 0, rowGradient, 0, rank);
        allByT += addRow(i, byLinear[i], byMax[i]);
      }
    }
    addGradients(allByT, point, offset, gradient);
  }

  private void clearGradients() {
    for (double[] row : gradients) {
      Arrays.fill(row, 0);
    }
    for (double[] row : normGradients) {
      Arrays.fill(row, 0);
    }
  }

  /**
   * Adds the derivatives of row i's linear part and maximum to those by {@code W'x_i}, which {@code
   * rowGradient} holds, and carries them on to W.
   *
   * @return the derivative by t
   */
  private double addRow(int i, double byLinearPart, double byMax) {
    pace.count((long) rank * (d + rank));
    double rootT = Math.sqrt(t);
    double[] product = products[i];
    double byLinear = byLinearPart + byMax * (1 - theta[i]) * sigma[i];
    rowGradient[0] += byLinear * rootT;
    if (byMax != 0) {
      double byNormSquared = byMax * theta[i] / (2 * norm[i]);
      axpy(2 * byNormSquared, images[i], rowGradient);
      addOuter(2 * byNormSquared, product, normGradients); // p'Kp by K, and K by W
    }
    for (int k = 0; k < d; k++) {
      axpy(x[i * d + k], rowGradient, gradients[k]);
    }
    return byLinear * product[0] / (2 * rootT) + byMax * maxByT[i];
  }

  private void addGradients(double byT, double[] point, int offset, double[] gradient) {
    for (int k = 0; k < d; k++) {
      for (int j = 0; j < rank; j++) {
        axpy(weights[k][j], normGradients[j], gradients[k]);
      }
    }
    for (int k = 0; k < d; k++) {
      for (int j = 0; j < rank; j++) {
        gradient[offset + k * rank + j] += gradients[k][j] + 2 * byT * point[offset + k * rank + j];
      }
    }
    gradient[offset + d * rank] += 2 * byT * point[offset + d * rank];
  }

  /** Adds {@code factor v v'}. */
  private static void addOuter(double factor, double[] v, double[][] to) {
    for (int j = 0; j < v.length; j++) {
      axpy(factor * v[j], v, to[j]);
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  private static void axpy(double factor, double[] from, double[] to) {
    for (int j = 0; j < to.length; j++) {
      to[j] += factor * from[j];
    }
  }
}
