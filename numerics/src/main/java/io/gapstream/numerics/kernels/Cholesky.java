package io.gapstream.numerics.kernels;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;

/** The Cholesky factor of a positive definite matrix, and solutions with it. */
public final class Cholesky {

  /** Columns that are eliminated together. */
  private static final int PANEL = 64;

  private final int size;

  /** The factor by columns of the lower one, and by its rows: every inner loop runs along a row. */
  private final double[][] upper;

  private final double[][] lower;

  /**
   * Factors a matrix, a panel of columns at a time.
   *
   * @param matrix {@code q x q}; only the lower triangle is read. Kept and modified.
   * @param least a lower bound on every pivot, above 0, for where rounding would go below it
   */
  public Cholesky(double[][] matrix, double least) {
    this(matrix, least, Deadline.none());
  }

  /**
   * The same within a time.
   *
   * @throws io.gapstream.numerics.TimeUpException if the deadline's grace ends first
   */
  public Cholesky(double[][] matrix, double least, Deadline deadline) {
    Pace pace = new Pace(deadline);
    this.size = matrix.length;
    this.upper = new double[size][];
    this.lower = matrix;
    for (int panel = 0; panel < size; panel += PANEL) {
      int end = Math.min(size, panel + PANEL);
      eliminate(panel, end, least, pace);
      int middle = end + Halves.middleOfTriangle(size - end);
      int from = panel;
      Halves.run(
          0.5 * (size - end) * (size - end) * (end - panel),
          () -> update(from, end, end, middle, deadline),
          () -> update(from, end, middle, size, deadline));
    }
  }

  /** Columns of the factor from those of the matrix, on which all before have been taken off. */
  private void eliminate(int from, int end, double least, Pace pace) {
    for (int j = from; j < end; j++) {
      pace.count((long) (size - j) * (j - from + 2));
      double[] column = new double[size];
      for (int k = j; k < size; k++) {
        column[k] = lower[k][j];
      }
      for (int i = from; i < j; i++) {
        subtract(upper[i][j], upper[i], column, j, size);
      }
      double pivot = Math.sqrt(Math.max(column[j], least));
      for (int k = j; k < size; k++) {
        column[k] /= pivot;
        lower[k][j] = column[k];
      }
      upper[j] = column;
      column[j] = pivot;
      lower[j][j] = pivot;
    }
  }

  /** Takes the columns of a panel off the rows below it. */
  private void update(int from, int until, int firstRow, int endRow, Deadline deadline) {
    MatrixProducts.add(
        -1, upper, upper, from, until, lower, firstRow, endRow, until, size, true, deadline);
  }

  /**
   * Solves a system.
   *
   * @param t q, the right-hand side. Modified: the solution.
   */
  public void solve(double[] t) {
    for (int j = 0; j < size; j++) {
      t[j] /= upper[j][j];
      subtract(t[j], upper[j], t, j + 1, size);
    }
    for (int j = size - 1; j >= 0; j--) {
      t[j] /= upper[j][j];
      subtract(t[j], lower[j], t, 0, j);
    }
  }

  private static void subtract(double factor, double[] row, double[] target, int from, int to) {
    for (int k = from; k < to; k++) {
      target[k] -= factor * row[k];
    }
  }
}
