package io.gapstream.numerics.gradient;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.kernels.Halves;
import io.gapstream.numerics.kernels.VectorUnit;

/**
 * The squared error of a two-layer ReLU network of fixed width over rows of the data, and its
 * gradient; docs/mathematics.md, section 6.
 *
 * <p>The weights are one array theta of {@code (d + 1) x m}: row k holds the weights of input k in
 * every neuron, the last row the output weights.
 *
 * <p>Many rows are split into two halves, on two threads where there are two. What is split, and in
 * which order sums are formed, depends on the sizes alone, never on threads or processors. Explicit
 * vectors add in another order than plain loops, so the last digits depend on whether a machine has
 * them, and on their length.
 *
 * <p>Holds work space, so it is to be used by one thread.
 */
public final class SquaredError {

  /** Multiplications from which a second thread costs less than it saves. */
  private static final double WORTH_HALVING = 1e6;

  /** Multiplications over all rows below which vectors save less than their compilation takes. */
  private static final double WORTH_VECTORS = 1e6;

  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

  private final int n;
  private final int d;
  private final int m;
  private final double[] x;
  private final double[] y;
  private final Deadline deadline;
  private final Pass first;
  private final Pass second;

  /**
   * Work space for networks of one width; the fastest form for the sizes, the precision and the
   * machine.
   *
   * @param n rows, from 1
   * @param d columns, from 1
   * @param x {@code n x d}, row-major. Not modified.
   * @param y n. Not modified.
   * @param m neurons, from 1
   * @param precision of everything but theta, y and the sums over rows of squares
   * @param deadline of all that is asked for
   */
  public SquaredError(
      int n, int d, double[] x, double[] y, int m, Precision precision, Deadline deadline) {
    this(n, d, x, y, m, precision, deadline, VectorUnit.isAvailable() && suitsVectors(n, d, m));
  }

  SquaredError(int n, int d, double[] x, double[] y, int m, Precision precision) {
    this(n, d, x, y, m, precision, Deadline.none());
  }

  SquaredError(
      int n, int d, double[] x, double[] y, int m, Precision precision, boolean explicitVectors) {
    this(n, d, x, y, m, precision, Deadline.none(), explicitVectors);
  }

  private SquaredError(
      int n,
      int d,
      double[] x,
      double[] y,
      int m,
      Precision precision,
      Deadline deadline,
      boolean explicitVectors) {
    this.deadline = deadline;
    this.n = n;
    this.d = d;
    this.m = m;
    this.x = x;
    this.y = y;
    if (precision == Precision.FLOAT64) {
      first = explicitVectors ? new VectorDoublePass(d, m, x, y) : new PlainDoublePass(d, m, x, y);
      second = explicitVectors ? new VectorDoublePass(d, m, x, y) : new PlainDoublePass(d, m, x, y);
    } else {
      float[] rounded = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        rounded[i] = (float) x[i];
      }
      first =
          explicitVectors
              ? new VectorFloatPass(d, m, rounded, y)
              : new PlainFloatPass(d, m, rounded, y);
      second =
          explicitVectors
              ? new VectorFloatPass(d, m, rounded, y)
              : new PlainFloatPass(d, m, rounded, y);
    }
  }

  boolean hasExplicitVectors() {
    return !(first instanceof PlainDoublePass) && !(first instanceof PlainFloatPass);
  }

  /** Whether there is enough to do, tiles of 4 columns are not mostly empty, and panels fit. */
  private static boolean suitsVectors(int n, int d, int m) {
    return multiplications(n, d, m) >= WORTH_VECTORS
        && d >= 3
        && (m + 64L) * (d + 4L) <= LONGEST_ARRAY;
  }

  private static double multiplications(int rows, int d, int m) {
    return 2.0 * rows * d * m;
  }

  /**
   * Over some rows, {@code sum r^2} with {@code r = (x . U')_+ a - y}.
   *
   * @param theta Not modified.
   * @param rows indices of rows. Not modified.
   * @param from first used of them
   * @param to after the last
   * @param weight w
   * @param gradient receives, in addition to what is there, the gradient of {@code w/2 sum r^2}.
   *     Modified.
   * @return the sum, not weighted; not finite where weights or sums leave the finite numbers
   * @throws io.gapstream.numerics.TimeUpException if the deadline's grace ends first
   */
  public double add(
      double[] theta, int[] rows, int from, int to, double weight, double[] gradient) {
    double work = multiplications(to - from, d, m);
    if (work < WORTH_HALVING) {
      double squares = first.run(theta, rows, from, to, weight, deadline);
      first.addGradient(gradient);
      return squares;
    }
    int middle = Math.min(to, from + Pass.padded((to - from) / 2 + 1, 4));
    double[] squares = new double[2];
    Halves.run(
        work,
        () -> squares[0] = first.run(theta, rows, from, middle, weight, deadline),
        () -> squares[1] = second.run(theta, rows, middle, to, weight, deadline));
    first.addGradient(gradient);
    second.addGradient(gradient);
    return squares[0] + squares[1];
  }

  /**
   * The share of the entries of {@code 1[XU' > 0]} that differ between two sets of weights, in
   * float64.
   *
   * @param theta Not modified.
   * @param other Not modified.
   * @throws io.gapstream.numerics.TimeUpException if the deadline's grace ends first
   */
  public double patternDrift(double[] theta, double[] other, Deadline until) {
    long flipped = new PlainDoublePass(d, m, x, y).flippedPatterns(n, theta, other, until);
    return (double) flipped / ((double) n * m);
  }
}
