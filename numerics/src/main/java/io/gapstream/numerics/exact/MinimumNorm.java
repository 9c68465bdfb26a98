package io.gapstream.numerics.exact;

import java.util.Arrays;

/**
 * The largest value of {@code F.c} over {@code c >= 0} with {@code ||sum_k c_k g_k|| <= 1}, that
 * is, of a linear function over the part of the unit ball in a cone; by duality the norm of the
 * shortest l with {@code l . g_k >= F_k} for every k. An active-set method: {@code l = sum_k c_k
 * g_k} with {@code l . g_k = F_k} and {@code c_k > 0} on the active set.
 *
 * <p>Holds work space, so it is for one thread.
 */
final class MinimumNorm {

  /** Constraints violated by less than this share of the largest one count as satisfied. */
  private static final double SATISFIED = 1e-12;

  private final int d;
  private final double[][] gram;
  private final double[][] factor;
  private final double[] solution;
  private final double[] c;
  private final boolean[] active;

  /** Whether the factor is that of the active set. */
  private boolean factored;

  MinimumNorm(int d) {
    this.d = d;
    gram = new double[d][d];
    factor = new double[d][d];
    solution = new double[d];
    c = new double[d];
    active = new boolean[d];
  }

  /** Takes a cone; the active set starts with all its generators. */
  void setCone(Generator[] generators) {
    for (int j = 0; j < d; j++) {
      double[] g = generators[j].point();
      for (int k = 0; k <= j; k++) {
        double[] h = generators[k].point();
        double sum = 0;
        for (int i = 0; i < d; i++) {
          sum += g[i] * h[i];
        }
        gram[j][k] = sum;
        gram[k][j] = sum;
      }
    }
    Arrays.fill(active, true);
    factored = false;
  }

  /** The product of two generators. */
  double product(int j, int k) {
    return gram[j][k];
  }

  /** The coefficients c at the last maximum, up to their common factor. Not to be modified. */
  double[] coefficients() {
    return c;
  }

  /** The generators whose constraints are tight, as bits. */
  int activeSet() {
    int bits = 0;
    for (int k = 0; k < d; k++) {
      bits |= active[k] ? 1 << k : 0;
    }
    return bits;
  }

  /**
   * The maximum, or infinity when the cone is too thin for double precision. Starts from the active
   * set of the last call.
   *
   * @param f d. Not modified.
   */
  double maximum(double[] f) {
    double scale = 0;
    for (int k = 0; k < d; k++) {
      scale = Math.max(scale, Math.abs(f[k]));
    }
    Arrays.fill(c, 0);
    if (!startFromActiveSet(f)) {
      Arrays.fill(active, false);
      factored = false;
    }
    // Each round raises the value; the limit only guards against rounding.
    for (int round = 0; round < 8 * d; round++) {
      int entering = -1;
      double most = SATISFIED * scale;
      for (int k = 0; k < d; k++) {
        if (!active[k]) {
          double slack = f[k] - productWithSum(k);
          if (slack > most) {
            most = slack;
            entering = k;
          }
        }
      }
      if (entering < 0) {
        return value(f);
      }
      active[entering] = true;
      factored = false;
      if (!moveToActive(f)) {
        return Double.POSITIVE_INFINITY;
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  /**
   * The derivative of the last maximum along a direction of F.
   *
   * @param direction d. Not modified.
   */
  double slope(double[] direction) {
    double slope = 0;
    double square = 0;
    for (int k = 0; k < d; k++) {
      slope += c[k] * direction[k];
      square += c[k] * productWithSum(k);
    }
    return square > 0 ? slope / Math.sqrt(square) : 0;
  }

  /**
   * How far F is to move along a direction from where it was at the last maximum, so that the
   * maximum is least if its active set stays the same; NaN when that cannot be said.
   *
   * @param direction d. Not modified.
   */
  double stepAlong(double[] direction) {
    if (!solve(direction)) {
      return Double.NaN;
    }
    double slope = 0;
    double curvature = 0;
    for (int k = 0; k < d; k++) {
      if (active[k]) {
        slope += c[k] * direction[k];
        curvature += solution[k] * direction[k];
      }
    }
    return -slope / curvature;
  }

  /** Whether the solution on the active set has only positive coefficients; it is then c. */
  private boolean startFromActiveSet(double[] f) {
    if (!solve(f)) {
      return false;
    }
    for (int k = 0; k < d; k++) {
      if (active[k] && !(solution[k] > 0)) {
        return false;
      }
    }
    for (int k = 0; k < d; k++) {
      c[k] = active[k] ? solution[k] : 0;
    }
    return true;
  }

  /** Moves to the solution on the active set; coefficients that reach zero on the way leave it. */
  private boolean moveToActive(double[] f) {
    while (true) {
      if (!solve(f)) {
        return false;
      }
      double step = 1;
      int leaving = -1;
      for (int k = 0; k < d; k++) {
        if (active[k] && !(solution[k] > 0)) {
          double length = c[k] == 0 ? 0 : c[k] / (c[k] - solution[k]);
          if (leaving < 0 || length < step) {
            step = length;
            leaving = k;
          }
        }
      }
      for (int k = 0; k < d; k++) {
        if (active[k]) {
          c[k] += step * (solution[k] - c[k]);
        }
      }
      if (leaving < 0) {
        return true;
      }
      active[leaving] = false;
      factored = false;
      c[leaving] = 0;
    }
  }

  private double productWithSum(int k) {
    double sum = 0;
    for (int j = 0; j < d; j++) {
      sum += gram[k][j] * c[j];
    }
    return sum;
  }

  private double value(double[] f) {
    double squares = 0;
    for (int k = 0; k < d; k++) {
      squares += c[k] * f[k];
    }
    return Math.sqrt(Math.max(0, squares));
  }

  /** Solves on the active set by a Cholesky factorisation; false when there is none. */
  private boolean solve(double[] f) {
    factored = factored || factor();
    if (!factored) {
      return false;
    }
    for (int j = 0; j < d; j++) {
      if (active[j]) {
        double[] row = factor[j];
        double sum = f[j];
        for (int k = 0; k < j; k++) {
          if (active[k]) {
            sum -= row[k] * solution[k];
          }
        }
        solution[j] = sum / row[j];
      }
    }
    for (int j = d - 1; j >= 0; j--) {
      if (active[j]) {
        double sum = solution[j];
        for (int k = j + 1; k < d; k++) {
          if (active[k]) {
            sum -= factor[k][j] * solution[k];
          }
        }
        solution[j] = sum / factor[j][j];
      }
    }
    return true;
  }

  private boolean factor() {
    for (int j = 0; j < d; j++) {
      if (!active[j]) {
        continue;
      }
      double[] row = factor[j];
      double pivot = gram[j][j];
      for (int k = 0; k < j; k++) {
        if (active[k]) {
          double[] other = factor[k];
          double sum = gram[j][k];
          for (int l = 0; l < k; l++) {
            if (active[l]) {
              sum -= row[l] * other[l];
            }
          }
          row[k] = sum / other[k];
          pivot -= row[k] * row[k];
        }
      }
      if (!(pivot > 0x1p-50 * gram[j][j])) {
        return false;
      }
      row[j] = Math.sqrt(pivot);
    }
    return true;
  }
}
