package io.gapstream.numerics.problem;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.gradient.Precision;
import io.gapstream.numerics.gradient.SquaredError;
import java.util.Arrays;

/**
 * Value and gradient of (P) at a network of fixed width; docs/mathematics.md, section 6:
 *
 * <pre>Z = X U',  H = (Z)_+,  r = H a - y,
 * grad_a = H'r + beta a,   grad_U = (1[Z > 0] .* (r a'))' X + beta U</pre>
 *
 * <p>The weights are one array theta of {@code (d + 1) x m}: row k holds the weights of input k in
 * every neuron, the last row the output weights.
 *
 * <p>Holds work space, so it is for one thread.
 */
public final class Loss {

  private final int n;
  private final int d;
  private final int m;
  private final double beta;
  private final SquaredError error;
  private final int[] all;

  /**
   * Work space for networks of one width, in float64.
   *
   * @param width m, from 1
   */
  public Loss(Problem problem, int width) {
    this(problem, width, Precision.FLOAT64, Deadline.none());
  }

  /**
   * Work space for networks of one width.
   *
   * @param width m, from 1
   * @param precision of the squared error and its gradient
   * @param deadline of all that is asked for: once its grace is over, {@link
   *     io.gapstream.numerics.TimeUpException} is thrown
   */
  public Loss(Problem problem, int width, Precision precision, Deadline deadline) {
    n = problem.n();
    d = problem.d();
    m = width;
    beta = problem.beta();
    error = new SquaredError(n, d, problem.x(), problem.y(), m, precision, deadline);
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
    for (int k = 0; k < theta.length; k++) {
      gradient[k] = beta * theta[k];
    }
    double weight = (double) n / (to - from);
    double squares = error.add(theta, rows, from, to, weight, gradient);
    return 0.5 * weight * squares + 0.5 * beta * squaredNorm(theta);
  }

  private static double squaredNorm(double[] theta) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int k = 0;
    for (; k + 4 <= theta.length; k += 4) {
      s0 += theta[k] * theta[k];
      s1 += theta[k + 1] * theta[k + 1];
      s2 += theta[k + 2] * theta[k + 2];
      s3 += theta[k + 3] * theta[k + 3];
    }
    for (; k < theta.length; k++) {
      s0 += theta[k] * theta[k];
    }
    return (s0 + s1) + (s2 + s3);
  }

  /**
   * The share of the entries of {@code 1[XU' > 0]} that differ between two sets of weights.
   *
   * @throws io.gapstream.numerics.TimeUpException if the deadline's grace ends first
   */
  public double patternDrift(double[] theta, double[] other, Deadline deadline) {
    return error.patternDrift(theta, other, deadline);
  }
}
