package io.gapstream.numerics.gradient;

import io.gapstream.numerics.kernels.Rows;
import java.util.Arrays;

/**
 * As {@link PlainDoublePass}, in float32: weights are rounded on the way in, and sums widened on
 * the way out.
 */
final class PlainFloatPass extends Pass {

  private final float[] x;
  private final float[][] weights;
  private final float[][] sums;
  private final float[][] z;

  /**
   * @param x {@code n x d}, row-major. Not modified.
   */
  PlainFloatPass(int d, int m, float[] x, double[] y) {
    super(d, m, y, m, Float.BYTES);
    this.x = x;
    weights = new float[d + 1][m];
    sums = new float[d + 1][m];
    z = new float[block][m];
  }

  @Override
  void begin(double[] theta) {
    for (int k = 0; k <= d; k++) {
      float[] row = weights[k];
      for (int j = 0; j < m; j++) {
        row[j] = (float) theta[k * m + j];
      }
      Arrays.fill(sums[k], 0);
    }
  }

  @Override
  void preactivations(int[] rows, int first, int held) {
    for (int b = 0; b < held; b++) {
      float[] target = z[b];
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
    float[] row = z[b];
    float[] a = weights[d];
    float even = 0;
    float odd = 0;
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
    slopes(z[b], weights[d], sums[d], (float) r);
  }

  private static void slopes(float[] z, float[] a, float[] gradient, float r) {
    for (int j = 0; j < a.length; j++) {
      gradient[j] += Math.max(z[j], 0) * r;
    }
    for (int j = 0; j < a.length; j++) {
      // All ones where z > 0, else 0: the signs are as good as random, so a branch would stall.
      int active = Float.floatToRawIntBits(0.0f - z[j]) >> 31;
      z[j] = Float.intBitsToFloat(Float.floatToRawIntBits(r * a[j]) & active);
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
      float[] row = sums[k];
      for (int j = 0; j < m; j++) {
        gradient[k * m + j] += row[j];
      }
    }
  }
}
