package io.gapstream.numerics.global;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;
import io.gapstream.numerics.problem.Problem;
import java.util.Arrays;
import java.util.List;

/**
 * The restricted problem over fixed directions, {@code min over c >= 0 of 1/2 ||sum_j sign_j c_j (X
 * u_j)_+ - y||^2 + beta sum_j c_j}, a non-negative lasso. An active-set method in the manner of
 * Lawson and Hanson (Solving Least Squares Problems, 1974, chapter 23) solves it exactly and keeps
 * the chosen outputs linearly independent, so that never more than n neurons are used.
 */
final class Master {

  /** Outputs with a smaller sine to the span of the chosen ones count as dependent on them. */
  private static final double DEPENDENT = 1e-7;

  private static final double OPTIMAL = 1e-10;

  private final Pace pace;
  private final int n;
  private final int m;
  private final double beta;
  private final double[] y;
  private final double[][] outputs;
  private final double[] squares;
  private final double[] sizes;

  /** The chosen neurons, in the order of the factor's rows. */
  private final int[] chosen;

  private final boolean[] isChosen;
  private int count;

  /** The lower Cholesky factor of the chosen outputs' Gram matrix. */
  private final double[][] factor;

  private Master(Problem problem, List<Neuron> neurons, Deadline deadline) {
    pace = new Pace(deadline);
    n = problem.n();
    m = neurons.size();
    beta = problem.beta();
    y = problem.y();
    outputs = new double[m][];
    squares = new double[m];
    sizes = new double[m];
    chosen = new int[Math.min(m, n) + 1];
    isChosen = new boolean[m];
    factor = new double[Math.min(m, n) + 1][];
    for (int j = 0; j < m; j++) {
      pace.count((long) n * (problem.d() + 1));
      outputs[j] = output(problem, neurons.get(j));
      squares[j] = dot(outputs[j], outputs[j]);
    }
  }

  /**
   * The best sizes; neurons that have a size are the start.
   *
   * @throws io.gapstream.numerics.TimeUpException if the deadline's grace ends first
   */
  static double[] sizes(Problem problem, List<Neuron> neurons, Deadline deadline) {
    Master master = new Master(problem, neurons, deadline);
    for (int j = 0; j < master.m; j++) {
      double size = neurons.get(j).size;
      if (size > 0 && master.choose(j)) {
        master.sizes[j] = size;
      }
    }
    master.solve();
    return master.sizes;
  }

  private void solve() {
    minimizeOverChosen();
    // Each round lowers the value; the limit only guards against rounding.
    for (int round = 0; round < 3 * m + 10; round++) {
      int entering = entering();
      if (entering < 0) {
        return;
      }
      if (!choose(entering)) {
        exchange(entering);
      }
      minimizeOverChosen();
    }
  }

  /** The neuron outside that lowers the value fastest, or -1. */
  private int entering() {
    double[] residual = y.clone();
    for (int k = 0; k < count; k++) {
      add(-sizes[chosen[k]], outputs[chosen[k]], residual);
    }
    int best = -1;
    double steepest = 0;
    for (int j = 0; j < m; j++) {
      if (!isChosen[j] && squares[j] > 0) {
        pace.count(n);
        double slope = dot(outputs[j], residual) - beta;
        double scale = slope / Math.sqrt(squares[j]);
        if (slope > OPTIMAL * beta && scale > steepest) {
          best = j;
          steepest = scale;
        }
      }
    }
    return best;
  }

  /** Moves to the minimum over the chosen neurons; those that reach zero on the way are let go. */
  private void minimizeOverChosen() {
    while (count > 0) {
      pace.count((long) count * (n + count));
      double[] target = new double[count];
      for (int k = 0; k < count; k++) {
        target[k] = dot(outputs[chosen[k]], y) - beta;
      }
      solveFactor(target);
      double step = 1;
      for (int k = 0; k < count; k++) {
        double size = sizes[chosen[k]];
        if (target[k] <= 0) {
          step = Math.min(step, size / (size - target[k]));
        }
      }
      boolean inside = true;
      for (int k = 0; k < count; k++) {
        int j = chosen[k];
        double moved = sizes[j] + step * (target[k] - sizes[j]);
        boolean stays = target[k] > 0 || moved > 1e-14 * sizes[j];
        inside &= stays;
        sizes[j] = stays ? moved : 0;
      }
      if (inside) {
        return;
      }
      dropZeros();
    }
  }

  /**
   * A neuron whose output is a combination of the chosen ones' replaces one of them: along {@code
   * e_j - gamma} the outputs stay and the penalty falls.
   */
  private void exchange(int j) {
    double[] gamma = new double[count];
    for (int k = 0; k < count; k++) {
      gamma[k] = dot(outputs[chosen[k]], outputs[j]);
    }
    solveFactor(gamma);
    double step = Double.POSITIVE_INFINITY;
    for (int k = 0; k < count; k++) {
      if (gamma[k] > 0) {
        step = Math.min(step, sizes[chosen[k]] / gamma[k]);
      }
    }
    if (step == Double.POSITIVE_INFINITY) {
      squares[j] = 0; // dependent by rounding only: no use
      return;
    }
    for (int k = 0; k < count; k++) {
      double moved = sizes[chosen[k]] - step * gamma[k];
      sizes[chosen[k]] = moved > 1e-14 * sizes[chosen[k]] ? moved : 0;
    }
    dropZeros();
    if (choose(j)) {
      sizes[j] = step;
    } else {
      squares[j] = 0;
    }
  }

  private void dropZeros() {
    int[] before = Arrays.copyOf(chosen, count);
    count = 0;
    for (int j : before) {
      isChosen[j] = false;
    }
    for (int j : before) {
      if (sizes[j] > 0 && !choose(j)) {
        sizes[j] = 0;
      }
    }
  }

  /** Adds a neuron to the factor unless its output depends on the others. */
  private boolean choose(int j) {
    if (count == factor.length || !(squares[j] > 0)) {
      return false;
    }
    double[] row = new double[count + 1];
    double pivot = squares[j];
    for (int k = 0; k < count; k++) {
      pace.count(n + k);
      double sum = dot(outputs[chosen[k]], outputs[j]);
      for (int l = 0; l < k; l++) {
        sum -= factor[k][l] * row[l];
      }
      row[k] = sum / factor[k][k];
      pivot -= row[k] * row[k];
    }
    if (!(pivot > DEPENDENT * DEPENDENT * squares[j])) {
      return false;
    }
    row[count] = Math.sqrt(pivot);
    factor[count] = row;
    chosen[count++] = j;
    isChosen[j] = true;
    return true;
  }

  private void solveFactor(double[] b) {
    for (int k = 0; k < count; k++) {
      for (int l = 0; l < k; l++) {
        b[k] -= factor[k][l] * b[l];
      }
      b[k] /= factor[k][k];
    }
    for (int k = count - 1; k >= 0; k--) {
      b[k] /= factor[k][k];
      for (int l = 0; l < k; l++) {
        b[l] -= factor[k][l] * b[k];
      }
    }
  }

  /** {@code sign (X u)_+}, n. */
  private static double[] output(Problem problem, Neuron neuron) {
    int d = problem.d();
    double[] x = problem.x();
    double[] output = new double[problem.n()];
    for (int i = 0; i < output.length; i++) {
      double z = 0;
      for (int k = 0; k < d; k++) {
        z += x[i * d + k] * neuron.u[k];
      }
      output[i] = z > 0 ? neuron.sign * z : 0;
    }
    return output;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void add(double factor, double[] a, double[] to) {
    for (int i = 0; i < a.length; i++) {
      to[i] += factor * a[i];
    }
  }
}
