package io.gapstream.numerics.problem;

/**
 * A two-layer ReLU network of width m. The arrays are shared with whoever made it and must not be
 * modified.
 */
public final class Network {

  private final int m;
  private final int d;
  private final double[] u;
  private final double[] a;

  /**
   * @param m neurons, 0 for the zero network
   * @param d inputs, from 1
   * @param u {@code m x d}, row-major: row j is {@code u_j}; finite. Not modified.
   * @param a m, finite. Not modified.
   * @throws IllegalArgumentException if a value is not finite or a shape does not agree
   */
  public Network(int m, int d, double[] u, double[] a) {
    if (m < 0 || d < 1 || u.length != (long) m * d || a.length != m) {
      throw new IllegalArgumentException(
          "A network of width "
              + m
              + " with "
              + d
              + " inputs has "
              + u.length
              + " first-layer and "
              + a.length
              + " output weights; the shapes must agree.");
    }
    for (double value : u) {
      requireFinite(value);
    }
    for (double value : a) {
      requireFinite(value);
    }
    this.m = m;
    this.d = d;
    this.u = u;
    this.a = a;
  }

  private static void requireFinite(double weight) {
    if (!Double.isFinite(weight)) {
      throw new IllegalArgumentException(
          "A network has the weight " + weight + "; weights must be finite.");
    }
  }

  /** The network without neurons, whose output is zero. */
  public static Network zero(int d) {
    return new Network(0, d, new double[0], new double[0]);
  }

  /** Neurons. */
  public int m() {
    return m;
  }

  /** Inputs. */
  public int d() {
    return d;
  }

  /** First layer, {@code m x d}, row-major. Shared: must not be modified. */
  public double[] u() {
    return u;
  }

  /** Output weights, m. Shared: must not be modified. */
  public double[] a() {
    return a;
  }
}
