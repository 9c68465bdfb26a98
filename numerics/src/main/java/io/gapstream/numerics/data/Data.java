package io.gapstream.numerics.data;

import java.util.Locale;

/**
 * Features and targets.
 *
 * @param n rows, from 1
 * @param d columns, from 1
 * @param x {@code n x d}, row-major, finite. Shared: must not be modified.
 * @param y n, finite. Shared: must not be modified.
 */
@SuppressWarnings("ArrayRecordComponent") // shared, large, never compared
public record Data(int n, int d, double[] x, double[] y) {

  /**
   * Checks the shapes and that every number is finite.
   *
   * @throws IllegalArgumentException if they are not as said above
   */
  public Data {
    requireShape(n, d);
    if (x.length != n * d || y.length != n) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "X is said to be %d x %d but X has %d values and y has %d; give %d and %d.",
              n,
              d,
              x.length,
              y.length,
              n * d,
              n));
    }
    requireFinite(x, "X");
    requireFinite(y, "y");
  }

  /** Refuses a shape without rows or columns, or with more values than an array can hold. */
  static void requireShape(int n, int d) {
    if (n < 1 || d < 1) {
      throw new IllegalArgumentException(
          "X is " + n + " x " + d + "; it needs at least one row and one column.");
    }
    if ((long) n * d > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "X is " + n + " x " + d + ", which is more than an array can hold; give less data.");
    }
  }

  private static void requireFinite(double[] values, String name) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            name + " holds " + values[i] + " at position " + i + "; give finite numbers.");
      }
    }
  }
}
