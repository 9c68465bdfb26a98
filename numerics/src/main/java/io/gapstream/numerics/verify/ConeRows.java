package io.gapstream.numerics.verify;

import java.util.Arrays;

/**
 * The rows of {@code sum_i nu_i (x_i . u)_+} as they matter within a cone, parted by the sign of
 * {@code nu_i}. A row that is active all over the cone is part of a linear function, one that is
 * active nowhere is left out; both only where the products with the cone's generators are so far
 * from 0 that rounding cannot have changed a sign. So the values are those of all rows, but for the
 * rounding of sums.
 */
final class ConeRows {

  /**
   * A product decides a row when it exceeds this share of the row's 1-norm: a generator's
   * coordinates are at most 1, so the rounding error of the product is below {@code d 2^-52} of it.
   */
  private static final double CLEAR = 0x1p-40;

  /** A share of the 1-norm below that is too near to underflow to decide anything. */
  private static final double LEAST_CLEAR = 0x1p-1000;

  /** The share of the rows that may be left for a copy of them to be worth its memory. */
  private static final double MOST_KEPT = 0.75;

  private final int d;

  /** Column k of {@code nu_i x_i} over the rows with {@code nu_i > 0}. */
  private final double[][] positive;

  /** Column k of {@code x_i} over the rows with {@code nu_i < 0}. */
  private final double[][] negative;

  /** Column k of {@code |nu_i| x_i} over the rows with {@code nu_i < 0}. */
  private final double[][] weighted;

  /** The sum of {@code nu_i x_i} over the rows with {@code nu_i > 0} that are active throughout. */
  private final double[] positiveSum;

  /** The sum of {@code |nu_i| x_i} over the rows with {@code nu_i < 0} active throughout. */
  private final double[] negativeSum;

  private ConeRows(
      double[][] positive,
      double[][] negative,
      double[][] weighted,
      double[] positiveSum,
      double[] negativeSum) {
    this.d = positive.length;
    this.positive = positive;
    this.negative = negative;
    this.weighted = weighted;
    this.positiveSum = positiveSum;
    this.negativeSum = negativeSum;
  }

  /** All rows, with the sign of nu. */
  static ConeRows of(ScaledDual scaled, int sign) {
    int d = scaled.d;
    double[][] x = new double[d][scaled.n];
    double[][] products = new double[d][scaled.n];
    int[] above = new int[scaled.n];
    int[] below = new int[scaled.n];
    int p = 0;
    int q = 0;
    for (int i = 0; i < scaled.n; i++) {
      double entry = sign * scaled.nu[i];
      for (int k = 0; k < d; k++) {
        x[k][i] = scaled.x[i * d + k];
        products[k][i] = Math.abs(entry) * x[k][i];
      }
      if (entry > 0) {
        above[p++] = i;
      } else if (entry < 0) {
        below[q++] = i;
      }
    }
    above = Arrays.copyOf(above, p);
    below = Arrays.copyOf(below, q);
    return new ConeRows(
        chosen(products, above),
        chosen(x, below),
        chosen(products, below),
        new double[d],
        new double[d]);
  }

  /** The rows that are not yet decided. */
  int count() {
    return positive[0].length + negative[0].length;
  }

  /**
   * The rows as they matter within a cone. Where a cone decides few of them these same rows, which
   * serve as well: so whoever keeps those of a cone and of all that it lies in keeps at most four
   * times as many as there are.
   *
   * @param generators of the cone, of 1-norm 1
   */
  ConeRows within(double[][] generators) {
    double[] positiveTotal = positiveSum.clone();
    double[] negativeTotal = negativeSum.clone();
    int[] positiveOpen = open(generators, positive, positive, positiveTotal);
    int[] negativeOpen = open(generators, negative, weighted, negativeTotal);
    if (positiveOpen.length + negativeOpen.length > MOST_KEPT * count()) {
      return this;
    }
    return new ConeRows(
        chosen(positive, positiveOpen),
        chosen(negative, negativeOpen),
        chosen(weighted, negativeOpen),
        positiveTotal,
        negativeTotal);
  }

  /** The rows that the generators do not decide; those active throughout are added to a total. */
  private static int[] open(
      double[][] generators, double[][] rows, double[][] added, double[] total) {
    int count = rows[0].length;
    double[] clear = new double[count];
    for (double[] column : rows) {
      for (int i = 0; i < count; i++) {
        clear[i] += CLEAR * Math.abs(column[i]);
      }
    }
    boolean[] always = new boolean[count];
    boolean[] never = new boolean[count];
    for (int i = 0; i < count; i++) {
      always[i] = clear[i] > LEAST_CLEAR;
      never[i] = always[i];
    }
    double[] products = new double[count];
    for (double[] generator : generators) {
      multiply(rows, generator, products);
      for (int i = 0; i < count; i++) {
        always[i] &= products[i] > clear[i];
        never[i] &= products[i] < -clear[i];
      }
    }
    int[] open = new int[count];
    int left = 0;
    for (int i = 0; i < count; i++) {
      if (always[i]) {
        for (int k = 0; k < total.length; k++) {
          total[k] += added[k][i];
        }
      } else if (!never[i]) {
        open[left++] = i;
      }
    }
    return Arrays.copyOf(open, left);
  }

  private static double[][] chosen(double[][] columns, int[] rows) {
    double[][] chosen = new double[columns.length][rows.length];
    for (int k = 0; k < columns.length; k++) {
      for (int i = 0; i < rows.length; i++) {
        chosen[k][i] = columns[k][rows[i]];
      }
    }
    return chosen;
  }

  /**
   * {@code sum nu_i (x_i . u)_+} over the rows with {@code nu_i > 0}, computed.
   *
   * @param u d, in the cone. Not modified.
   * @param work at least as long as there are rows. Modified.
   */
  double positivePart(double[] u, double[] work) {
    multiply(positive, u, work);
    int count = positive[0].length;
    for (int i = 0; i < count; i++) {
      work[i] = Math.max(work[i], 0);
    }
    double sum = sum(work, count);
    for (int k = 0; k < d; k++) {
      sum += positiveSum[k] * u[k];
    }
    return sum;
  }

  /**
   * {@code sum |nu_i| x_i} over the rows with {@code nu_i < 0} whose computed product is above 0.
   *
   * @param u d, in the cone. Not modified.
   * @param out d. Modified.
   * @param work at least as long as there are rows. Modified.
   */
  void negativeGradient(double[] u, double[] out, double[] work) {
    multiply(negative, u, work);
    int count = negative[0].length;
    for (int i = 0; i < count; i++) {
      work[i] = work[i] > 0 ? 1 : 0;
    }
    for (int k = 0; k < d; k++) {
      out[k] = negativeSum[k] + dot(weighted[k], work, count);
    }
  }

  /** Four sums side by side, since each addition waits for the one before. */
  private static double sum(double[] values, int count) {
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    int i = 0;
    for (; i + 3 < count; i += 4) {
      first += values[i];
      second += values[i + 1];
      third += values[i + 2];
      fourth += values[i + 3];
    }
    for (; i < count; i++) {
      first += values[i];
    }
    return first + second + (third + fourth);
  }

  private static double dot(double[] a, double[] b, int count) {
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    int i = 0;
    for (; i + 3 < count; i += 4) {
      first += a[i] * b[i];
      second += a[i + 1] * b[i + 1];
      third += a[i + 2] * b[i + 2];
      fourth += a[i + 3] * b[i + 3];
    }
    for (; i < count; i++) {
      first += a[i] * b[i];
    }
    return first + second + (third + fourth);
  }

  /** Products column by column, so that every checker finds the same signs. */
  private static void multiply(double[][] columns, double[] u, double[] products) {
    int count = columns[0].length;
    Arrays.fill(products, 0, count, 0);
    for (int k = 0; k < columns.length; k++) {
      double[] column = columns[k];
      double factor = u[k];
      for (int i = 0; i < count; i++) {
        products[i] += column[i] * factor;
      }
    }
  }
}
