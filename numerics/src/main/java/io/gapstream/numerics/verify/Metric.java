package io.gapstream.numerics.verify;

import io.gapstream.numerics.Pace;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A symmetric matrix {@code S = W W'} that a witness brings, or the identity. The entries of W lie
 * below 2 in magnitude: a multiple of S gives the same bound.
 */
final class Metric {

  private final int d;
  private final int rank;

  /** W, {@code d x rank}, row-major; empty for the identity. */
  private final double[] w;

  private final double size;

  private Metric(int d, double[] w) {
    this.d = d;
    this.rank = w.length / d;
    this.w = w;
    double norm = w.length == 0 ? 1 : Rounding.normUp(w);
    this.size = Rounding.multiplyUp(norm, norm);
  }

  /**
   * The metric of a witness, up to a power of two and what dividing by it rounds: every S serves.
   * Null when there is not a row of finite numbers for each column.
   *
   * @param witness Not modified.
   */
  static @Nullable Metric of(double[] witness, int d) {
    double largest = 0;
    for (double entry : witness) {
      if (!Double.isFinite(entry)) {
        return null;
      }
      largest = Math.max(largest, Math.abs(entry));
    }
    if (witness.length % d != 0) {
      return null;
    }
    double[] w = witness.clone();
    for (int k = 0; k < w.length && largest > 0; k++) {
      w[k] = Math.scalb(w[k], -Math.getExponent(largest));
    }
    return new Metric(d, w);
  }

  /** At least {@code ||W||_F^2}, and so at least {@code ||S||}. */
  double size() {
    return size;
  }

  /** The number of terms in the sums that {@link #times} takes for one entry. */
  int depth() {
    return d + rank;
  }

  /**
   * At least {@code ||S x_i||} for every row. With {@code p = W'x} the computed p and W p are off
   * by at most {@code gamma_d |W|'|x|} and {@code gamma_rank |W||p|}, so what is computed of W W'x
   * is off by at most {@code (gamma_d + gamma_rank) ||W||_F^2 ||x||} and terms of second order.
   *
   * @param x n rows of length d. Not modified.
   * @param norms at least {@code ||x_i||}. Not modified.
   */
  double[] normsUp(double[] x, double[] norms, Pace pace) {
    if (w.length == 0) {
      return norms;
    }
    double relative = Rounding.multiplyUp(Rounding.gamma(d + rank + 8L), size);
    double[] result = new double[norms.length];
    double[] p = new double[rank];
    double[] image = new double[d];
    for (int i = 0; i < norms.length; i++) {
      pace.count(2L * d * rank);
      Arrays.fill(p, 0);
      for (int k = 0; k < d; k++) {
        for (int j = 0; j < rank; j++) {
          p[j] += w[k * rank + j] * x[i * d + k];
        }
      }
      for (int k = 0; k < d; k++) {
        double sum = 0;
        for (int j = 0; j < rank; j++) {
          sum += w[k * rank + j] * p[j];
        }
        image[k] = sum;
      }
      double error =
          Rounding.addUp(Rounding.multiplyUp(relative, norms[i]), QuadraticRung.UNDERFLOW);
      result[i] = Rounding.addUp(Rounding.normUp(image), error);
    }
    return result;
  }

  /**
   * {@code B S = (B W) W'}, {@code d x d}. Each entry is off by at most {@code gamma_depth} times
   * that of {@code |B| |W| |W|'}.
   *
   * @param b {@code d x d}. Not modified.
   */
  double[] times(double[] b, Pace pace) {
    if (w.length == 0) {
      return b;
    }
    double[] bw = new double[d * rank];
    double[] product = new double[d * d];
    for (int k = 0; k < d; k++) {
      pace.count(2L * d * rank);
      for (int l = 0; l < d; l++) {
        for (int j = 0; j < rank; j++) {
          bw[k * rank + j] += b[k * d + l] * w[l * rank + j];
        }
      }
      for (int l = 0; l < d; l++) {
        double sum = 0;
        for (int j = 0; j < rank; j++) {
          sum += bw[k * rank + j] * w[l * rank + j];
        }
        product[k * d + l] = sum;
      }
    }
    return product;
  }
}
