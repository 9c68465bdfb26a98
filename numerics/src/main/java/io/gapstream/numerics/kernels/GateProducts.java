package io.gapstream.numerics.kernels;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.gates.Gates;

/**
 * The two products of the gated program on chosen patterns, which are all that a first-order method
 * sees of it:
 *
 * <pre>A W = sum_p D_p X w_p        (A' r)_p = X' D_p r</pre>
 *
 * <p>Every form gives the same sums up to rounding, and the same ones whenever it is asked again,
 * as long as all entries of W and {@code diag(r) X} are finite. It holds work space, so it is to be
 * used by one thread.
 */
public interface GateProducts {

  /**
   * The fastest form that this virtual machine can run for the shape.
   *
   * @param x {@code n x d}, row-major. Shared: must not be modified.
   * @param patterns indices into the gates. Not modified.
   */
  static GateProducts of(Gates gates, double[] x, int[] patterns) {
    return of(gates, x, patterns, Deadline.none());
  }

  /**
   * The same within a time.
   *
   * @param deadline of the form itself and of all its products
   * @throws io.gapstream.numerics.TimeUpException if the deadline's grace ends first, as it does in
   *     the products
   */
  static GateProducts of(Gates gates, double[] x, int[] patterns, Deadline deadline) {
    if (!VectorUnit.isAvailable()) {
      return new TableProducts(gates, x, patterns, deadline);
    }
    return VectorTileProducts.pays(gates.n(), gates.d(), patterns.length)
        ? new VectorTileProducts(gates, x, patterns)
        : new VectorProducts(gates, x, patterns, deadline);
  }

  /** The form in plain Java, which {@link #of} falls back to. */
  static GateProducts plain(Gates gates, double[] x, int[] patterns) {
    return new TableProducts(gates, x, patterns, Deadline.none());
  }

  /** The number of chosen patterns. */
  int count();

  /**
   * {@code sum_p D_p X w_p}.
   *
   * @param w one row of d values a pattern, P of them. Not modified.
   * @param output n. Modified.
   */
  void forward(double[][] w, double[] output);

  /**
   * {@code X' D_p r} for every pattern.
   *
   * @param r n. Not modified.
   * @param gradient one row of d values a pattern, P of them. Modified.
   */
  void adjoint(double[] r, double[][] gradient);
}
