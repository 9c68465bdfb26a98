package io.gapstream.numerics.exact;

import java.util.Arrays;

/** The definition, in plain loops. */
final class PlainRows extends SignedRows {

  PlainRows(int n, int d, double[] x, double[] nu) {
    super(n, d, x, nu);
  }

  @Override
  double positivePart(double[] u, double[] work) {
    multiply(positive, positiveCount, u, work);
    double sum = 0;
    for (int i = 0; i < positiveCount; i++) {
      sum += Math.max(work[i], 0);
    }
    return sum;
  }

  @Override
  void negativeGradient(double[] u, double[] gradient, double[] work) {
    multiply(negative, negativeCount, u, work);
    for (int k = 0; k < d; k++) {
      double[] column = weighted[k];
      double sum = 0;
      for (int i = 0; i < negativeCount; i++) {
        sum += work[i] > 0 ? column[i] : 0;
      }
      gradient[k] = sum;
    }
  }

  private static void multiply(double[][] columns, int count, double[] u, double[] out) {
    Arrays.fill(out, 0, count, 0);
    for (int k = 0; k < u.length; k++) {
      double factor = u[k];
      double[] column = columns[k];
      for (int i = 0; i < count; i++) {
        out[i] += column[i] * factor;
      }
    }
  }
}
