package io.gapstream.numerics.gradient;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.kernels.Rows;
import java.util.Arrays;

/**
 * The definition, in float64. Every inner loop runs over neurons, which lie next to each other, on
 * whole rows: the compiler vectorises no loop over two offsets into flat arrays.
 */
final class PlainDoublePass extends Pass {

  private final double[] x;
  private final double[][] weights;
  private final double[][] sums;
  private final double[][] z;

  /**
   * @param x {@code n x d}, row-major. Not modified.
   */
  PlainDoublePass(int d, int m, double[] x, double[] y) {
    super(d, m, y, m, Double.BYTES);
    this.x = x;
    weights = new double[d + 1][m];
    sums = new double[d + 1][m];
    z = new double[block][m];
  }

  @Override
  void begin(double[] theta) {
    for (int k = 0; k <= d; k++) {
      System.arraycopy(theta, k * m, weights[k], 0, m);
      Arrays.fill(sums[k], 0);
    }
  }

  @Override
  void preactivations(int[] rows, int first, int held) {
    for (int b = 0; b < held; b++) {
      double[] target = z[b];
      Arrays.fill(target, 0);
      int at = rows[first + b] * d;
      int k = 0;
      for (; k + 4 <= d; k += 4) {
        Rows.add(
            weights[k],
            weights[k + 1],
            weights[k + 2],
            weights[k + 3],
            x[at + k],
            x[at + k + 1],
            x[at + k + 2],
            x[at + k + 3],
            target,
            m);
      }
      for (; k < d; k++) {
        Rows.add(weights[k], x[at + k], target, m);
      }
    }
  }

  @Override
  double output(int b) {
    double[] row = z[b];
    double[] a = weights[d];
    double even = 0;
    double odd = 0;
    int j = 0;
    for (; j + 2 <= m; j += 2) {
      even += Math.max(row[j], 0) * a[j];
      odd += Math.max(row[j + 1], 0) * a[j + 1];
    }
    if (j < m) {
      even += Math.max(row[j], 0) * a[j];
    }
    return even + odd;
  }

  @Override
  void slopes(int b, double r) {
    slopes(z[b], weights[d], sums[d], r);
  }

  private static void slopes(double[] z, double[] a, double[] gradient, double r) {
    for (int j = 0; j < a.length; j++) {
      gradient[j] += Math.max(z[j], 0) * r;
    }
    for (int j = 0; j < a.length; j++) {
      // All ones where z > 0, else 0: the signs are as good as random, so a branch would stall.
      long active = Double.doubleToRawLongBits(0.0 - z[j]) >> 63;
      z[j] = Double.longBitsToDouble(Double.doubleToRawLongBits(r * a[j]) & active);
    }
  }

  @Override
  void backward(int[] rows, int first, int held) {
    int b = 0;
    for (; b + 4 <= held; b += 4) {
      int row0 = rows[first + b] * d;
      int row1 = rows[first + b + 1] * d;
      int row2 = rows[first + b + 2] * d;
      int row3 = rows[first + b + 3] * d;
      for (int k = 0; k < d; k++) {
        Rows.add(
            z[b],
            z[b + 1],
            z[b + 2],
            z[b + 3],
            x[row0 + k],
            x[row1 + k],
            x[row2 + k],
            x[row3 + k],
            sums[k],
            m);
      }
    }
    for (; b < held; b++) {
      int row = rows[first + b] * d;
      for (int k = 0; k < d; k++) {
        Rows.add(z[b], x[row + k], sums[k], m);
      }
    }
  }

  @Override
  void addGradient(double[] gradient) {
    for (int k = 0; k <= d; k++) {
      double[] row = sums[k];
      for (int j = 0; j < m; j++) {
        gradient[k * m + j] += row[j];
      }
    }
  }

  /** The number of entries of {@code 1[XU' > 0]} that differ between two sets of weights. */
  long flippedPatterns(int n, double[] theta, double[] other, Deadline deadline) {
    int[] all = all(n);
    boolean[] active = new boolean[block * m];
    long flipped = 0;
    for (int first = 0; first < n; first += block) {
      deadline.check();
      int held = Math.min(block, n - first);
      begin(theta);
      preactivations(all, first, held);
      for (int b = 0; b < held; b++) {
        for (int j = 0; j < m; j++) {
          active[b * m + j] = z[b][j] > 0;
        }
      }
      begin(other);
      preactivations(all, first, held);
      for (int b = 0; b < held; b++) {
        for (int j = 0; j < m; j++) {
          flipped += active[b * m + j] == z[b][j] > 0 ? 0 : 1;
        }
      }
    }
    return flipped;
  }
}
