package io.gapstream.numerics.training;

import io.gapstream.numerics.RandomStream;
import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;

/** Mini-batches: every row once in each pass, in a new random order. */
final class Batches {

  private final int[] order;
  private final int size;
  private final UniformRandomProvider random;
  private int from;
  private int to;

  /**
   * @param n rows
   * @param size of a batch, from 1
   */
  Batches(int n, int size, long seed) {
    this.order = new int[n];
    Arrays.setAll(order, i -> i);
    this.size = size;
    this.random = RandomStream.BATCHES.uniform(seed);
    this.to = n;
  }

  /** Goes to the next batch; a last one of less than half the size joins the one before. */
  void advance() {
    int n = order.length;
    if (to == n) {
      for (int i = n - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int swap = order[i];
        order[i] = order[j];
        order[j] = swap;
      }
      to = 0;
    }
    from = to;
    to = n - from < size + (size + 1) / 2 ? n : from + size;
  }

  /** The rows in their present order. Shared: must not be modified. */
  int[] order() {
    return order;
  }

  /** The first of the batch in that order. */
  int from() {
    return from;
  }

  /** After the last. */
  int to() {
    return to;
  }
}
