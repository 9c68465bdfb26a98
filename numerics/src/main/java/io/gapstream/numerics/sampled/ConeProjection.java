package io.gapstream.numerics.sampled;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.kernels.Rows;
import io.gapstream.numerics.problem.Problem;
import java.util.Arrays;

/**
 * Projects vectors onto the cone {@code K = {u : c_i . u >= 0}} of a pattern, {@code c_i = +-x_i /
 * ||x_i||}, plus where the row is active.
 *
 * <p>By Moreau's theorem the projection of t is {@code t + C'm} for the {@code m >= 0} that makes
 * it shortest, and for any such m that vector is at least as long as the projection. So the active
 * set method of Lawson and Hanson for m may stop as soon as the vector is short enough.
 *
 * <p>Source: Lawson and Hanson, Solving Least Squares Problems (1974), chapter 23.
 *
 * <p>Holds work space, so it is for one thread.
 */
final class ConeProjection {

  /** How far below zero {@code c_i . u} may be, relative to the length of t. */
  private static final double TOLERANCE = 1e-13;

  /** A row this near to the span of others, in units of its length, is taken to lie in it. */
  private static final double IN_SPAN = 1e-9;

  private final Pace pace;
  private final Gates gates;
  private final int n;
  private final int d;

  /** The rows of X at unit length, and zero rows. */
  private final double[][] rows;

  /** The same by columns. */
  private final double[][] columns;

  private final double[] products;

  private final int[] set;
  private final double[] multipliers;
  private final double[] trial;
  private final double[] signs;

  /** An orthonormal basis of the rows in the set, and the triangle that makes the rows of it. */
  private final double[][] basis;

  private final double[][] triangle;
  private final double[] coordinates;
  private final double[] u;
  private int held;

  /**
   * @param deadline ends a projection once its grace is over
   */
  ConeProjection(Problem problem, Gates gates, Deadline deadline) {
    this.pace = new Pace(deadline);
    this.gates = gates;
    this.n = problem.n();
    this.d = problem.d();
    this.rows = unitRows(problem);
    this.columns = new double[d][n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < d; k++) {
        columns[k][i] = rows[i][k];
      }
    }
    this.products = new double[n];
    this.set = new int[d + 1];
    this.multipliers = new double[d + 1];
    this.trial = new double[d + 1];
    this.signs = new double[n];
    this.basis = new double[d + 1][d];
    this.triangle = new double[d + 1][d + 1];
    this.coordinates = new double[d + 1];
    this.u = new double[d];
  }

  private static double[][] unitRows(Problem problem) {
    int d = problem.d();
    double[][] rows = new double[problem.n()][];
    for (int i = 0; i < rows.length; i++) {
      double[] row = Arrays.copyOfRange(problem.x(), i * d, (i + 1) * d);
      double norm = norm(row);
      for (int k = 0; k < d && norm > 0; k++) {
        row[k] /= norm;
      }
      rows[i] = row;
    }
    return rows;
  }

  /**
   * Projects t, or finds that its projection is no longer than the limit.
   *
   * @param t d. Not modified.
   * @param start rows that are likely to be tight. Not modified.
   * @param limit the search ends once the vector is no longer
   * @return the length of the vector found, which is at least that of the projection
   * @throws io.gapstream.numerics.TimeUpException if the deadline's grace ends first
   */
  double project(int pattern, double[] t, int[] start, double limit) {
    System.arraycopy(t, 0, u, 0, d);
    held = 0;
    double size = norm(t);
    if (size <= limit) {
      return size;
    }
    for (int i = 0; i < n; i++) {
      signs[i] = gates.isActive(pattern, i) ? 1 : -1;
    }
    for (int row : start) {
      include(row);
    }
    settle(t);
    // Rounding may make the method turn in circles; far more steps than it ever needs.
    for (int step = 0; step < 20 * d + 2 * n; step++) {
      pace.count((long) n * d);
      double length = norm(u);
      if (length <= limit || held == d) {
        return length;
      }
      int worst = -1;
      double least = -TOLERANCE * size;
      Arrays.fill(products, 0);
      Rows.add(columns, u, 0, d, products, n);
      for (int i = 0; i < n; i++) {
        double product = signs[i] * products[i];
        if (product < least) {
          least = product;
          worst = i;
        }
      }
      if (worst < 0 || !include(worst)) {
        return length;
      }
      settle(t);
    }
    return norm(u);
  }

  /** The vector found last. Overwritten by the next projection. */
  double[] vector() {
    return u;
  }

  /** The rows that are tight at the vector found last. */
  int[] tight() {
    return Arrays.copyOf(set, held);
  }

  /**
   * Replaces a vector by its component orthogonal to some rows.
   *
   * @param orthogonal rows, linearly independent. Not modified.
   * @param vectors each d. Modified.
   */
  void ontoFace(int[] orthogonal, double[][] vectors) {
    held = 0;
    for (int row : orthogonal) {
      include(row);
    }
    for (double[] vector : vectors) {
      ontoFace(vector);
    }
  }

  private void ontoFace(double[] vector) {
    for (int j = 0; j < held; j++) {
      double product = dot(basis[j], vector);
      for (int k = 0; k < d; k++) {
        vector[k] -= product * basis[j][k];
      }
    }
  }

  /** Adds a row with the multiplier 0, unless it lies in the span of the others. */
  private boolean include(int row) {
    if (held == d) {
      return false;
    }
    set[held] = row;
    multipliers[held] = 0;
    if (!orthonormalise(held)) {
      return false;
    }
    held++;
    return true;
  }

  /** Sets basis vector and triangle of one row of the set; false if it lies in the span. */
  private boolean orthonormalise(int j) {
    pace.count(4L * j * d);
    double[] target = basis[j];
    double[] row = rows[set[j]];
    for (int k = 0; k < d; k++) {
      target[k] = signs[set[j]] * row[k];
    }
    Arrays.fill(triangle[j], 0, j, 0);
    // Twice is enough (Kahan).
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < j; i++) {
        double product = dot(basis[i], target);
        triangle[j][i] += product;
        for (int k = 0; k < d; k++) {
          target[k] -= product * basis[i][k];
        }
      }
    }
    double norm = norm(target);
    if (norm < IN_SPAN) {
      return false;
    }
    triangle[j][j] = norm;
    for (int k = 0; k < d; k++) {
      target[k] /= norm;
    }
    return true;
  }

  /** Moves to the shortest vector over the set, leaving out rows whose multiplier would be < 0. */
  private void settle(double[] t) {
    while (true) {
      for (int j = 0; j < held; j++) {
        coordinates[j] = dot(basis[j], t);
      }
      int blocking = -1;
      double share = 1;
      for (int j = held - 1; j >= 0; j--) {
        double sum = -coordinates[j];
        for (int i = j + 1; i < held; i++) {
          sum -= triangle[i][j] * trial[i];
        }
        trial[j] = sum / triangle[j][j];
        if (trial[j] <= 0) {
          double whole = multipliers[j] - trial[j];
          double limit = whole == 0 ? 0 : multipliers[j] / whole;
          if (blocking < 0 || limit < share) {
            blocking = j;
            share = limit;
          }
        }
      }
      if (blocking < 0) {
        System.arraycopy(trial, 0, multipliers, 0, held);
        break;
      }
      int kept = 0;
      for (int j = 0; j < held; j++) {
        double at = multipliers[j] + share * (trial[j] - multipliers[j]);
        if (j != blocking && (trial[j] > 0 || at > 0)) {
          set[kept] = set[j];
          multipliers[kept++] = at;
        }
      }
      held = kept;
      for (int j = 0; j < held; j++) {
        orthonormalise(j);
      }
    }
    System.arraycopy(t, 0, u, 0, d);
    // Twice, so that u is orthogonal to the tight rows up to rounding of u itself.
    ontoFace(u);
    ontoFace(u);
  }

  static double dot(double[] a, double[] b) {
    double even = 0;
    double odd = 0;
    int k = 0;
    for (; k + 1 < a.length; k += 2) {
      even += a[k] * b[k];
      odd += a[k + 1] * b[k + 1];
    }
    return k < a.length ? even + odd + a[k] * b[k] : even + odd;
  }

  static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }
}
