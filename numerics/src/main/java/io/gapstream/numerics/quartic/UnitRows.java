package io.gapstream.numerics.quartic;

/** The rows of X as their norms and their directions. */
final class UnitRows {

  final int n;
  final int d;

  /** {@code r_i = ||x_i||}, n. */
  final double[] norms;

  /** {@code x_i / r_i}, {@code n x d}, row-major; zero for rows that are zero. */
  final double[] directions;

  /**
   * @param x {@code n x d}, row-major, of moderate magnitude. Not modified.
   */
  UnitRows(int n, int d, double[] x) {
    this.n = n;
    this.d = d;
    norms = new double[n];
    directions = new double[n * d];
    for (int i = 0; i < n; i++) {
      double squares = 0;
      for (int k = 0; k < d; k++) {
        squares += x[i * d + k] * x[i * d + k];
      }
      norms[i] = Math.sqrt(squares);
      for (int k = 0; k < d && norms[i] > 0; k++) {
        directions[i * d + k] = x[i * d + k] / norms[i];
      }
    }
  }

  /**
   * {@code T} of rung triangle, up to rounding.
   *
   * @param nu n. Not modified.
   */
  double triangle(double[] nu) {
    double[] sum = new double[d];
    double rows = 0;
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < d; k++) {
        sum[k] += norms[i] * directions[i * d + k] * nu[i];
      }
      rows += Math.abs(nu[i]) * norms[i];
    }
    double squares = 0;
    for (double entry : sum) {
      squares += entry * entry;
    }
    return 0.5 * (Math.sqrt(squares) + rows);
  }
}
