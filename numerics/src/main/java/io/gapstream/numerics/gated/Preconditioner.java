package io.gapstream.numerics.gated;

import io.gapstream.numerics.kernels.Halves;
import java.util.Arrays;

/**
 * Inverts {@code a I + Z Z'}, Z with few columns, by the identity of Woodbury:
 *
 * <pre>(a I + Z Z')^-1 = (I - Z (a I + Z' Z)^-1 Z') / a</pre>
 *
 * <p>Holds work space, so it is to be used by one thread.
 */
final class Preconditioner {

  private final int n;
  private final int q;
  private final double shift;
  private final double[][] z;

  /** The lower Cholesky factor of {@code a I + Z'Z}, by rows and by columns. */
  private final double[][] lower;

  private final double[][] upper;
  private final double[] t;
  private final double[] other;

  /**
   * @param shift a, above 0
   * @param z Z by rows, {@code n x q}. Kept, not modified.
   */
  Preconditioner(double shift, double[][] z, int q) {
    this.n = z.length;
    this.q = q;
    this.shift = shift;
    this.z = z;
    this.lower = new double[q][];
    this.upper = new double[q][q];
    this.t = new double[q];
    this.other = new double[q];
    for (int j = 0; j < q; j++) {
      lower[j] = new double[j + 1];
    }
    Halves.run((double) n * q * q / 2, () -> gram(0), () -> gram(1));
    factor();
  }

  private void gram(int parity) {
    double[] none = new double[q];
    for (int i = 0; i < n; i += 8) {
      double[] r0 = z[i];
      double[] r1 = i + 1 < n ? z[i + 1] : none;
      double[] r2 = i + 2 < n ? z[i + 2] : none;
      double[] r3 = i + 3 < n ? z[i + 3] : none;
      double[] r4 = i + 4 < n ? z[i + 4] : none;
      double[] r5 = i + 5 < n ? z[i + 5] : none;
      double[] r6 = i + 6 < n ? z[i + 6] : none;
      double[] r7 = i + 7 < n ? z[i + 7] : none;
      for (int j = parity; j < q; j += 2) {
        Vectors.add(r0, r1, r2, r3, r0[j], r1[j], r2[j], r3[j], lower[j], j + 1);
        Vectors.add(r4, r5, r6, r7, r4[j], r5[j], r6[j], r7[j], lower[j], j + 1);
      }
    }
  }

  /** Cholesky by rows of the transposed factor, so that the inner loop runs along a row. */
  private void factor() {
    for (int j = 0; j < q; j++) {
      lower[j][j] += shift;
      for (int k = 0; k <= j; k++) {
        upper[k][j] = lower[j][k];
      }
    }
    for (int j = 0; j < q; j++) {
      double[] row = upper[j];
      // The shift bounds every pivot from below, up to rounding.
      double pivot = Math.sqrt(Math.max(row[j], 0.5 * shift));
      for (int k = j; k < q; k++) {
        row[k] /= pivot;
      }
      row[j] = pivot;
      for (int i = j + 1; i < q; i++) {
        Vectors.subtract(row[i], row, upper[i], i, q);
      }
      for (int i = j; i < q; i++) {
        lower[i][j] = row[i];
      }
    }
  }

  /**
   * Applies the inverse.
   *
   * @param r n. Not modified.
   * @param result n. Modified.
   */
  void apply(double[] r, double[] result) {
    int middle = n / 2;
    double work = 2.0 * n * q;
    Halves.run(work, () -> transposed(r, 0, middle, t), () -> transposed(r, middle, n, other));
    for (int j = 0; j < q; j++) {
      t[j] += other[j];
    }
    for (int j = 0; j < q; j++) {
      t[j] /= upper[j][j];
      Vectors.subtract(t[j], upper[j], t, j + 1, q);
    }
    for (int j = q - 1; j >= 0; j--) {
      t[j] /= upper[j][j];
      Vectors.subtract(t[j], lower[j], t, 0, j);
    }
    Halves.run(work, () -> rest(r, result, 0, middle), () -> rest(r, result, middle, n));
  }

  private void transposed(double[] r, int from, int to, double[] target) {
    Arrays.fill(target, 0);
    int i = from;
    for (; i + 3 < to; i += 4) {
      Vectors.add(
          z[i], z[i + 1], z[i + 2], z[i + 3], r[i], r[i + 1], r[i + 2], r[i + 3], target, q);
    }
    for (; i < to; i++) {
      Vectors.subtract(-r[i], z[i], target, 0, q);
    }
  }

  private void rest(double[] r, double[] result, int from, int to) {
    for (int i = from; i < to; i++) {
      result[i] = (r[i] - Vectors.dot(z[i], t, q)) / shift;
    }
  }
}
