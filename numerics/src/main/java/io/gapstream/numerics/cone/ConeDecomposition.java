package io.gapstream.numerics.cone;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.TimeUpException;
import io.gapstream.numerics.bound.UpperBound;
import io.gapstream.numerics.gated.GatedSolution;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.verify.Finding;
import io.gapstream.numerics.verify.Verifier;
import java.util.Arrays;
import java.util.Locale;

/**
 * Splits {@code w_i = v_i - z_i} with both parts in the cone {@code K_D = {u : (2D - I) X u >= 0}}
 * of pattern i, as cheaply as it can: minimal {@code ||v_i|| + ||z_i||}.
 *
 * <p>In its cone {@code D X v = (X v)_+}, so the parts are the neurons of a network that computes
 * what the gated solution computes: {@code u = v / sqrt||v||, a = sqrt||v||}, and {@code u = z /
 * sqrt||z||, a = -sqrt||z||}. A part that rounding moved out of its cone only makes the network
 * compute something else; the bound is derived from the network alone.
 *
 * <p>Source: Mishkin, Sahiner and Pilanci (2022); docs/mathematics.md, section 2.
 */
public final class ConeDecomposition {

  /** For each row, column and pattern: to split along a direction, and to prove the network. */
  private static final double SECONDS_TO_FINISH = 1e-8;

  private ConeDecomposition() {}

  /**
   * The network behind a gated solution. When the deadline is reached, the remaining patterns are
   * split along their sampled directions, which is valid but dear; when there is no time for that
   * either, it is the zero network.
   *
   * @throws IllegalArgumentException if the gates or the solution are of another problem, or the
   *     network's value is too large for float64
   */
  public static ConeSplit split(
      Problem problem, Gates gates, GatedSolution solution, Deadline deadline) {
    int n = problem.n();
    int d = problem.d();
    if (gates.n() != n || gates.d() != d) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "The gates are of data of shape %d x %d and X is %d x %d; sample them from X.",
              gates.n(),
              gates.d(),
              n,
              d));
    }
    double[] w = solution.w();
    if (w.length != (long) gates.count() * d) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "The solution has %d values and the gates hold %d patterns of %d columns; they must"
                  + " belong together.",
              w.length,
              gates.count(),
              d));
    }
    int active = 0;
    for (int p = 0; p < gates.count(); p++) {
      active += scaledNorm(w, p * d, d) > 0 ? 1 : 0;
    }
    double toFinish = SECONDS_TO_FINISH * n * d * active;
    PatternSplitter splitter =
        new PatternSplitter(problem, gates, deadline, deadline.earlier(toFinish));
    try {
      return split(problem, gates, w, splitter, deadline);
    } catch (TimeUpException e) {
      Network zero = Network.zero(d);
      return new ConeSplit(
          proved(Verifier.upper(problem, zero), zero), Double.NaN, false, splitter.iterations());
    }
  }

  private static ConeSplit split(
      Problem problem, Gates gates, double[] w, PatternSplitter splitter, Deadline deadline) {
    int d = problem.d();
    Neurons neurons = new Neurons(d);
    double whole = 0;
    double parts = 0;
    boolean converged = true;
    for (int p = 0; p < gates.count(); p++) {
      double norm = scaledNorm(w, p * d, d);
      if (norm == 0) {
        continue;
      }
      converged &= splitter.split(p, w, norm);
      whole += norm;
      parts += norm * splitter.cost();
      neurons.add(splitter.positive(), norm, 1);
      neurons.add(splitter.negative(), norm, -1);
    }
    Network network = neurons.network();
    return new ConeSplit(
        proved(Verifier.upper(problem, network, deadline), network),
        Math.max(1, parts / whole),
        converged,
        splitter.iterations());
  }

  private static UpperBound proved(Finding finding, Network network) {
    if (finding instanceof Finding.Proved proved) {
      return new UpperBound(proved.value(), network);
    }
    throw new IllegalArgumentException(
        "The split of the gated solution is no bound: "
            + ((Finding.Refuted) finding).reason()
            + " Rescale X and y.");
  }

  /** The Euclidean norm, whatever the magnitudes. */
  private static double scaledNorm(double[] values, int from, int length) {
    double largest = 0;
    for (int k = from; k < from + length; k++) {
      largest = Math.max(largest, Math.abs(values[k]));
    }
    if (largest == 0) {
      return 0;
    }
    double squares = 0;
    for (int k = from; k < from + length; k++) {
      double scaled = values[k] / largest;
      squares += scaled * scaled;
    }
    return largest * Math.sqrt(squares);
  }

  /** Collects neurons. */
  private static final class Neurons {

    private final int d;
    private int m;
    private double[] u = new double[16];
    private double[] a = new double[16];

    Neurons(int d) {
      this.d = d;
    }

    /** Adds the balanced neuron of {@code factor * part}; nothing when the part is zero. */
    void add(double[] part, double factor, double sign) {
      double norm = scaledNorm(part, 0, d);
      if (norm == 0) {
        return;
      }
      double output = Math.sqrt(norm) * Math.sqrt(factor);
      if (a.length == m) {
        a = Arrays.copyOf(a, 2 * m);
      }
      if (u.length < (m + 1) * d) {
        u = Arrays.copyOf(u, Math.max(2 * u.length, (m + 1) * d));
      }
      for (int k = 0; k < d; k++) {
        u[m * d + k] = part[k] / norm * output;
      }
      a[m++] = sign * output;
    }

    Network network() {
      return new Network(m, d, Arrays.copyOf(u, m * d), Arrays.copyOf(a, m));
    }
  }
}
