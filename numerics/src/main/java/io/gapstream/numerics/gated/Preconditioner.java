package io.gapstream.numerics.gated;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.kernels.Cholesky;
import io.gapstream.numerics.kernels.Halves;
import io.gapstream.numerics.kernels.MatrixProducts;
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
   * @throws io.gapstream.numerics.TimeUpException if the deadline's grace ends first
   */
  Preconditioner(double shift, float[][] columns, int n, Deadline deadline) {
    this.n = n;
    this.q = columns.length;
    this.shift = shift;
    this.columns = columns;
    this.rows = Rows.transposed(columns, n, q);
    this.t = new double[q];
    this.single = new float[Math.max(n, q)];
    this.partial = new float[2][Math.max(n, q)];
    float[][] gram = new float[q][q];
    int middle = Halves.middleOfTriangle(q);
    Halves.run(
        (double) n * q * q / 2,
        () -> gram(0, middle, gram, deadline),
        () -> gram(middle, q, gram, deadline));
    this.factor = factor(gram, deadline);
  }

  private void gram(int from, int to, float[][] gram, Deadline deadline) {
    MatrixProducts.add(1, rows, rows, 0, n, gram, from, to, 0, q, true, deadline);
  }

  private Cholesky factor(float[][] gram, Deadline deadline) {
    double[][] matrix = new double[q][q];
    for (int j = 0; j < q; j++) {
      for (int k = 0; k <= j; k++) {
        matrix[j][k] = gram[j][k];
      }
      matrix[j][j] += shift;
    }
    // The shift bounds every pivot from below, up to rounding.
    return new Cholesky(matrix, 0.5 * shift, deadline);
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
