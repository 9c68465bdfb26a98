package io.gapstream.numerics.kernels;

/**
 * Sums of a few rows of numbers: the innermost loops of the convex programs. They are written so
 * that the compiler vectorises them: whole rows from their start, and at most five of them.
 */
public final class Rows {

  private Rows() {}

  /** {@code to[k] = a[k] + b[k]}, {@code k < length}. */
  public static void sum(double[] a, double[] b, double[] to, int length) {
    for (int k = 0; k < length; k++) {
      to[k] = a[k] + b[k];
    }
  }

  /** {@code to[k] += (a[k] + b[k]) + (c[k] + e[k])}, {@code k < length}. */
  public static void add(double[] a, double[] b, double[] c, double[] e, double[] to, int length) {
    for (int k = 0; k < length; k++) {
      to[k] += (a[k] + b[k]) + (c[k] + e[k]);
    }
  }

  /** {@code to[k] += f row[k]}, {@code k < length}. */
  public static void add(double[] row, double f, double[] to, int length) {
    for (int k = 0; k < length; k++) {
      to[k] += f * row[k];
    }
  }

  /** {@code to[k] += f row[k]}, {@code k < length}. */
  public static void add(float[] row, float f, float[] to, int length) {
    for (int k = 0; k < length; k++) {
      to[k] += f * row[k];
    }
  }

  /** {@code to[k] += (f0 r0[k] + f1 r1[k]) + (f2 r2[k] + f3 r3[k])}, {@code k < length}. */
  public static void add(
      double[] r0,
      double[] r1,
      double[] r2,
      double[] r3,
      double f0,
      double f1,
      double f2,
      double f3,
      double[] to,
      int length) {
    for (int k = 0; k < length; k++) {
      to[k] += (f0 * r0[k] + f1 * r1[k]) + (f2 * r2[k] + f3 * r3[k]);
    }
  }

  /** {@code to[k] += (f0 r0[k] + f1 r1[k]) + (f2 r2[k] + f3 r3[k])}, {@code k < length}. */
  public static void add(
      float[] r0,
      float[] r1,
      float[] r2,
      float[] r3,
      float f0,
      float f1,
      float f2,
      float f3,
      float[] to,
      int length) {
    for (int k = 0; k < length; k++) {
      to[k] += (f0 * r0[k] + f1 * r1[k]) + (f2 * r2[k] + f3 * r3[k]);
    }
  }

  /** {@code to[k] += sum f[i] rows[i][k]} over {@code from <= i < until}, {@code k < length}. */
  public static void add(
      double[][] rows, double[] f, int from, int until, double[] to, int length) {
    int i = from;
    for (; i + 3 < until; i += 4) {
      add(
          rows[i],
          rows[i + 1],
          rows[i + 2],
          rows[i + 3],
          f[i],
          f[i + 1],
          f[i + 2],
          f[i + 3],
          to,
          length);
    }
    for (; i < until; i++) {
      add(rows[i], f[i], to, length);
    }
  }

  /** {@code to[k] += sum f[i] rows[i][k]} over {@code from <= i < until}, {@code k < length}. */
  public static void add(float[][] rows, float[] f, int from, int until, float[] to, int length) {
    int i = from;
    for (; i + 3 < until; i += 4) {
      add(
          rows[i],
          rows[i + 1],
          rows[i + 2],
          rows[i + 3],
          f[i],
          f[i + 1],
          f[i + 2],
          f[i + 3],
          to,
          length);
    }
    for (; i < until; i++) {
      add(rows[i], f[i], to, length);
    }
  }

  /**
   * The rows of a matrix from its columns.
   *
   * @param n rows
   * @param width entries of a row, at least the number of columns; the others are zero
   */
  public static float[][] transposed(float[][] columns, int n, int width) {
    float[][] rows = new float[n][width];
    for (int i = 0; i < n; i += 16) {
      int end = Math.min(n, i + 16);
      for (int k = 0; k < columns.length; k++) {
        float[] column = columns[k];
        for (int r = i; r < end; r++) {
          rows[r][k] = column[r];
        }
      }
    }
    return rows;
  }
}
