package io.gapstream.numerics.kernels;

import io.gapstream.numerics.Deadline;

/** Products {@code A'B} of matrices that are given by rows: Gram matrices, above all. */
public final class MatrixProducts {

  /** Rows of a and b that are worked off together, so that they stay in the nearer caches. */
  private static final int DEPTH = 128;

  /** Multiplications between two looks at the clock. */
  private static final double STRIDE = 2e7;

  private MatrixProducts() {}

  /** Rows of c between two looks at the clock: whole tiles of four. */
  private static int rows(int depth, int columns) {
    return (int) Math.max(4, Math.min(1 << 30, STRIDE / depth / Math.max(1, columns))) & -4;
  }

  /**
   * {@code c[j][l] += factor sum a[i][j] b[i][l]} over {@code from <= i < until}, for {@code
   * firstRow <= j < endRow} and {@code firstColumn <= l < endColumn}.
   *
   * @param a rows of at least endRow values. Not modified.
   * @param b rows of at least endColumn values. Not modified.
   * @param c of the shape that the ranges say. Modified.
   * @param lower whether only {@code l <= j} matter; some entries above the diagonal are modified
   *     too
   */
  public static void add(
      double factor,
      double[][] a,
      double[][] b,
      int from,
      int until,
      double[][] c,
      int firstRow,
      int endRow,
      int firstColumn,
      int endColumn,
      boolean lower) {
    add(
        factor,
        a,
        b,
        from,
        until,
        c,
        firstRow,
        endRow,
        firstColumn,
        endColumn,
        lower,
        Deadline.none());
  }

  /**
   * The same within a time.
   *
   * @throws io.gapstream.numerics.TimeUpException if the deadline's grace ends first
   */
  public static void add(
      double factor,
      double[][] a,
      double[][] b,
      int from,
      int until,
      double[][] c,
      int firstRow,
      int endRow,
      int firstColumn,
      int endColumn,
      boolean lower,
      Deadline deadline) {
    for (int start = from; start < until; start += DEPTH) {
      int end = Math.min(until, start + DEPTH);
      int rows = rows(end - start, endColumn - firstColumn);
      for (int row = firstRow; row < endRow; row += rows) {
        deadline.check();
        int endOfRows = Math.min(endRow, row + rows);
        if (VectorUnit.isAvailable()) {
          VectorMatrixProducts.add(
              factor, a, b, start, end, c, row, endOfRows, firstColumn, endColumn, lower);
        } else {
          addPlain(factor, a, b, start, end, c, row, endOfRows, firstColumn, endColumn, lower);
        }
      }
    }
  }

  static void addPlain(
      double factor,
      double[][] a,
      double[][] b,
      int from,
      int until,
      double[][] c,
      int firstRow,
      int endRow,
      int firstColumn,
      int endColumn,
      boolean lower) {
    for (int i = from; i < until; i += 4) {
      double[] b0 = b[i];
      double[] b1 = b[Math.min(i + 1, until - 1)];
      double[] b2 = b[Math.min(i + 2, until - 1)];
      double[] b3 = b[Math.min(i + 3, until - 1)];
      for (int j = firstRow; j < endRow; j++) {
        double f0 = factor * a[i][j];
        double f1 = i + 1 < until ? factor * a[i + 1][j] : 0;
        double f2 = i + 2 < until ? factor * a[i + 2][j] : 0;
        double f3 = i + 3 < until ? factor * a[i + 3][j] : 0;
        double[] target = c[j];
        int end = lower ? Math.min(j + 1, endColumn) : endColumn;
        for (int l = firstColumn; l < end; l++) {
          target[l] += (f0 * b0[l] + f1 * b1[l]) + (f2 * b2[l] + f3 * b3[l]);
        }
      }
    }
  }

  /**
   * {@code c[j][l] += factor sum a[i][j] b[i][l]} over {@code from <= i < until}, for {@code
   * firstRow <= j < endRow} and {@code firstColumn <= l < endColumn}.
   *
   * @param a rows of at least endRow values. Not modified.
   * @param b rows of at least endColumn values. Not modified.
   * @param c of the shape that the ranges say. Modified.
   * @param lower whether only {@code l <= j} matter; some entries above the diagonal are modified
   *     too
   */
  public static void add(
      float factor,
      float[][] a,
      float[][] b,
      int from,
      int until,
      float[][] c,
      int firstRow,
      int endRow,
      int firstColumn,
      int endColumn,
      boolean lower) {
    add(
        factor,
        a,
        b,
        from,
        until,
        c,
        firstRow,
        endRow,
        firstColumn,
        endColumn,
        lower,
        Deadline.none());
  }

  /**
   * The same within a time.
   *
   * @throws io.gapstream.numerics.TimeUpException if the deadline's grace ends first
   */
  public static void add(
      float factor,
      float[][] a,
      float[][] b,
      int from,
      int until,
      float[][] c,
      int firstRow,
      int endRow,
      int firstColumn,
      int endColumn,
      boolean lower,
      Deadline deadline) {
    for (int start = from; start < until; start += DEPTH) {
      int end = Math.min(until, start + DEPTH);
      int rows = rows(end - start, endColumn - firstColumn);
      for (int row = firstRow; row < endRow; row += rows) {
        deadline.check();
        int endOfRows = Math.min(endRow, row + rows);
        if (VectorUnit.isAvailable()) {
          VectorMatrixProducts.add(
              factor, a, b, start, end, c, row, endOfRows, firstColumn, endColumn, lower);
        } else {
          addPlain(factor, a, b, start, end, c, row, endOfRows, firstColumn, endColumn, lower);
        }
      }
    }
  }

  static void addPlain(
      float factor,
      float[][] a,
      float[][] b,
      int from,
      int until,
      float[][] c,
      int firstRow,
      int endRow,
      int firstColumn,
      int endColumn,
      boolean lower) {
    for (int i = from; i < until; i += 4) {
      float[] b0 = b[i];
      float[] b1 = b[Math.min(i + 1, until - 1)];
      float[] b2 = b[Math.min(i + 2, until - 1)];
      float[] b3 = b[Math.min(i + 3, until - 1)];
      for (int j = firstRow; j < endRow; j++) {
        float f0 = factor * a[i][j];
        float f1 = i + 1 < until ? factor * a[i + 1][j] : 0;
        float f2 = i + 2 < until ? factor * a[i + 2][j] : 0;
        float f3 = i + 3 < until ? factor * a[i + 3][j] : 0;
        float[] target = c[j];
        int end = lower ? Math.min(j + 1, endColumn) : endColumn;
        for (int l = firstColumn; l < end; l++) {
          target[l] += (f0 * b0[l] + f1 * b1[l]) + (f2 * b2[l] + f3 * b3[l]);
        }
      }
    }
  }
}
