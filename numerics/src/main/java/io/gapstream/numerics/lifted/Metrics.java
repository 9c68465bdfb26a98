package io.gapstream.numerics.lifted;

import io.gapstream.numerics.Pace;

/** What the rungs need of a metric {@code S = W W'}; docs/mathematics.md, section 3.2. */
final class Metrics {

  private Metrics() {}

  /**
   * {@code ||S x_i||} for every row.
   *
   * @param x {@code n x d}, row-major. Not modified.
   * @param w {@code d x rank}, row-major. Not modified.
   */
  static double[] norms(int n, int d, double[] x, double[] w, Pace pace) {
    int rank = w.length / d;
    double[] result = new double[n];
    double[] product = new double[rank];
    for (int i = 0; i < n; i++) {
      pace.count(2L * rank * d);
      for (int j = 0; j < rank; j++) {
        double sum = 0;
        for (int k = 0; k < d; k++) {
          sum += w[k * rank + j] * x[i * d + k];
        }
        product[j] = sum;
      }
      double squares = 0;
      for (int k = 0; k < d; k++) {
        double sum = 0;
        for (int j = 0; j < rank; j++) {
          sum += w[k * rank + j] * product[j];
        }
        squares += sum * sum;
      }
      result[i] = Math.sqrt(squares);
    }
    return result;
  }

  /**
   * Adds {@code 1/2 (B S + S B)}.
   *
   * @param b {@code d x d}, symmetric. Not modified.
   * @param w {@code d x rank}, row-major. Not modified.
   * @param to {@code d x d}. Modified.
   */
  static void addSymmetricProduct(int d, double[] b, double[] w, double[] to, Pace pace) {
    int rank = w.length / d;
    double[] bw = new double[d * rank];
    for (int k = 0; k < d; k++) {
      pace.count((long) rank * d);
      for (int l = 0; l < d; l++) {
        for (int j = 0; j < rank; j++) {
          bw[k * rank + j] += b[k * d + l] * w[l * rank + j];
        }
      }
    }
    for (int k = 0; k < d; k++) {
      pace.count(2L * rank * d);
      for (int l = 0; l < d; l++) {
        double sum = 0;
        for (int j = 0; j < rank; j++) {
          sum += bw[k * rank + j] * w[l * rank + j] + w[k * rank + j] * bw[l * rank + j];
        }
        to[k * d + l] += 0.5 * sum;
      }
    }
  }
}
