package io.gapstream.numerics.gated;

import io.gapstream.numerics.kernels.Cholesky;
import io.gapstream.numerics.kernels.Halves;
import io.gapstream.numerics.kernels.Rows;
import java.util.Arrays;

/**
 * Inverts {@code a I + Z Z'}, Z with few columns, by the identity of Woodbury:
 *
 * <pre>(a I + Z Z')^-1 = (I - Z (a I + Z' Z)^-1 Z') / a</pre>
 *
 * <p>The products with Z are in single precision, which is enough for a preconditioner. Holds work
 * space, so it is to be used by one thread.
 */
final class Preconditioner {

  /** Rows are filled up to a multiple, so that a vector always fits. */
  private static final int PAD = 16;

  private final int n;
  private final int q;
  private final double shift;
  private final float[][] rows;
  private final float[][] columns;

  /** Of {@code a I + Z'Z}. */
  private final Cholesky factor;

  private final double[] t;
  private final float[] single;
  private final float[][] partial;

  /**
   * @param shift a, above 0
   * @param columns Z by columns, {@code q x n}. Kept, not modified.
   */
  Preconditioner(double shift, float[][] columns, int n) {
    this.n = n;
    this.q = columns.length;
    this.shift = shift;
    this.columns = columns;
    int padded = (q + PAD - 1) / PAD * PAD;
    this.rows = Rows.transposed(columns, n, padded);
    this.t = new double[q];
    this.single = new float[Math.max(n, q)];
    this.partial = new float[2][Math.max(n, q)];
    float[][] gram = new float[q][padded];
    Halves.run((double) n * q * q / 2, () -> gram(0, gram), () -> gram(1, gram));
    this.factor = factor(gram);
  }

  private void gram(int parity, float[][] gram) {
    float[] none = new float[rows[0].length];
    for (int i = 0; i < n; i += 8) {
      float[] r0 = rows[i];
      float[] r1 = i + 1 < n ? rows[i + 1] : none;
      float[] r2 = i + 2 < n ? rows[i + 2] : none;
      float[] r3 = i + 3 < n ? rows[i + 3] : none;
      float[] r4 = i + 4 < n ? rows[i + 4] : none;
      float[] r5 = i + 5 < n ? rows[i + 5] : none;
      float[] r6 = i + 6 < n ? rows[i + 6] : none;
      float[] r7 = i + 7 < n ? rows[i + 7] : none;
      for (int j = parity; j < q; j += 2) {
        Rows.add(r0, r1, r2, r3, r0[j], r1[j], r2[j], r3[j], gram[j], (j + PAD) / PAD * PAD);
        Rows.add(r4, r5, r6, r7, r4[j], r5[j], r6[j], r7[j], gram[j], (j + PAD) / PAD * PAD);
      }
    }
  }

  private Cholesky factor(float[][] gram) {
    double[][] upper = new double[q][q];
    for (int j = 0; j < q; j++) {
      for (int k = 0; k <= j; k++) {
        upper[k][j] = gram[j][k];
      }
      upper[j][j] += shift;
    }
    // The shift bounds every pivot from below, up to rounding.
    return new Cholesky(upper, 0.5 * shift);
  }

  /**
   * Applies the inverse.
   *
   * @param r n. Not modified.
   * @param result n. Modified.
   */
  void apply(double[] r, double[] result) {
    for (int i = 0; i < n; i++) {
      single[i] = (float) r[i];
    }
    product(rows, n, q);
    for (int j = 0; j < q; j++) {
      t[j] = (double) partial[0][j] + partial[1][j];
    }
    factor.solve(t);
    for (int j = 0; j < q; j++) {
      single[j] = (float) t[j];
    }
    product(columns, q, n);
    for (int i = 0; i < n; i++) {
      result[i] = (r[i] - partial[0][i] - partial[1][i]) / shift;
    }
  }

  /**
   * Adds the product with the first columns of Z and their transpose.
   *
   * @param p n. Not modified.
   * @param count of columns
   * @param result n. Modified.
   */
  void addProduct(double[] p, int count, double[] result) {
    for (int i = 0; i < n; i++) {
      single[i] = (float) p[i];
    }
    product(rows, n, count);
    for (int j = 0; j < count; j++) {
      single[j] = partial[0][j] + partial[1][j];
    }
    product(columns, count, n);
    for (int i = 0; i < n; i++) {
      result[i] += (double) partial[0][i] + partial[1][i];
    }
  }

  private void product(float[][] matrix, int count, int length) {
    int middle = count / 2;
    Halves.run(
        (double) count * length,
        () -> product(matrix, 0, middle, partial[0], length),
        () -> product(matrix, middle, count, partial[1], length));
  }

  private void product(float[][] matrix, int from, int to, float[] result, int length) {
    Arrays.fill(result, 0);
    Rows.add(matrix, single, from, to, result, length);
  }
}
