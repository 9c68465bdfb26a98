package io.gapstream.numerics.gradient;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * With explicit vectors, in float64. Both matrix products are done in tiles of 4 x 3 vectors, whose
 * 12 sums stay in registers (16 of them, where vectors have 256 bits) while the factors stream by:
 * 4 numbers of X, each spread over a vector, times 3 vectors of U or S. So weights, sums and the
 * block's Z lie in panels of 3 vectors of neurons, row after row; the last panel is filled up with
 * zeros, which no neuron sees.
 */
final class VectorDoublePass extends Pass {

  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  /** Neurons in a panel. */
  static final int PANEL = 3 * LANES;

  private final double[] x;
  private final int panels;

  /** Rows in a panel of weights or sums: d, and more to make whole tiles. */
  private final int depth;

  private final double[] u;
  private final double[] uSums;
  private final double[] a;
  private final double[] aSums;
  private final double[] z;
  private final double[] lanes = new double[LANES];

  /**
   * @param x {@code n x d}, row-major. Not modified.
   */
  VectorDoublePass(int d, int m, double[] x, double[] y) {
    super(d, m, y, padded(m, PANEL), Double.BYTES);
    this.x = x;
    panels = padded(m, PANEL) / PANEL;
    depth = padded(d, 4);
    u = new double[panels * depth * PANEL];
    uSums = new double[panels * depth * PANEL];
    a = new double[panels * PANEL];
    aSums = new double[panels * PANEL];
    z = new double[panels * block * PANEL];
  }

  @Override
  void begin(double[] theta) {
    for (int p = 0; p < panels; p++) {
      int held = Math.min(PANEL, m - p * PANEL);
      for (int k = 0; k < d; k++) {
        System.arraycopy(theta, k * m + p * PANEL, u, (p * depth + k) * PANEL, held);
      }
    }
    System.arraycopy(theta, d * m, a, 0, m);
    Arrays.fill(uSums, 0);
    Arrays.fill(aSums, 0);
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
      double[] x, int x0, int x1, int x2, int x3, double[] u, int uAt, int d, double[] z, int zAt) {
    DoubleVector zero = DoubleVector.zero(SPECIES);
    DoubleVector s00 = zero;
    DoubleVector s01 = zero;
    DoubleVector s02 = zero;
    DoubleVector s10 = zero;
    DoubleVector s11 = zero;
    DoubleVector s12 = zero;
    DoubleVector s20 = zero;
    DoubleVector s21 = zero;
    DoubleVector s22 = zero;
    DoubleVector s30 = zero;
    DoubleVector s31 = zero;
    DoubleVector s32 = zero;
    for (int k = 0; k < d; k++) {
      int at = uAt + k * PANEL;
      DoubleVector u0 = DoubleVector.fromArray(SPECIES, u, at);
      DoubleVector u1 = DoubleVector.fromArray(SPECIES, u, at + LANES);
      DoubleVector u2 = DoubleVector.fromArray(SPECIES, u, at + 2 * LANES);
      DoubleVector factor = DoubleVector.broadcast(SPECIES, x[x0 + k]);
      s00 = factor.fma(u0, s00);
      s01 = factor.fma(u1, s01);
      s02 = factor.fma(u2, s02);
      factor = DoubleVector.broadcast(SPECIES, x[x1 + k]);
      s10 = factor.fma(u0, s10);
      s11 = factor.fma(u1, s11);
      s12 = factor.fma(u2, s12);
      factor = DoubleVector.broadcast(SPECIES, x[x2 + k]);
      s20 = factor.fma(u0, s20);
      s21 = factor.fma(u1, s21);
      s22 = factor.fma(u2, s22);
      factor = DoubleVector.broadcast(SPECIES, x[x3 + k]);
      s30 = factor.fma(u0, s30);
      s31 = factor.fma(u1, s31);
      s32 = factor.fma(u2, s32);
    }
    store(s00, s01, s02, z, zAt);
    store(s10, s11, s12, z, zAt + PANEL);
    store(s20, s21, s22, z, zAt + 2 * PANEL);
    store(s30, s31, s32, z, zAt + 3 * PANEL);
  }

  private static void store(
      DoubleVector v0, DoubleVector v1, DoubleVector v2, double[] to, int at) {
    v0.intoArray(to, at);
    v1.intoArray(to, at + LANES);
    v2.intoArray(to, at + 2 * LANES);
  }

  @Override
  double output(int b) {
    DoubleVector sum0 = DoubleVector.zero(SPECIES);
    DoubleVector sum1 = sum0;
    DoubleVector sum2 = sum0;
    for (int p = 0; p < panels; p++) {
      int at = (p * block + b) * PANEL;
      int aAt = p * PANEL;
      sum0 = positivePart(z, at).fma(DoubleVector.fromArray(SPECIES, a, aAt), sum0);
      sum1 = positivePart(z, at + LANES).fma(DoubleVector.fromArray(SPECIES, a, aAt + LANES), sum1);
      sum2 =
          positivePart(z, at + 2 * LANES)
              .fma(DoubleVector.fromArray(SPECIES, a, aAt + 2 * LANES), sum2);
    }
    sum0.add(sum1).add(sum2).intoArray(lanes, 0);
    return sumOfLanes();
  }

  /** In a fixed order, which the reductions of the vector module do not promise. */
  private double sumOfLanes() {
    for (int half = LANES / 2; half > 0; half /= 2) {
      for (int lane = 0; lane < half; lane++) {
        lanes[lane] += lanes[lane + half];
      }
    }
    return lanes[0];
  }

  /** {@code (z)_+}; NaN stays NaN. */
  private static DoubleVector positivePart(double[] z, int at) {
    DoubleVector v = DoubleVector.fromArray(SPECIES, z, at);
    DoubleVector zero = DoubleVector.zero(SPECIES);
    return v.blend(zero, v.compare(VectorOperators.LE, zero));
  }

  @Override
  void slopes(int b, double r) {
    DoubleVector zero = DoubleVector.zero(SPECIES);
    DoubleVector factor = DoubleVector.broadcast(SPECIES, r);
    for (int p = 0; p < panels; p++) {
      int at = (p * block + b) * PANEL;
      for (int j = 0; j < PANEL; j += LANES) {
        int aAt = p * PANEL + j;
        DoubleVector v = DoubleVector.fromArray(SPECIES, z, at + j);
        VectorMask<Double> inactive = v.compare(VectorOperators.LE, zero);
        v.blend(zero, inactive)
            .fma(factor, DoubleVector.fromArray(SPECIES, aSums, aAt))
            .intoArray(aSums, aAt);
        DoubleVector.fromArray(SPECIES, a, aAt)
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
      double[] x,
      int[] rows,
      int first,
      int held,
      int d,
      int k0,
      int k1,
      int k2,
      int k3,
      double[] slopes,
      int slopesAt,
      double[] sums,
      int sumsAt) {
    int at1 = sumsAt + PANEL;
    int at2 = sumsAt + 2 * PANEL;
    int at3 = sumsAt + 3 * PANEL;
    DoubleVector s00 = DoubleVector.fromArray(SPECIES, sums, sumsAt);
    DoubleVector s01 = DoubleVector.fromArray(SPECIES, sums, sumsAt + LANES);
    DoubleVector s02 = DoubleVector.fromArray(SPECIES, sums, sumsAt + 2 * LANES);
    DoubleVector s10 = DoubleVector.fromArray(SPECIES, sums, at1);
    DoubleVector s11 = DoubleVector.fromArray(SPECIES, sums, at1 + LANES);
    DoubleVector s12 = DoubleVector.fromArray(SPECIES, sums, at1 + 2 * LANES);
    DoubleVector s20 = DoubleVector.fromArray(SPECIES, sums, at2);
    DoubleVector s21 = DoubleVector.fromArray(SPECIES, sums, at2 + LANES);
    DoubleVector s22 = DoubleVector.fromArray(SPECIES, sums, at2 + 2 * LANES);
    DoubleVector s30 = DoubleVector.fromArray(SPECIES, sums, at3);
    DoubleVector s31 = DoubleVector.fromArray(SPECIES, sums, at3 + LANES);
    DoubleVector s32 = DoubleVector.fromArray(SPECIES, sums, at3 + 2 * LANES);
    for (int b = 0; b < held; b++) {
      int at = slopesAt + b * PANEL;
      DoubleVector v0 = DoubleVector.fromArray(SPECIES, slopes, at);
      DoubleVector v1 = DoubleVector.fromArray(SPECIES, slopes, at + LANES);
      DoubleVector v2 = DoubleVector.fromArray(SPECIES, slopes, at + 2 * LANES);
      int row = rows[first + b] * d;
      DoubleVector factor = DoubleVector.broadcast(SPECIES, x[row + k0]);
      s00 = factor.fma(v0, s00);
      s01 = factor.fma(v1, s01);
      s02 = factor.fma(v2, s02);
      factor = DoubleVector.broadcast(SPECIES, x[row + k1]);
      s10 = factor.fma(v0, s10);
      s11 = factor.fma(v1, s11);
      s12 = factor.fma(v2, s12);
      factor = DoubleVector.broadcast(SPECIES, x[row + k2]);
      s20 = factor.fma(v0, s20);
      s21 = factor.fma(v1, s21);
      s22 = factor.fma(v2, s22);
      factor = DoubleVector.broadcast(SPECIES, x[row + k3]);
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

  private static void add(double[] sums, int from, int count, double[] to, int at) {
    for (int j = 0; j < count; j++) {
      to[at + j] += sums[from + j];
    }
  }
}
