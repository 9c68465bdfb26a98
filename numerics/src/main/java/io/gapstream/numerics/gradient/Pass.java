package io.gapstream.numerics.gradient;

import io.gapstream.numerics.Deadline;
import java.util.Arrays;

/**
 * One pass over some rows of the data, a block of rows at a time; a block's part of Z and of the
 * slopes S shares one work space, small enough to stay in a cache:
 *
 * <pre>Z = X_B U',   r = (Z)_+ a - y_B,   g_a += w (Z)_+' r,   S = 1[Z > 0] .* w r a',
 * g_U += S' X_B</pre>
 *
 * <p>Source: docs/mathematics.md, section 6. Weights are one array theta of {@code (d + 1) x m}:
 * row k holds the weights of input k in every neuron, the last row the output weights.
 *
 * <p>Holds weights, sums and work space, so it is for one thread at a time.
 */
abstract class Pass {

  /** Of a block's work space, which stays in the second cache beside weights and sums. */
  private static final int CACHED_BYTES = 1 << 18;

  final int d;
  final int m;

  /** Rows in a block; a multiple of 4. */
  final int block;

  private final double[] y;

  /**
   * @param width numbers that a row takes in the work space
   * @param bytes of each
   */
  Pass(int d, int m, double[] y, int width, int bytes) {
    this.d = d;
    this.m = m;
    this.y = y;
    this.block = Math.min(Math.max(CACHED_BYTES / bytes / width, 4), 64) & -4;
  }

  /**
   * Sums over rows. The gradient stays here until {@link #addGradient} hands it out.
   *
   * @param theta Not modified.
   * @param rows indices of rows. Not modified.
   * @param from first used of them
   * @param to after the last
   * @param weight w, of each row in the gradient
   * @return the sum of squares of r, each with weight 1
   * @throws io.gapstream.numerics.TimeUpException if the deadline's grace ends first
   */
  final double run(double[] theta, int[] rows, int from, int to, double weight, Deadline deadline) {
    begin(theta);
    double squares = 0;
    for (int first = from; first < to; first += block) {
      deadline.check();
      int held = Math.min(block, to - first);
      preactivations(rows, first, held);
      for (int b = 0; b < held; b++) {
        double r = output(b) - y[rows[first + b]];
        squares += r * r;
        slopes(b, weight * r);
      }
      backward(rows, first, held);
    }
    return squares;
  }

  /** The least multiple of a step that is not below a count. */
  static int padded(int count, int step) {
    return Math.multiplyExact((count - 1) / step + 1, step);
  }

  /** The indices of all rows. */
  static int[] all(int n) {
    int[] rows = new int[n];
    Arrays.setAll(rows, i -> i);
    return rows;
  }

  /** Takes the weights over and clears the sums. */
  abstract void begin(double[] theta);

  /** {@code Z = X_B U'} for the rows from {@code rows[first]} on. */
  abstract void preactivations(int[] rows, int first, int held);

  /** {@code (z)_+ . a} for row b of the block; NaN where a weight is. */
  abstract double output(int b);

  /** Adds {@code (z)_+ r} to the gradient of a, and leaves {@code 1[z > 0] r a} in z's place. */
  abstract void slopes(int b, double r);

  /** Adds {@code S' X_B} to the gradient of U. */
  abstract void backward(int[] rows, int first, int held);

  /**
   * Adds the gradient of {@code w/2 sum r^2}.
   *
   * @param gradient {@code (d + 1) x m}. Modified.
   */
  abstract void addGradient(double[] gradient);
}
