package io.gapstream.numerics.exact;

import org.jspecify.annotations.Nullable;

/** A cone of the search tree. Open until it is closed or split; then it only holds its place. */
final class Node implements Comparable<Node> {

  /** What the witness says of the cone as a leaf, for the bound that it has. */
  byte[] leaf = ConeBound.PLAIN_LEAF;

  /** {@code g} is at most this on the part of the unit ball in the cone. */
  double bound = Double.POSITIVE_INFINITY;

  /** d; null once the node is no longer open. */
  Generator @Nullable [] generators;

  /** The excess of the chord of each pair, NaN where unknown; null once no longer open. */
  double @Nullable [] excess;

  /** Where the maximum of the bound is, in multiples of the generators. */
  double @Nullable [] coefficients;

  /** The pair that was split; -1 for a leaf. */
  int pair = -1;

  @Nullable Node first;
  @Nullable Node second;

  Node(Generator[] generators, double[] excess) {
    this.generators = generators;
    this.excess = excess;
  }

  void close() {
    generators = null;
    excess = null;
    coefficients = null;
  }

  /** The one with the larger bound comes first. */
  @Override
  public int compareTo(Node other) {
    return Double.compare(other.bound, bound);
  }
}
