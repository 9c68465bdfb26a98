package io.gapstream.numerics.exact;

/**
 * The rows of {@code g(u) = sum_i nu_i (x_i . u)_+}, parted by the sign of {@code nu_i}: {@code g =
 * g_+ - g_-} with convex parts {@code g_+} and {@code g_-}. Columns are stored one after the other,
 * so that loops run over rows.
 */
final class SignedRows {

  final int d;
  private final int positiveCount;
  private final int negativeCount;

  /** Column k of the rows with {@code nu_i > 0}. */
  private final double[][] positive;

  private final double[] positiveWeights;

  /** Column k of the rows with {@code nu_i < 0}. */
  private final double[][] negative;

  /** Row-major {@code |nu_i| x_i} of the rows with {@code nu_i < 0}. */
  private final double[] weighted;

  /**
   * @param x {@code n x d}, row-major. Not modified.
   * @param nu n, with its sign. Not modified.
   */
  SignedRows(int n, int d, double[] x, double[] nu) {
    this.d = d;
    int above = 0;
    int below = 0;
    for (double entry : nu) {
      above += entry > 0 ? 1 : 0;
      below += entry < 0 ? 1 : 0;
    }
    positiveCount = above;
    negativeCount = below;
    positive = new double[d][above];
    positiveWeights = new double[above];
    negative = new double[d][below];
    weighted = new double[below * d];
    int p = 0;
    int q = 0;
    for (int i = 0; i < n; i++) {
      if (nu[i] > 0) {
        positiveWeights[p] = nu[i];
        for (int k = 0; k < d; k++) {
          positive[k][p] = x[i * d + k];
        }
        p++;
      } else if (nu[i] < 0) {
        for (int k = 0; k < d; k++) {
          negative[k][q] = x[i * d + k];
          weighted[q * d + k] = -nu[i] * x[i * d + k];
        }
        q++;
      }
    }
  }

  /** {@code sum_i |nu_i| ||x_i||}, which no value of {@code g} exceeds. */
  double total() {
    double total = 0;
    for (int i = 0; i < positiveCount; i++) {
      total += positiveWeights[i] * norm(positive, i);
    }
    for (int i = 0; i < negativeCount; i++) {
      double squares = 0;
      for (int k = 0; k < d; k++) {
        squares += weighted[i * d + k] * weighted[i * d + k];
      }
      total += Math.sqrt(squares);
    }
    return total;
  }

  private static double norm(double[][] columns, int row) {
    double squares = 0;
    for (double[] column : columns) {
      squares += column[row] * column[row];
    }
    return Math.sqrt(squares);
  }

  /** Rows with a sign. */
  int count() {
    return positiveCount + negativeCount;
  }

  /** Room that {@link #positivePart} and {@link #negativeGradient} need. */
  double[] work() {
    return new double[Math.max(positiveCount, negativeCount)];
  }

  /**
   * {@code g_+(u)}.
   *
   * @param u d. Not modified.
   * @param work from {@link #work()}. Modified.
   */
  double positivePart(double[] u, double[] work) {
    multiply(positive, positiveCount, u, work);
    double even = 0;
    double odd = 0;
    int i = 0;
    for (; i + 1 < positiveCount; i += 2) {
      even += positiveWeights[i] * Math.max(work[i], 0);
      odd += positiveWeights[i + 1] * Math.max(work[i + 1], 0);
    }
    if (i < positiveCount) {
      even += positiveWeights[i] * Math.max(work[i], 0);
    }
    return even + odd;
  }

  /**
   * {@code sum |nu_i| x_i} over the rows of {@code g_-} that are active at u: a subgradient there.
   * Whether a row is active is decided by the sign of its product, summed column by column with
   * every operation rounded on its own, as the verifier does.
   *
   * @param u d. Not modified.
   * @param gradient d. Modified.
   * @param work from {@link #work()}. Modified.
   */
  void negativeGradient(double[] u, double[] gradient, double[] work) {
    multiply(negative, negativeCount, u, work);
    for (int k = 0; k < d; k++) {
      gradient[k] = 0;
    }
    for (int i = 0; i < negativeCount; i++) {
      if (work[i] > 0) {
        for (int k = 0; k < d; k++) {
          gradient[k] += weighted[i * d + k];
        }
      }
    }
  }

  private static void multiply(double[][] columns, int count, double[] u, double[] out) {
    double first = u[0];
    double[] start = columns[0];
    for (int i = 0; i < count; i++) {
      out[i] = start[i] * first;
    }
    for (int k = 1; k < u.length; k++) {
      double factor = u[k];
      double[] column = columns[k];
      for (int i = 0; i < count; i++) {
        out[i] += column[i] * factor;
      }
    }
  }
}
