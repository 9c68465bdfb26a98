package io.gapstream.numerics.gated;

/** Norms of the rows of a {@code P x d} array, one row a group. */
final class Groups {

  private Groups() {}

  static double norm(double[] rows, int row, int d) {
    double squares = 0;
    for (int k = row * d; k < (row + 1) * d; k++) {
      squares += rows[k] * rows[k];
    }
    return Math.sqrt(squares);
  }

  static boolean isZero(double[] rows, int row, int d) {
    for (int k = row * d; k < (row + 1) * d; k++) {
      if (rows[k] != 0) {
        return false;
      }
    }
    return true;
  }

  static double largest(double[] values, int length) {
    double largest = 0;
    for (int i = 0; i < length; i++) {
      largest = Math.max(largest, values[i]);
    }
    return largest;
  }
}
