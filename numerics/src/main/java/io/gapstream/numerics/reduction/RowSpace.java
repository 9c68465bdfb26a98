package io.gapstream.numerics.reduction;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.kernels.Rows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An orthonormal basis of the row space of X and the coordinates of the rows: {@code X = Z V'} but
 * for what is left out. Row by row, by Gram and Schmidt, each row orthogonalised again as long as
 * much of it cancels, so that the basis is orthonormal to rounding however nearly dependent the
 * rows are.
 */
final class RowSpace {

  /** As large as what rounding leaves of a dependent row, as a share of the longest row. */
  static final double ROUNDING = 0x1p-46;

  /** The part that is left of a row is orthogonalised again when it is a smaller share. */
  private static final double AGAIN = 0.5;

  private static final int MOST_PASSES = 4;

  private final int d;
  private final double[][] basis;
  private final double[][] coordinates;
  private final double[] losses;

  private RowSpace(int d, double[][] basis, double[][] coordinates, double[] losses) {
    this.d = d;
    this.basis = basis;
    this.coordinates = coordinates;
    this.losses = losses;
  }

  /**
   * The basis; null when it has as many vectors as X has columns, so that nothing is gained, or the
   * deadline comes first.
   *
   * @param x {@code n x d}, row-major, of moderate magnitude. Not modified.
   * @param cut what is left of a row is left out up to this length
   */
  static @Nullable RowSpace of(int n, int d, double[] x, double cut, Deadline deadline) {
    List<double[]> basis = new ArrayList<>();
    double[][] coordinates = new double[n][];
    double[] losses = new double[n];
    for (int i = 0; i < n; i++) {
      if (deadline.reached()) {
        return null;
      }
      double[] rest = new double[d];
      System.arraycopy(x, i * d, rest, 0, d);
      double[] sums = new double[basis.size() + 1];
      double length = length(rest);
      double before = Double.POSITIVE_INFINITY;
      for (int pass = 0; pass < MOST_PASSES && length < AGAIN * before; pass++) {
        before = length;
        project(rest, basis, sums);
        length = length(rest);
      }
      if (length > cut) {
        if (basis.size() == d - 1) {
          return null;
        }
        sums[basis.size()] = length;
        for (int k = 0; k < d; k++) {
          rest[k] /= length;
        }
        basis.add(rest);
      } else {
        losses[i] = length;
      }
      coordinates[i] = sums;
    }
    if (basis.isEmpty()) {
      // A problem has a column at least.
      double[] axis = new double[d];
      axis[0] = 1;
      basis.add(axis);
    }
    return new RowSpace(d, basis.toArray(new double[0][]), coordinates, losses);
  }

  /** Takes the parts along the basis off a row and adds their lengths to the sums. */
  private static void project(double[] rest, List<double[]> basis, double[] sums) {
    int d = rest.length;
    double[] parts = new double[basis.size()];
    for (int j = 0; j < parts.length; j++) {
      parts[j] = dot(basis.get(j), rest);
      sums[j] += parts[j];
    }
    for (int j = 0; j < parts.length; j++) {
      Rows.add(basis.get(j), -parts[j], rest, d);
    }
  }

  /** Vectors of the basis. */
  int rank() {
    return basis.length;
  }

  /** What is left out of each row, n. */
  double[] losses() {
    return losses;
  }

  /** Z, {@code n x rank}, row-major. */
  double[] coordinates() {
    int r = basis.length;
    double[] z = new double[coordinates.length * r];
    for (int i = 0; i < coordinates.length; i++) {
      System.arraycopy(coordinates[i], 0, z, i * r, Math.min(r, coordinates[i].length));
    }
    return z;
  }

  /** {@code V'}, {@code rank x d}, row-major. */
  double[] basis() {
    double[] v = new double[basis.length * d];
    for (int j = 0; j < basis.length; j++) {
      System.arraycopy(basis[j], 0, v, j * d, d);
    }
    return v;
  }

  private static double length(double[] row) {
    return Math.sqrt(dot(row, row));
  }

  /** The length of one of several rows. */
  static double length(double[] rows, int from, int d) {
    return length(Arrays.copyOfRange(rows, from, from + d));
  }

  /** Four sums side by side, since each addition waits for the one before. */
  private static double dot(double[] a, double[] b) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int k = 0;
    for (; k + 4 <= a.length; k += 4) {
      s0 += a[k] * b[k];
      s1 += a[k + 1] * b[k + 1];
      s2 += a[k + 2] * b[k + 2];
      s3 += a[k + 3] * b[k + 3];
    }
    for (; k < a.length; k++) {
      s0 += a[k] * b[k];
    }
    return (s0 + s1) + (s2 + s3);
  }
}
