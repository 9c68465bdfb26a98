package io.gapstream.numerics.exact;

import org.jspecify.annotations.Nullable;

/** A cone of the search tree. Open until it is closed or split; then it only holds its place. */
final class Node {

  /** The steps that led from the w of the cone above to this one's, as the witness has them. */
  byte[] steps = ConeBound.NO_STEPS;

  /** The active generators of the bound, as bits. */
  int active;

  /** {@code g} is at most this on the part of the unit ball in the cone. */
  double bound = Double.POSITIVE_INFINITY;

  /** The rows in the form that suits this cone; null once no longer open. */
  @Nullable SignedRows rows;

  /** Generations since the rows took this form. */
  int age;

  /** d; null once the node is no longer open. */
  Generator @Nullable [] generators;

  /** {@code w = sum_i theta_i |nu_i| x_i}, d; null once no longer open. */
  double @Nullable [] w;

  /** The excess of the chord of each pair, NaN where unknown; null once no longer open. */
  double @Nullable [] excess;

  /** Where the maximum of the bound is, in multiples of the generators. */
  double @Nullable [] coefficients;

  /** The pair that was split; -1 for a leaf. */
  int pair = -1;

  /** The largest value of {@code g} that bounding it came across, at {@code foundAt}. */
  double found;

  double @Nullable [] foundAt;

  @Nullable Node first;
  @Nullable Node second;

  /** Steps since w was last replaced as a whole. */
  int stepsTaken;

  /**
   * @param rows of the cone above
   * @param w of the cone above. Not modified.
   * @param stepsTaken of the cone above
   */
  Node(
      SignedRows rows,
      int age,
      Generator[] generators,
      double[] w,
      int stepsTaken,
      double[] excess) {
    this.rows = rows;
    this.age = age;
    this.generators = generators;
    this.w = w;
    this.stepsTaken = stepsTaken;
    this.excess = excess;
  }

  void close() {
    rows = null;
    generators = null;
    w = null;
    excess = null;
    coefficients = null;
  }
}
