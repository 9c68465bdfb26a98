package io.gapstream.numerics.exact;

import io.gapstream.numerics.kernels.VectorUnit;

/**
 * The rows of {@code g(u) = sum_i nu_i (x_i . u)_+}, parted by the sign of {@code nu_i}: {@code g =
 * g_+ - g_-} with convex parts {@code g_+} and {@code g_-}. Columns are stored one after the other,
 * so that loops run over rows, and are filled up with zeros to a whole number of vectors.
 */
abstract class SignedRows {

  /** Rows are filled up to a multiple of the longest vector there is. */
  private static final int LANES = 8;

  final int d;

  /** Column k of {@code nu_i x_i} over the rows with {@code nu_i > 0}. */
  final double[][] positive;

  /** Column k of {@code x_i} over the rows with {@code nu_i < 0}. */
  final double[][] negative;

  /** Column k of {@code |nu_i| x_i} over the rows with {@code nu_i < 0}. */
  final double[][] weighted;

  final int positiveCount;
  final int negativeCount;
  private final int count;
  private final double total;

  SignedRows(int n, int d, double[] x, double[] nu) {
    this.d = d;
    int above = 0;
    int below = 0;
    for (double entry : nu) {
      above += entry > 0 ? 1 : 0;
      below += entry < 0 ? 1 : 0;
    }
    count = above + below;
    positiveCount = (above + LANES - 1) / LANES * LANES;
    negativeCount = (below + LANES - 1) / LANES * LANES;
    positive = new double[d][positiveCount];
    negative = new double[d][negativeCount];
    weighted = new double[d][negativeCount];
    double sum = 0;
    int p = 0;
    int q = 0;
    for (int i = 0; i < n; i++) {
      double squares = 0;
      for (int k = 0; k < d; k++) {
        double entry = x[i * d + k];
        squares += entry * entry;
        if (nu[i] > 0) {
          positive[k][p] = nu[i] * entry;
        } else if (nu[i] < 0) {
          negative[k][q] = entry;
          weighted[k][q] = -nu[i] * entry;
        }
      }
      p += nu[i] > 0 ? 1 : 0;
      q += nu[i] < 0 ? 1 : 0;
      sum += Math.abs(nu[i]) * Math.sqrt(squares);
    }
    total = sum;
  }

  /**
   * The rows in the fastest form that this machine has.
   *
   * @param x {@code n x d}, row-major. Not modified.
   * @param nu n, with its sign. Not modified.
   */
  static SignedRows of(int n, int d, double[] x, double[] nu) {
    return VectorUnit.isAvailable() ? new VectorRows(n, d, x, nu) : new PlainRows(n, d, x, nu);
  }

  /** {@code sum_i |nu_i| ||x_i||}, which no value of {@code g} exceeds in the unit ball. */
  final double total() {
    return total;
  }

  /** Rows with a sign. */
  final int count() {
    return count;
  }

  /** Room that {@link #positivePart} and {@link #negativeGradient} need. */
  final double[] work() {
    return new double[Math.max(positiveCount, negativeCount)];
  }

  /**
   * {@code g_+(u)}.
   *
   * @param u d. Not modified.
   * @param work from {@link #work()}. Modified.
   */
  abstract double positivePart(double[] u, double[] work);

  /**
   * {@code sum |nu_i| x_i} over the rows of {@code g_-} that are active at u: a subgradient there.
   * Whether a row is active is decided by the sign of its product, summed column by column with
   * every operation rounded on its own, as the verifier does.
   *
   * @param u d. Not modified.
   * @param gradient d. Modified.
   * @param work from {@link #work()}. Modified.
   */
  abstract void negativeGradient(double[] u, double[] gradient, double[] work);
}
