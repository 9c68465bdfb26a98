package io.gapstream.numerics.problem;

/**
 * The training problem (P) of a two-layer ReLU network with weight decay, over every width:
 *
 * <pre>p* = min over m, U, a of  1/2 ||f(X) - y||^2 + beta/2 sum_j (||u_j||^2 + a_j^2),
 *      f(X) = sum_j (X u_j)_+ a_j</pre>
 *
 * <p>The loss is not divided by n. Source: docs/mathematics.md, section 1.
 *
 * <p>The arrays are shared with whoever made the problem and must not be modified.
 */
public final class Problem {

  private final int n;
  private final int d;
  private final double[] x;
  private final double[] y;
  private final double beta;

  /**
   * @param n rows, from 1
   * @param d columns, from 1
   * @param x {@code n x d}, row-major, finite. Not modified.
   * @param y n, finite. Not modified.
   * @param beta weight of the penalty, finite and above 0
   * @throws IllegalArgumentException if a value is out of range or a shape does not agree
   */
  public Problem(int n, int d, double[] x, double[] y, double beta) {
    if (n < 1 || d < 1) {
      throw new IllegalArgumentException(
          "X is " + n + " x " + d + "; it needs at least one row and one column.");
    }
    if (x.length != (long) n * d || y.length != n) {
      throw new IllegalArgumentException(
          "X is said to be "
              + n
              + " x "
              + d
              + " but X has "
              + x.length
              + " values and y has "
              + y.length
              + "; give "
              + (long) n * d
              + " and "
              + n
              + ".");
    }
    if (!(beta > 0) || beta == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "beta is " + beta + "; it must be a finite number above 0.");
    }
    requireFinite(x, "X");
    requireFinite(y, "y");
    this.n = n;
    this.d = d;
    this.x = x;
    this.y = y;
    this.beta = beta;
  }

  private static void requireFinite(double[] values, String name) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new IllegalArgumentException(
            name + " holds " + values[i] + " at position " + i + "; give finite numbers.");
      }
    }
  }

  /** Rows. */
  public int n() {
    return n;
  }

  /** Columns. */
  public int d() {
    return d;
  }

  /** {@code n x d}, row-major. Shared: must not be modified. */
  public double[] x() {
    return x;
  }

  /** Targets, n. Shared: must not be modified. */
  public double[] y() {
    return y;
  }

  /** Weight of the penalty. */
  public double beta() {
    return beta;
  }

  /** The same data with another weight of the penalty. */
  public Problem withBeta(double otherBeta) {
    return new Problem(n, d, x, y, otherBeta);
  }
}
