package io.gapstream.numerics.exact;

import io.gapstream.numerics.kernels.VectorUnit;
import java.util.Arrays;

/**
 * The rows of {@code g(u) = sum_i nu_i (x_i . u)_+}, parted by the sign of {@code nu_i}: {@code g =
 * g_+ - g_-} with convex parts {@code g_+} and {@code g_-}. Within a cone, rows that are active
 * everywhere are folded into one linear function for each part, and rows that are active nowhere
 * are left out. Columns are stored one after the other, so that loops run over rows, and are filled
 * up with zeros to a whole number of vectors.
 */
abstract class SignedRows {

  /** Rows are filled up to a multiple of the longest vector there is. */
  private static final int LANES = 8;

  /**
   * A row counts as active or not all over a cone when its products with the generators exceed this
   * share of its 1-norm: then rounding does not change their signs.
   */
  private static final double CLEAR = 0x1p-40;

  final int d;

  /** Column k of {@code nu_i x_i} over the rows with {@code nu_i > 0}. */
  final double[][] positive;

  /** Column k of {@code x_i} over the rows with {@code nu_i < 0}. */
  final double[][] negative;

  /** Column k of {@code |nu_i| x_i} over the rows with {@code nu_i < 0}. */
  final double[][] weighted;

  /** The sum of {@code nu_i x_i} over the folded rows with {@code nu_i > 0}. */
  final double[] positiveFold;

  /** The sum of {@code |nu_i| x_i} over the folded rows with {@code nu_i < 0}. */
  final double[] negativeFold;

  final int positiveCount;
  final int negativeCount;

  /** Takes the columns as they are, each of a whole number of vectors. */
  SignedRows(
      double[][] positive,
      double[][] negative,
      double[][] weighted,
      double[] positiveFold,
      double[] negativeFold) {
    this.d = positive.length;
    this.positive = positive;
    this.negative = negative;
    this.weighted = weighted;
    this.positiveFold = positiveFold;
    this.negativeFold = negativeFold;
    this.positiveCount = positive[0].length;
    this.negativeCount = negative[0].length;
  }

  /**
   * The rows in the fastest form that this machine has.
   *
   * @param x {@code n x d}, row-major. Not modified.
   * @param nu n, with its sign. Not modified.
   */
  static SignedRows of(int n, int d, double[] x, double[] nu) {
    int above = 0;
    int below = 0;
    for (double entry : nu) {
      above += entry > 0 ? 1 : 0;
      below += entry < 0 ? 1 : 0;
    }
    double[][] positive = new double[d][filled(above)];
    double[][] negative = new double[d][filled(below)];
    double[][] weighted = new double[d][filled(below)];
    int p = 0;
    int q = 0;
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < d; k++) {
        if (nu[i] > 0) {
          positive[k][p] = nu[i] * x[i * d + k];
        } else if (nu[i] < 0) {
          negative[k][q] = x[i * d + k];
          weighted[k][q] = -nu[i] * x[i * d + k];
        }
      }
      p += nu[i] > 0 ? 1 : 0;
      q += nu[i] < 0 ? 1 : 0;
    }
    return of(positive, negative, weighted, new double[d], new double[d]);
  }

  private static SignedRows of(
      double[][] positive,
      double[][] negative,
      double[][] weighted,
      double[] positiveFold,
      double[] negativeFold) {
    return VectorUnit.isAvailable()
        ? new VectorRows(positive, negative, weighted, positiveFold, negativeFold)
        : new PlainRows(positive, negative, weighted, positiveFold, negativeFold);
  }

  private static int filled(int count) {
    return (count + LANES - 1) / LANES * LANES;
  }

  /** The same sums within a cone, with the rows folded that do not change their sign there. */
  final SignedRows reduced(Generator[] generators) {
    double[] positiveSum = positiveFold.clone();
    double[] negativeSum = negativeFold.clone();
    int[] positiveKept = kept(generators, positive, positive, positiveSum);
    int[] negativeKept = kept(generators, negative, weighted, negativeSum);
    return of(
        chosen(positive, positiveKept),
        chosen(negative, negativeKept),
        chosen(weighted, negativeKept),
        positiveSum,
        negativeSum);
  }

  /** The rows that may change their sign in a cone; those active all over it are added to a sum. */
  private int[] kept(Generator[] generators, double[][] columns, double[][] added, double[] sum) {
    int count = columns[0].length;
    double[] least = new double[count];
    double[] most = new double[count];
    double[] product = new double[count];
    double[] room = new double[count];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    Arrays.fill(most, Double.NEGATIVE_INFINITY);
    for (double[] column : columns) {
      for (int i = 0; i < count; i++) {
        room[i] += Math.abs(column[i]) * CLEAR;
      }
    }
    for (Generator generator : generators) {
      Arrays.fill(product, 0);
      for (int k = 0; k < d; k++) {
        double[] column = columns[k];
        double factor = generator.point()[k];
        for (int i = 0; i < count; i++) {
          product[i] += column[i] * factor;
        }
      }
      for (int i = 0; i < count; i++) {
        least[i] = Math.min(least[i], product[i]);
        most[i] = Math.max(most[i], product[i]);
      }
    }
    int[] rows = new int[count];
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (least[i] > room[i]) {
        for (int k = 0; k < d; k++) {
          sum[k] += added[k][i];
        }
      } else if (most[i] >= -room[i] && room[i] > 0) {
        rows[kept++] = i;
      }
    }
    return Arrays.copyOf(rows, kept);
  }

  private static double[][] chosen(double[][] columns, int[] rows) {
    double[][] chosen = new double[columns.length][filled(rows.length)];
    for (int k = 0; k < columns.length; k++) {
      for (int i = 0; i < rows.length; i++) {
        chosen[k][i] = columns[k][rows[i]];
      }
    }
    return chosen;
  }

  /** {@code sum_i |nu_i| ||x_i||}, which no value of {@code g} exceeds in the unit ball. */
  final double total() {
    return norms(positive) + norms(weighted);
  }

  private static double norms(double[][] columns) {
    double total = 0;
    for (int i = 0; i < columns[0].length; i++) {
      double squares = 0;
      for (double[] column : columns) {
        squares += column[i] * column[i];
      }
      total += Math.sqrt(squares);
    }
    return total;
  }

  /** Rows that are held, those of zeros included. */
  final int count() {
    return positiveCount + negativeCount;
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
  final double positivePart(double[] u, double[] work) {
    double sum = activeSum(u, work);
    for (int k = 0; k < d; k++) {
      sum += positiveFold[k] * u[k];
    }
    return sum;
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
  final void negativeGradient(double[] u, double[] gradient, double[] work) {
    activeGradient(u, gradient, work);
    for (int k = 0; k < d; k++) {
      gradient[k] += negativeFold[k];
    }
  }

  /** The part of {@link #positivePart} of the rows that are not folded. */
  abstract double activeSum(double[] u, double[] work);

  /** The part of {@link #negativeGradient} of the rows that are not folded. */
  abstract void activeGradient(double[] u, double[] gradient, double[] work);
}
