package io.gapstream.numerics.gradient;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * As {@link VectorDoublePass}, in float32: weights are rounded on the way in, and sums widened on
 * the way out.
 */
final class VectorFloatPass extends Pass {

  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  /** Neurons in a panel. */
  static final int PANEL = 3 * LANES;

  private final float[] x;
  private final int panels;

  /** Rows in a panel of weights or sums: d, and more to make whole tiles. */
  private final int depth;

  private final float[] u;
  private final float[] uSums;
  private final float[] a;
  private final float[] aSums;
  private final float[] z;
  private final float[] lanes = new float[LANES];

  /**
   * @param x {@code n x d}, row-major. Not modified.
   */
  VectorFloatPass(int d, int m, float[] x, double[] y) {
    super(d, m, y, padded(m, PANEL), Float.BYTES);
    this.x = x;
    panels = padded(m, PANEL) / PANEL;
    depth = padded(d, 4);
    u = new float[panels * depth * PANEL];
    uSums = new float[panels * depth * PANEL];
    a = new float[panels * PANEL];
    aSums = new float[panels * PANEL];
    z = new float[panels * block * PANEL];
  }

  @Override
  void begin(double[] theta) {
    for (int p = 0; p < panels; p++) {
      int held = Math.min(PANEL, m - p * PANEL);
      for (int k = 0; k < d; k++) {
        round(theta, k * m + p * PANEL, u, (p * depth + k) * PANEL, held);
      }
    }
    round(theta, d * m, a, 0, m);
    Arrays.fill(uSums, 0);
    Arrays.fill(aSums, 0);
  }

  private static void round(double[] from, int at, float[] to, int toAt, int count) {
    for (int j = 0; j < count; j++) {
      to[toAt + j] = (float) from[at + j];
    }
  }

  @Override
  void preactivations(int[] rows, int first, int held) {
    int last = first + held - 1;
    for (int p = 0; p < panels; p++) {
      for (int b = 0; b < held; b += 4) {
        // Rows of Z after the last are computed from the last, and never read.
        preactivations(
            x,
            rows[first + b] * d,
            rows[Math.min(first + b + 1, last)] * d,
            rows[Math.min(first + b + 2, last)] * d,
            rows[Math.min(first + b + 3, last)] * d,
            u,
            p * depth * PANEL,
            d,
            z,
            (p * block + b) * PANEL);
      }
    }
  }

  /** A tile of Z: 4 rows of X, from x0 to x3 on, times a panel of U. */
  private static void preactivations(
      float[] x, int x0, int x1, int x2, int x3, float[] u, int uAt, int d, float[] z, int zAt) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector s00 = zero;
    FloatVector s01 = zero;
    FloatVector s02 = zero;
    FloatVector s10 = zero;
    FloatVector s11 = zero;
    FloatVector s12 = zero;
    FloatVector s20 = zero;
    FloatVector s21 = zero;
    FloatVector s22 = zero;
    FloatVector s30 = zero;
    FloatVector s31 = zero;
    FloatVector s32 = zero;
    for (int k = 0; k < d; k++) {
      int at = uAt + k * PANEL;
      FloatVector u0 = FloatVector.fromArray(SPECIES, u, at);
      FloatVector u1 = FloatVector.fromArray(SPECIES, u, at + LANES);
      FloatVector u2 = FloatVector.fromArray(SPECIES, u, at + 2 * LANES);
      FloatVector factor = FloatVector.broadcast(SPECIES, x[x0 + k]);
      s00 = factor.fma(u0, s00);
      s01 = factor.fma(u1, s01);
      s02 = factor.fma(u2, s02);
      factor = FloatVector.broadcast(SPECIES, x[x1 + k]);
      s10 = factor.fma(u0, s10);
      s11 = factor.fma(u1, s11);
      s12 = factor.fma(u2, s12);
      factor = FloatVector.broadcast(SPECIES, x[x2 + k]);
      s20 = factor.fma(u0, s20);
      s21 = factor.fma(u1, s21);
      s22 = factor.fma(u2, s22);
      factor = FloatVector.broadcast(SPECIES, x[x3 + k]);
      s30 = factor.fma(u0, s30);
      s31 = factor.fma(u1, s31);
      s32 = factor.fma(u2, s32);
    }
    store(s00, s01, s02, z, zAt);
    store(s10, s11, s12, z, zAt + PANEL);
    store(s20, s21, s22, z, zAt + 2 * PANEL);
    store(s30, s31, s32, z, zAt + 3 * PANEL);
  }

  private static void store(FloatVector v0, FloatVector v1, FloatVector v2, float[] to, int at) {
    v0.intoArray(to, at);
    v1.intoArray(to, at + LANES);
    v2.intoArray(to, at + 2 * LANES);
  }

  @Override
  double output(int b) {
    FloatVector sum0 = FloatVector.zero(SPECIES);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    for (int p = 0; p < panels; p++) {
      int at = (p * block + b) * PANEL;
      int aAt = p * PANEL;
      sum0 = positivePart(z, at).fma(FloatVector.fromArray(SPECIES, a, aAt), sum0);
      sum1 = positivePart(z, at + LANES).fma(FloatVector.fromArray(SPECIES, a, aAt + LANES), sum1);
      sum2 =
          positivePart(z, at + 2 * LANES)
              .fma(FloatVector.fromArray(SPECIES, a, aAt + 2 * LANES), sum2);
    }
    sum0.add(sum1).add(sum2).intoArray(lanes, 0);
    return sumOfLanes();
  }

  /** In a fixed order, which the reductions of the vector module do not promise. */
  private float sumOfLanes() {
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int lane = 0; lane < half; lane++) {
        lanes[lane] += lanes[lane + half];
      }
    }
    return lanes[0];
  }

  /** {@code (z)_+}; NaN stays NaN. */
  private static FloatVector positivePart(float[] z, int at) {
    FloatVector v = FloatVector.fromArray(SPECIES, z, at);
    FloatVector zero = FloatVector.zero(SPECIES);
    return v.blend(zero, v.compare(VectorOperators.LE, zero));
  }

  @Override
  void slopes(int b, double r) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector factor = FloatVector.broadcast(SPECIES, (float) r);
    for (int p = 0; p < panels; p++) {
      int at = (p * block + b) * PANEL;
      for (int j = 0; j < PANEL; j += LANES) {
        int aAt = p * PANEL + j;
        FloatVector v = FloatVector.fromArray(SPECIES, z, at + j);
        VectorMask<Float> inactive = v.compare(VectorOperators.LE, zero);
        v.blend(zero, inactive)
            .fma(factor, FloatVector.fromArray(SPECIES, aSums, aAt))
            .intoArray(aSums, aAt);
        FloatVector.fromArray(SPECIES, a, aAt)
            .mul(factor)
            .blend(zero, inactive)
            .intoArray(z, at + j);
      }
    }
  }

  @Override
  void backward(int[] rows, int first, int held) {
    for (int p = 0; p < panels; p++) {
      for (int k = 0; k < d; k += 4) {
        // Rows of sums after the last get what the last gets, and are never read.
        int left = d - 1 - k;
        backward(
            x,
            rows,
            first,
            held,
            d,
            k,
            k + Math.min(1, left),
            k + Math.min(2, left),
            k + Math.min(3, left),
            z,
            p * block * PANEL,
            uSums,
            (p * depth + k) * PANEL);
      }
    }
  }

  /** Adds to a tile of sums: 4 columns of X, k0 to k3, times a panel of slopes. */
  private static void backward(
      float[] x,
      int[] rows,
      int first,
      int held,
      int d,
      int k0,
      int k1,
      int k2,
      int k3,
      float[] slopes,
      int slopesAt,
      float[] sums,
      int sumsAt) {
    int at1 = sumsAt + PANEL;
    int at2 = sumsAt + 2 * PANEL;
    int at3 = sumsAt + 3 * PANEL;
    FloatVector s00 = FloatVector.fromArray(SPECIES, sums, sumsAt);
    FloatVector s01 = FloatVector.fromArray(SPECIES, sums, sumsAt + LANES);
    FloatVector s02 = FloatVector.fromArray(SPECIES, sums, sumsAt + 2 * LANES);
    FloatVector s10 = FloatVector.fromArray(SPECIES, sums, at1);
    FloatVector s11 = FloatVector.fromArray(SPECIES, sums, at1 + LANES);
    FloatVector s12 = FloatVector.fromArray(SPECIES, sums, at1 + 2 * LANES);
    FloatVector s20 = FloatVector.fromArray(SPECIES, sums, at2);
    FloatVector s21 = FloatVector.fromArray(SPECIES, sums, at2 + LANES);
    FloatVector s22 = FloatVector.fromArray(SPECIES, sums, at2 + 2 * LANES);
    FloatVector s30 = FloatVector.fromArray(SPECIES, sums, at3);
    FloatVector s31 = FloatVector.fromArray(SPECIES, sums, at3 + LANES);
    FloatVector s32 = FloatVector.fromArray(SPECIES, sums, at3 + 2 * LANES);
    for (int b = 0; b < held; b++) {
      int at = slopesAt + b * PANEL;
      FloatVector v0 = FloatVector.fromArray(SPECIES, slopes, at);
      FloatVector v1 = FloatVector.fromArray(SPECIES, slopes, at + LANES);
      FloatVector v2 = FloatVector.fromArray(SPECIES, slopes, at + 2 * LANES);
      int row = rows[first + b] * d;
      FloatVector factor = FloatVector.broadcast(SPECIES, x[row + k0]);
      s00 = factor.fma(v0, s00);
      s01 = factor.fma(v1, s01);
      s02 = factor.fma(v2, s02);
      factor = FloatVector.broadcast(SPECIES, x[row + k1]);
      s10 = factor.fma(v0, s10);
      s11 = factor.fma(v1, s11);
      s12 = factor.fma(v2, s12);
      factor = FloatVector.broadcast(SPECIES, x[row + k2]);
      s20 = factor.fma(v0, s20);
      s21 = factor.fma(v1, s21);
      s22 = factor.fma(v2, s22);
      factor = FloatVector.broadcast(SPECIES, x[row + k3]);
      s30 = factor.fma(v0, s30);
      s31 = factor.fma(v1, s31);
      s32 = factor.fma(v2, s32);
    }
    store(s00, s01, s02, sums, sumsAt);
    store(s10, s11, s12, sums, at1);
    store(s20, s21, s22, sums, at2);
    store(s30, s31, s32, sums, at3);
  }

  @Override
  void addGradient(double[] gradient) {
    for (int p = 0; p < panels; p++) {
      int held = Math.min(PANEL, m - p * PANEL);
      for (int k = 0; k < d; k++) {
        add(uSums, (p * depth + k) * PANEL, held, gradient, k * m + p * PANEL);
      }
    }
    add(aSums, 0, m, gradient, d * m);
  }

  private static void add(float[] sums, int from, int count, double[] to, int at) {
    for (int j = 0; j < count; j++) {
      to[at + j] += sums[from + j];
    }
  }
}
