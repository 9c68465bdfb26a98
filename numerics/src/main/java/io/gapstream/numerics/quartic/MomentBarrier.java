package io.gapstream.numerics.quartic;

/**
 * {@code -log det M} of the moment matrix, with its derivatives: {@code -M^{-1}} by the entries,
 * and {@code M^{-1}_ik M^{-1}_jl} by the entries (i, j) and (k, l), each added up where entries are
 * the same moment.
 *
 * <p>Holds work space, so it is for one thread.
 */
final class MomentBarrier {

  private final Moments moments;
  private final int order;
  private final double[][] factor;
  private final double[][] inverse;

  MomentBarrier(Moments moments) {
    this.moments = moments;
    order = moments.order;
    factor = new double[order][order];
    inverse = new double[order][order];
  }

  /** {@code M^{-1}} after {@link #invert}. */
  double[][] inverse() {
    return inverse;
  }

  /**
   * The value, infinite when the matrix is not positive definite.
   *
   * @param full all moments. Not modified.
   */
  double value(double[] full) {
    for (int i = 0; i < order; i++) {
      for (int j = 0; j <= i; j++) {
        factor[i][j] = full[moments.entry[i][j]];
      }
    }
    if (!factorize(factor)) {
      return Double.POSITIVE_INFINITY;
    }
    double sum = 0;
    for (int i = 0; i < order; i++) {
      sum -= 2 * Math.log(factor[i][i]);
    }
    return sum;
  }

  /** Replaces the lower triangle by its Cholesky factor; false when there is none. */
  static boolean factorize(double[][] lower) {
    for (int i = 0; i < lower.length; i++) {
      double[] row = lower[i];
      for (int j = 0; j <= i; j++) {
        double[] other = lower[j];
        double sum = row[j];
        for (int k = 0; k < j; k++) {
          sum -= row[k] * other[k];
        }
        if (j < i) {
          row[j] = sum / other[j];
        } else if (sum > 0) {
          row[i] = Math.sqrt(sum);
        } else {
          return false;
        }
      }
    }
    return true;
  }

  /** Computes the inverse where {@link #value} was computed last and was finite. */
  void invert() {
    double[] column = new double[order];
    for (int c = 0; c < order; c++) {
      for (int i = c; i < order; i++) {
        double sum = i == c ? 1 : 0;
        for (int k = c; k < i; k++) {
          sum -= factor[i][k] * column[k];
        }
        column[i] = sum / factor[i][i];
      }
      for (int i = order - 1; i >= c; i--) {
        double sum = column[i];
        for (int k = i + 1; k < order; k++) {
          sum -= factor[k][i] * inverse[c][k];
        }
        inverse[c][i] = sum / factor[i][i];
        inverse[i][c] = inverse[c][i];
      }
    }
  }

  /**
   * Adds the derivatives by all moments, times a factor.
   *
   * @param gradient fullSize. Modified.
   */
  void addGradient(double times, double[] gradient) {
    for (int i = 0; i < order; i++) {
      for (int j = 0; j < order; j++) {
        gradient[moments.entry[i][j]] -= times * inverse[i][j];
      }
    }
  }

  /**
   * Adds the second derivatives by all moments, times a factor.
   *
   * @param hessian {@code fullSize x fullSize}. Modified.
   */
  void addHessian(double times, double[][] hessian) {
    for (int i = 0; i < order; i++) {
      double[] first = inverse[i];
      for (int j = 0; j <= i; j++) {
        double[] second = inverse[j];
        double[] to = hessian[moments.entry[i][j]];
        double factor = i == j ? times : 2 * times;
        for (int k = 0; k < order; k++) {
          double one = factor * first[k];
          double two = factor * second[k];
          int[] entries = moments.entry[k];
          for (int l = 0; l < k; l++) {
            to[entries[l]] += one * second[l] + two * first[l];
          }
          to[entries[k]] += one * second[k];
        }
      }
    }
  }

  /**
   * The Gram matrix after a Newton step, {@code mu (M^{-1} - M^{-1} dM M^{-1})}: positive
   * semidefinite near the central path, and there the slack of the dual.
   *
   * @param step all moments of the step. Not modified.
   */
  double[][] dual(double mu, double[] step) {
    double[][] half = new double[order][order];
    double[][] dual = new double[order][order];
    for (int i = 0; i < order; i++) {
      for (int k = 0; k < order; k++) {
        double factor = inverse[i][k];
        int[] entries = moments.entry[k];
        for (int j = 0; j < order; j++) {
          half[i][j] += factor * step[entries[j]];
        }
      }
    }
    for (int i = 0; i < order; i++) {
      for (int k = 0; k < order; k++) {
        double factor = half[i][k];
        for (int j = 0; j < order; j++) {
          dual[i][j] -= mu * factor * inverse[k][j];
        }
      }
      for (int j = 0; j < order; j++) {
        dual[i][j] += mu * inverse[i][j];
      }
    }
    return dual;
  }
}
