package io.gapstream.numerics.bound;

/** The evidence that a number T is at least {@code tau_+(nu)}. */
public sealed interface Witness {

  /**
   * The multipliers of rung {@code quadratic}; docs/mathematics.md, section 3.2. The arrays are
   * shared and must not be modified.
   *
   * @param mu one for each row with {@code nu_i > 0}, in the order of the rows, each above 0
   * @param theta one for each row with {@code nu_i < 0}, in the order of the rows, each in [0, 1]
   * @param sigma one for each row with {@code nu_i < 0}, in the order of the rows, each in [-1, 1]
   * @param metric {@code W}, d rows of any length, row-major, with {@code S = W W'}; empty for
   *     {@code S = I}
   * @param lambda 0 or above, with {@code lambda I - Q} positive definite
   */
  @SuppressWarnings("ArrayRecordComponent") // shared, large, never compared
  record Quadratic(double[] mu, double[] theta, double[] sigma, double[] metric, double lambda)
      implements Witness {}

  /**
   * The multipliers of rung {@code pairs}; docs/mathematics.md, section 3.4. The arrays are shared
   * and must not be modified.
   *
   * @param squares {@code b_i}, one for each row
   * @param anchors {@code a_i}, one for each row, each 0 or above
   * @param theta one for each row, each in [0, 1]
   * @param sigma one for each row, each in [-1, 1]
   * @param first {@code i_p}, the larger row of each pair
   * @param second {@code j_p < i_p}
   * @param weights {@code w_p}, one for each pair
   * @param metric {@code W}, d rows of any length, row-major, with {@code S = W W'}; empty for
   *     {@code S = I}
   * @param lambda 0 or above
   */
  @SuppressWarnings("ArrayRecordComponent") // shared, large, never compared
  record Pairs(
      double[] squares,
      double[] anchors,
      double[] theta,
      double[] sigma,
      int[] first,
      int[] second,
      double[] weights,
      double[] metric,
      double lambda)
      implements Witness {}

  /**
   * The search tree of rung {@code cone-bnb}, section 3.6.
   *
   * @param bound what {@code tau_+(nu)} is said not to exceed
   * @param tree the tree as bytes, depth first. Shared: must not be modified.
   */
  @SuppressWarnings("ArrayRecordComponent") // shared, large, never compared
  record ConeTree(double bound, byte[] tree) implements Witness {}

  /**
   * Polynomials of degree four and a sum of squares, rung {@code quartic}; docs/mathematics.md,
   * section 3.5. All but the Gram matrix are pure numbers. The arrays are shared and must not be
   * modified.
   *
   * @param touch {@code omega}, one for each row with {@code nu_i > 0}, in the order of the rows,
   *     each in (0, 1]
   * @param slope {@code kappa}, one for each row with {@code nu_i < 0}, in the order of the rows,
   *     each 0 or above
   * @param offset {@code o}, one for each row with {@code nu_i < 0}, in the order of the rows, each
   *     in [-1, 1]
   * @param gram the lower triangle, row by row, of a positive semidefinite matrix in units of tau
   */
  @SuppressWarnings("ArrayRecordComponent") // shared, large, never compared
  record Quartic(double[] touch, double[] slope, double[] offset, double[] gram)
      implements Witness {}

  /** Rung {@code triangle}, section 3.7: needs no evidence. */
  record Triangle() implements Witness {}
}
