package io.gapstream.numerics.quartic;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;
import java.util.Arrays;

/**
 * Moments up to degree four of a measure on the unit sphere of R^d, and the matrix in which they
 * must be positive semidefinite. Since {@code ||u||^2 = 1}, those of degree four and three are all:
 *
 * <pre>coordinates  y = (E u^4, E u^3)
 * full         (m_0, E u, E u^2, E u^3, E u^4), E p = sum_a E p u_a^2 for p of degree 0, 1, 2
 * matrix       M = E v v', v = (u_a; u_a u_b, a <= b)</pre>
 *
 * <p>The transposed map, from coefficients of a polynomial to those of its forms of degree four and
 * three, is {@link #pullBack}.
 */
final class Moments {

  static final int DEGREE = 4;

  final int d;
  final Monomials monomials;

  /** Where each degree begins in the full vector. */
  final int[] offset = new int[DEGREE + 2];

  /** Of every monomial of the full vector: in how many orders it can be written. */
  final double[] orders;

  /** Entries of the full vector. */
  final int fullSize;

  /** Entries of the coordinates. */
  final int size;

  /** Order of the matrix. */
  final int order;

  /** {@code order x order}: where in the full vector an entry of the matrix is. */
  final int[][] entry;

  /** {@code fullSize x fullSize}: the place of a product of monomials among those of its degree. */
  final int[][] product;

  /** For each monomial of degree 0, 1 and 2 of the full vector, where its d terms are. */
  private final int[][] terms;

  private final Pace pace;

  Moments(int d) {
    this(d, Deadline.none());
  }

  /**
   * @param deadline ends whatever takes long once its grace is over
   */
  Moments(int d, Deadline deadline) {
    this.pace = new Pace(deadline);
    this.d = d;
    monomials = new Monomials(d, 2 * DEGREE);
    for (int k = 0; k <= DEGREE; k++) {
      offset[k + 1] = offset[k] + monomials.count(k);
    }
    fullSize = offset[DEGREE + 1];
    size = fullSize - offset[3];
    order = offset[3] - offset[1];
    int[][] variables = new int[fullSize][];
    orders = new double[fullSize];
    for (int k = 0; k <= DEGREE; k++) {
      int[][] ofDegree = monomials.variables(k);
      for (int i = 0; i < ofDegree.length; i++) {
        variables[offset[k] + i] = ofDegree[i];
        orders[offset[k] + i] = Monomials.orders(ofDegree[i]);
      }
    }
    product = new int[fullSize][fullSize];
    for (int i = 0; i < fullSize; i++) {
      pace.count(50L * i); // memory is allocated for each
      for (int j = 0; j <= i; j++) {
        product[i][j] = monomials.rank(merge(variables[i], variables[j]));
        product[j][i] = product[i][j];
      }
    }
    entry = new int[order][order];
    for (int i = 0; i < order; i++) {
      for (int j = 0; j < order; j++) {
        int one = offset[1] + i;
        int two = offset[1] + j;
        entry[i][j] = offset[variables[one].length + variables[two].length] + product[one][two];
      }
    }
    terms = new int[offset[3]][d];
    for (int i = 0; i < terms.length; i++) {
      for (int a = 0; a < d; a++) {
        int degree = variables[i].length + 2;
        int[] square = {a, a};
        terms[i][a] = offset[degree] + monomials.rank(merge(variables[i], square));
      }
    }
  }

  private static int[] merge(int[] a, int[] b) {
    int[] merged = new int[a.length + b.length];
    for (int i = 0, j = 0, k = 0; k < merged.length; k++) {
      merged[k] = j == b.length || i < a.length && a[i] <= b[j] ? a[i++] : b[j++];
    }
    return merged;
  }

  /**
   * All moments from the coordinates.
   *
   * @param y holds the coordinates from {@code from} on. Not modified.
   * @param full the full vector. Modified.
   */
  void expand(double[] y, int from, double[] full) {
    int fours = monomials.count(4);
    int threes = monomials.count(3);
    System.arraycopy(y, from, full, offset[4], fours);
    System.arraycopy(y, from + fours, full, offset[3], threes);
    for (int i = terms.length - 1; i >= 0; i--) {
      double sum = 0;
      for (int term : terms[i]) {
        sum += full[term];
      }
      full[i] = sum;
    }
  }

  /**
   * The transpose of {@link #expand}, added up.
   *
   * @param full the full vector. Modified.
   * @param y receives the sum from {@code from} on. Modified.
   */
  void pullBack(double[] full, double[] y, int from) {
    for (int i = 0; i < terms.length; i++) {
      for (int term : terms[i]) {
        full[term] += full[i];
      }
    }
    int fours = monomials.count(4);
    for (int i = 0; i < fours; i++) {
      y[from + i] += full[offset[4] + i];
    }
    for (int i = fours; i < size; i++) {
      y[from + i] += full[offset[3] + i - fours];
    }
  }

  /**
   * {@link #pullBack} of the rows and of the columns of a matrix.
   *
   * @param full {@code fullSize x fullSize}. Modified.
   * @param matrix receives the sum from row and column on, only at and above its diagonal.
   *     Modified.
   */
  void pullBack(double[][] full, double[][] matrix, int row, int column) {
    for (int i = 0; i < terms.length; i++) {
      pace.count((long) d * fullSize);
      for (int term : terms[i]) {
        double[] to = full[term];
        double[] from = full[i];
        for (int j = 0; j < fullSize; j++) {
          to[j] += from[j];
        }
      }
    }
    int fours = monomials.count(4);
    double[] pulled = new double[size];
    for (int i = 0; i < size; i++) {
      pace.count(2L * fullSize);
      double[] from = full[i < fours ? offset[4] + i : offset[3] + i - fours];
      Arrays.fill(pulled, 0);
      pullBack(from, pulled, 0);
      double[] to = matrix[row + i];
      for (int j = row == column ? i : 0; j < size; j++) {
        to[column + j] = pulled[j];
      }
    }
  }

  /** The coordinates of the uniform distribution. */
  double[] uniform() {
    double[] y = new double[size];
    double scale = 1.0 / (d * (d + 2.0));
    for (int a = 0; a < d; a++) {
      for (int b = a; b < d; b++) {
        y[monomials.rank(a, a, b, b)] = a == b ? 3 * scale : scale;
      }
    }
    return y;
  }
}
