package io.gapstream.numerics.problem;

import java.util.Arrays;

/**
 * Value and gradient of (P) at a network of fixed width; docs/mathematics.md, section 6:
 *
 * <pre>Z = X U',  H = (Z)_+,  r = H a - y,
 * grad_a = H'r + beta a,   grad_U = (1[Z > 0] .* (r a'))' X + beta U</pre>
 *
 * <p>The weights are one array theta of {@code (d + 1) x m}: row k holds the weights of input k in
 * every neuron, the last row the output weights. So every inner loop runs over neurons, which lie
 * next to each other. Rows of X pass through in blocks that stay in the nearest cache. Work space
 * is held as arrays of rows, since the compiler vectorises no loop over two offsets into flat
 * arrays.
 *
 * <p>Holds work space, so it is for one thread.
 */
public final class Loss {

  /** Rows in a block; a multiple of 4. */
  private static final int BLOCK = 16;

  private final int n;
  private final int d;
  private final int m;
  private final double[] x;
  private final double[] y;
  private final double beta;
  private final double[][] weights;
  private final double[][] sums;
  private final double[][] z;
  private final int[] all;

  /**
   * Work space for networks of one width.
   *
   * @param width m, from 1
   */
  public Loss(Problem problem, int width) {
    n = problem.n();
    d = problem.d();
    m = width;
    x = problem.x();
    y = problem.y();
    beta = problem.beta();
    weights = new double[d + 1][m];
    sums = new double[d + 1][m];
    z = new double[BLOCK][m];
    all = new int[n];
    Arrays.setAll(all, i -> i);
  }

  /** Weights in theta. */
  public int parameters() {
    return (d + 1) * m;
  }

  /**
   * The value of (P) and its gradient.
   *
   * @param theta Not modified.
   * @param gradient Modified.
   */
  public double gradient(double[] theta, double[] gradient) {
    return gradient(theta, all, 0, n, gradient);
  }

  /**
   * An unbiased estimate of the value and the gradient, from some of the rows.
   *
   * @param theta Not modified.
   * @param rows indices of rows. Not modified.
   * @param from first used of them
   * @param to after the last
   * @param gradient Modified.
   */
  public double gradient(double[] theta, int[] rows, int from, int to, double[] gradient) {
    load(theta);
    for (double[] row : sums) {
      Arrays.fill(row, 0);
    }
    double weight = (double) n / (to - from);
    double squares = 0;
    for (int first = from; first < to; first += BLOCK) {
      int held = Math.min(BLOCK, to - first);
      preactivations(rows, first, held);
      for (int b = 0; b < held; b++) {
        double r = output(z[b], weights[d]) - y[rows[first + b]];
        squares += r * r;
        slopes(z[b], weights[d], sums[d], weight * r);
      }
      backward(rows, first, held);
    }
    for (int k = 0; k <= d; k++) {
      System.arraycopy(sums[k], 0, gradient, k * m, m);
    }
    double penalty = 0;
    for (int k = 0; k < theta.length; k++) {
      penalty += theta[k] * theta[k];
      gradient[k] += beta * theta[k];
    }
    return 0.5 * weight * squares + 0.5 * beta * penalty;
  }

  private void load(double[] theta) {
    for (int k = 0; k <= d; k++) {
      System.arraycopy(theta, k * m, weights[k], 0, m);
    }
  }

  /** {@code z = x_i U'} for a block of rows. */
  private void preactivations(int[] rows, int first, int held) {
    for (int b = 0; b < held; b++) {
      Arrays.fill(z[b], 0);
    }
    int k = 0;
    for (; k + 4 <= d; k += 4) {
      for (int b = 0; b < held; b++) {
        int at = rows[first + b] * d + k;
        addFour(z[b], weights, k, x[at], x[at + 1], x[at + 2], x[at + 3], m);
      }
    }
    for (; k < d; k++) {
      for (int b = 0; b < held; b++) {
        add(z[b], weights[k], x[rows[first + b] * d + k], m);
      }
    }
  }

  /** {@code (z)_+ . a}. */
  private static double output(double[] z, double[] a) {
    double even = 0;
    double odd = 0;
    int j = 0;
    for (; j + 2 <= a.length; j += 2) {
      even += Math.max(z[j], 0) * a[j];
      odd += Math.max(z[j + 1], 0) * a[j + 1];
    }
    if (j < a.length) {
      even += Math.max(z[j], 0) * a[j];
    }
    return even + odd;
  }

  /**
   * Adds {@code (z)_+ r} to the gradient of a.
   *
   * @param z pre-activations. Modified: the slopes {@code 1[z > 0] r a}.
   */
  private static void slopes(double[] z, double[] a, double[] gradient, double r) {
    for (int j = 0; j < a.length; j++) {
      gradient[j] += Math.max(z[j], 0) * r;
    }
    for (int j = 0; j < a.length; j++) {
      // All ones where z > 0, else 0: the signs are as good as random, so a branch would stall.
      long active = Double.doubleToRawLongBits(0.0 - z[j]) >> 63;
      z[j] = Double.longBitsToDouble(Double.doubleToRawLongBits(r * a[j]) & active);
    }
  }

  /** Adds {@code slopes' x} to the gradient of U. */
  private void backward(int[] rows, int first, int held) {
    int b = 0;
    for (; b + 4 <= held; b += 4) {
      int row0 = rows[first + b] * d;
      int row1 = rows[first + b + 1] * d;
      int row2 = rows[first + b + 2] * d;
      int row3 = rows[first + b + 3] * d;
      for (int k = 0; k < d; k++) {
        addFour(sums[k], z, b, x[row0 + k], x[row1 + k], x[row2 + k], x[row3 + k], m);
      }
    }
    for (; b < held; b++) {
      int row = rows[first + b] * d;
      for (int k = 0; k < d; k++) {
        add(sums[k], z[b], x[row + k], m);
      }
    }
  }

  /** Adds four rows of the source, from {@code from} on, each times its factor. */
  private static void addFour(
      double[] target,
      double[][] source,
      int from,
      double f0,
      double f1,
      double f2,
      double f3,
      int length) {
    double[] s0 = source[from];
    double[] s1 = source[from + 1];
    double[] s2 = source[from + 2];
    double[] s3 = source[from + 3];
    for (int j = 0; j < length; j++) {
      target[j] += f0 * s0[j] + f1 * s1[j] + f2 * s2[j] + f3 * s3[j];
    }
  }

  private static void add(double[] target, double[] source, double factor, int length) {
    for (int j = 0; j < length; j++) {
      target[j] += factor * source[j];
    }
  }

  /** The share of the entries of {@code 1[XU' > 0]} that differ between two sets of weights. */
  public double patternDrift(double[] theta, double[] other) {
    boolean[] active = new boolean[BLOCK * m];
    long flipped = 0;
    for (int first = 0; first < n; first += BLOCK) {
      int held = Math.min(BLOCK, n - first);
      load(theta);
      preactivations(all, first, held);
      for (int b = 0; b < held; b++) {
        for (int j = 0; j < m; j++) {
          active[b * m + j] = z[b][j] > 0;
        }
      }
      load(other);
      preactivations(all, first, held);
      for (int b = 0; b < held; b++) {
        for (int j = 0; j < m; j++) {
          flipped += active[b * m + j] == z[b][j] > 0 ? 0 : 1;
        }
      }
    }
    return (double) flipped / ((double) n * m);
  }
}
