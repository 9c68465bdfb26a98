package io.gapstream.numerics.quartic;

/**
 * Monomials in d variables, degree by degree. A monomial is the sorted list of its variables; those
 * of a degree are in lexicographic order. The ones whose least variable is at least a are then at
 * the end, which makes a degree out of the one below by d products of a number and a range.
 */
final class Monomials {

  private final int d;

  /** {@code first[k][a]}: where in degree k those with no variable below a begin. */
  private final int[][] first;

  Monomials(int d, int maxDegree) {
    this.d = d;
    first = new int[maxDegree + 1][d + 1];
    first[0][d] = 1;
    for (int k = 1; k <= maxDegree; k++) {
      for (int a = 0; a < d; a++) {
        first[k][a + 1] = first[k][a] + first[k - 1][d] - first[k - 1][a];
      }
    }
  }

  /** How many of degree k there are. */
  int count(int degree) {
    return first[degree][d];
  }

  /**
   * The place of a monomial among those of its degree.
   *
   * @param variables sorted. Not modified.
   */
  int rank(int... variables) {
    int rank = 0;
    int floor = 0;
    for (int i = 0; i < variables.length; i++) {
      int degree = variables.length - i;
      rank += first[degree][variables[i]] - first[degree][floor];
      floor = variables[i];
    }
    return rank;
  }

  /** The sorted variables of every monomial of a degree, in order. */
  int[][] variables(int degree) {
    int[][] all = new int[count(degree)][degree];
    for (int i = 1; i < all.length; i++) {
      int last = degree - 1;
      while (all[i - 1][last] == d - 1) {
        last--;
      }
      for (int k = 0; k < degree; k++) {
        all[i][k] = k < last ? all[i - 1][k] : all[i - 1][last] + 1;
      }
    }
    return all;
  }

  /** In how many orders the variables of a sorted monomial can be written. */
  static int orders(int[] variables) {
    int orders = 1;
    int run = 0;
    for (int k = 0; k < variables.length; k++) {
      run = k > 0 && variables[k] == variables[k - 1] ? run + 1 : 1;
      orders = orders * (k + 1) / run;
    }
    return orders;
  }

  /**
   * Evaluates all monomials.
   *
   * @param x holds the d variables from offset on. Not modified.
   * @param values for each degree from 0, its monomials. Modified.
   */
  void evaluate(double[] x, int offset, double[][] values) {
    values[0][0] = 1;
    for (int k = 1; k < values.length; k++) {
      double[] below = values[k - 1];
      double[] to = values[k];
      for (int a = 0; a < d; a++) {
        double factor = x[offset + a];
        int from = first[k - 1][a];
        int shift = first[k][a] - from;
        for (int i = from; i < first[k - 1][d]; i++) {
          to[i + shift] = factor * below[i];
        }
      }
    }
  }
}
