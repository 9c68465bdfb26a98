package io.gapstream.numerics.kernels;

/** The Cholesky factor of a positive definite matrix, and solutions with it. */
public final class Cholesky {

  private final int size;

  /** The factor by columns of the lower one, and by its rows: every inner loop runs along a row. */
  private final double[][] upper;

  private final double[][] lower;

  /**
   * Factors a matrix.
   *
   * @param upper {@code q x q}; only the upper triangle is read. Kept and modified.
   * @param least a lower bound on every pivot, above 0, for where rounding would go below it
   */
  public Cholesky(double[][] upper, double least) {
    this.size = upper.length;
    this.upper = upper;
    this.lower = new double[size][];
    for (int j = 0; j < size; j++) {
      lower[j] = new double[j + 1];
    }
    for (int j = 0; j < size; j++) {
      double[] row = upper[j];
      double pivot = Math.sqrt(Math.max(row[j], least));
      for (int k = j; k < size; k++) {
        row[k] /= pivot;
      }
      row[j] = pivot;
      for (int i = j + 1; i < size; i++) {
        subtract(row[i], row, upper[i], i, size);
      }
      for (int i = j; i < size; i++) {
        lower[i][j] = row[i];
      }
    }
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
