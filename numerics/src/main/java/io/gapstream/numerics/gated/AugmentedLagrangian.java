package io.gapstream.numerics.gated;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.kernels.GateProducts;
import io.gapstream.numerics.kernels.Halves;
import io.gapstream.numerics.problem.Problem;
import java.util.Arrays;

/**
 * One step of the method of multipliers on the dual of the gated program over some patterns,
 *
 * <pre>min over nu of  1/2 ||nu||^2 - y.nu   subject to   ||A_i' nu|| <= beta,   A_i = D_i X,</pre>
 *
 * <p>by a semismooth Newton method: with {@code v_i = w_i + sigma A_i' nu} and {@code w_i+} the
 * vector {@code v_i} shortened by {@code sigma beta}, it minimises
 *
 * <pre>phi(nu) = 1/2 ||nu||^2 - y.nu + 1/(2 sigma) sum ||w_i+||^2,   grad = nu - y + sum A_i w_i+.
 * </pre>
 *
 * <p>With {@code c_i = sigma beta / ||v_i||} and {@code u_i = v_i / ||v_i||}, its generalised
 * Hessian over the patterns with {@code c_i < 1} is
 *
 * <pre>I + sigma sum (1 - c_i) A_i A_i' + sigma sum c_i (A_i u_i)(A_i u_i)'.</pre>
 *
 * <p>The last sum is stiff but of low rank, and the one before is near {@code b X X'} with {@code b
 * = sigma sum (1 - c_i) m_i^2}, m_i the share of active rows. Both go into a preconditioner of low
 * rank, which leaves conjugate gradients with about ten products a system.
 *
 * <p>Source: Zhang, Zhang, Sun and Toh, An efficient Hessian based algorithm for solving
 * large-scale sparse group Lasso problems (2020), for the method of multipliers.
 */
final class AugmentedLagrangian {

  static final int MOST_NEWTON_STEPS = 12;

  /** A Newton iteration ends once the gradient is this small beside the step of the multipliers. */
  private static final double INNER_TOLERANCE = 0.1;

  private static final int MOST_CONJUGATE_STEPS = 200;
  private static final double FLATTENED = 0.5;
  private static final int MOST_LINE_STEPS = 12;

  private final Problem problem;
  private final Gates gates;
  private final int[] patterns;
  private final double sigma;
  private final Deadline deadline;
  private final int n;
  private final int d;
  private final int count;
  private final GateProducts products;

  /** The rows of X; shared by every step. */
  private final double[][] rows;

  /** {@code ||X||_F^2}. */
  private final double squares;

  private final double[][] w;
  private final double[] nu;
  private final double[] gradient;

  /** {@code A_i' nu} and {@code A_i'} of the Newton direction. */
  private final double[][] image;

  private final double[][] imageStep;
  private final double[][] v;
  private final double[] lengths;
  private double[][] next;

  private int newtonSteps;
  private long conjugateSteps;
  private boolean converged;

  /**
   * @param patterns indices into the gates. Not modified.
   * @param w all P vectors. Not modified.
   * @param nu n, the start. Modified: the minimiser.
   */
  AugmentedLagrangian(
      Problem problem,
      Gates gates,
      double[][] rows,
      int[] patterns,
      double[][] w,
      double[] nu,
      double sigma,
      Deadline deadline) {
    this.problem = problem;
    this.gates = gates;
    this.patterns = patterns;
    this.sigma = sigma;
    this.deadline = deadline;
    this.n = problem.n();
    this.d = problem.d();
    this.count = patterns.length;
    this.products = new GateProducts(gates, problem.x(), patterns);
    this.rows = rows;
    this.squares = Vectors.dot(problem.x(), problem.x());
    this.nu = nu;
    this.gradient = new double[n];
    this.image = new double[count][d];
    this.imageStep = new double[count][d];
    this.v = new double[count][d];
    this.lengths = new double[count];
    this.w = new double[count][];
    this.next = new double[count][d];
    for (int p = 0; p < count; p++) {
      this.w[p] = w[patterns[p]];
    }
  }

  int newtonSteps() {
    return newtonSteps;
  }

  long conjugateSteps() {
    return conjugateSteps;
  }

  boolean converged() {
    return converged;
  }

  /** The new vectors of the patterns. */
  double[][] next() {
    return next;
  }

  /** {@code y - sum A_i w_i} at the new vectors. */
  double[] residual() {
    double[] residual = new double[n];
    for (int i = 0; i < n; i++) {
      residual[i] = nu[i] - gradient[i];
    }
    return residual;
  }

  void run() {
    products.adjoint(nu, image);
    shorten(0);
    while (true) {
      int[] active = active();
      Active part = new Active(active);
      part.gradient();
      double size = Vectors.norm(gradient);
      double move = 0;
      for (int p = 0; p < count; p++) {
        for (int k = 0; k < d; k++) {
          double difference = next[p][k] - w[p][k];
          move += difference * difference;
        }
      }
      move = Math.sqrt(move / sigma);
      converged = newtonSteps > 0 && size <= INNER_TOLERANCE * move;
      if (converged
          || newtonSteps == MOST_NEWTON_STEPS
          || size <= 1e-15 * Vectors.norm(problem.y())
          || newtonSteps > 0 && deadline.reached()) {
        return;
      }
      double accuracy = Math.min(0.1, Math.max(1e-3, 0.3 * INNER_TOLERANCE * move / size));
      double[] direction = part.solve(accuracy);
      newtonSteps++;
      products.adjoint(direction, imageStep);
      double step = lineSearch(direction);
      Vectors.add(step, direction, nu);
      for (int p = 0; p < count; p++) {
        Vectors.add(step, imageStep[p], image[p]);
      }
      shorten(0);
    }
  }

  /** Sets v, its lengths and the shortened vectors at {@code nu + step * direction}. */
  private void shorten(double step) {
    double threshold = sigma * problem.beta();
    for (int p = 0; p < count; p++) {
      double[] at = v[p];
      double[] start = w[p];
      double[] z = image[p];
      double[] dz = imageStep[p];
      for (int k = 0; k < d; k++) {
        at[k] = start[k] + sigma * (z[k] + step * dz[k]);
      }
      lengths[p] = Vectors.norm(at);
      double factor = lengths[p] > threshold ? 1 - threshold / lengths[p] : 0;
      double[] target = next[p];
      for (int k = 0; k < d; k++) {
        target[k] = factor * at[k];
      }
    }
  }

  private int[] active() {
    int[] active = new int[count];
    int held = 0;
    for (int p = 0; p < count; p++) {
      if (lengths[p] > sigma * problem.beta()) {
        active[held++] = p;
      }
    }
    return Arrays.copyOf(active, held);
  }

  /** The slope of phi at a step; the shortened vectors are left there. */
  private double slope(double[] direction, double step) {
    shorten(step);
    double slope = 0;
    for (int i = 0; i < n; i++) {
      slope += direction[i] * (nu[i] + step * direction[i] - problem.y()[i]);
    }
    for (int p = 0; p < count; p++) {
      if (lengths[p] > sigma * problem.beta()) {
        slope += Vectors.dot(next[p], imageStep[p]);
      }
    }
    return slope;
  }

  /** The full step unless phi rises there too steeply; then one near the minimum on the line. */
  private double lineSearch(double[] direction) {
    double initial = Vectors.dot(gradient, direction);
    double step = 1;
    double low = 0;
    double lowSlope = initial;
    double high = Double.POSITIVE_INFINITY;
    double highSlope = 0;
    for (int k = 0; k < MOST_LINE_STEPS; k++) {
      double slope = slope(direction, step);
      if (Math.abs(slope) <= FLATTENED * Math.abs(initial) || slope <= 0 && step == 1) {
        return step;
      }
      if (slope > 0) {
        high = step;
        highSlope = slope;
      } else {
        low = step;
        lowSlope = slope;
      }
      double share = -lowSlope / (highSlope - lowSlope);
      step = low + Math.min(0.9, Math.max(0.1, share)) * (high - low);
    }
    return step;
  }

  /** The Newton system over the patterns with a vector that is not zero. */
  private final class Active {

    private final int[] members;
    private final int held;
    private final GateProducts own;
    private final double[][] directions;
    private final double[] outer;
    private final double[] inner;
    private final double[][] temporary;

    Active(int[] members) {
      this.members = members;
      this.held = members.length;
      int[] chosen = new int[held];
      Arrays.setAll(chosen, j -> patterns[members[j]]);
      this.own = new GateProducts(gates, problem.x(), chosen);
      this.directions = new double[held][d];
      this.outer = new double[held];
      this.inner = new double[held];
      this.temporary = new double[held][d];
      for (int j = 0; j < held; j++) {
        int p = members[j];
        double c = sigma * problem.beta() / lengths[p];
        outer[j] = sigma * (1 - c);
        inner[j] = sigma * c;
        for (int k = 0; k < d; k++) {
          directions[j][k] = v[p][k] / lengths[p];
        }
      }
    }

    void gradient() {
      double[][] vectors = new double[held][];
      Arrays.setAll(vectors, j -> next[members[j]]);
      own.forward(vectors, gradient);
      for (int i = 0; i < n; i++) {
        gradient[i] += nu[i] - problem.y()[i];
      }
    }

    /** The Hessian times p. */
    private void multiply(double[] p, double[] result) {
      own.adjoint(p, temporary);
      for (int j = 0; j < held; j++) {
        double[] t = temporary[j];
        double[] u = directions[j];
        double along = inner[j] * Vectors.dot(u, t);
        double factor = outer[j];
        for (int k = 0; k < d; k++) {
          t[k] = factor * t[k] + along * u[k];
        }
      }
      own.forward(temporary, result);
      for (int i = 0; i < n; i++) {
        result[i] += p[i];
      }
    }

    private Preconditioner preconditioner() {
      int q = d + held;
      double b = 0;
      double trace = 0;
      long[][] words = new long[held][];
      for (int j = 0; j < held; j++) {
        words[j] = gates.pattern(patterns[members[j]]);
        double share = 0;
        for (long word : words[j]) {
          share += Long.bitCount(word);
        }
        share /= n;
        b += outer[j] * share * share;
        trace += outer[j] * share;
      }
      double root = Math.sqrt(b);
      // Columns of directions, so that a row of X times all of them runs along rows.
      double[][] scaled = new double[d][held];
      for (int j = 0; j < held; j++) {
        double scale = Math.sqrt(inner[j]);
        for (int k = 0; k < d; k++) {
          scaled[k][j] = scale * directions[j][k];
        }
      }
      double[][] z = new double[n][];
      int middle = n / 2;
      Halves.run(
          (double) n * d * held,
          () -> fill(z, 0, middle, root, scaled, words),
          () -> fill(z, middle, n, root, scaled, words));
      // About half of the trace that X X' leaves; it is spread over all directions.
      double shift = 1 + 0.5 * (trace - b) * squares / n;
      return new Preconditioner(shift, z, q);
    }

    private void fill(
        double[][] z, int from, int to, double root, double[][] scaled, long[][] words) {
      double[] products = new double[held];
      for (int i = from; i < to; i++) {
        double[] row = rows[i];
        Arrays.fill(products, 0);
        int k = 0;
        for (; k + 3 < d; k += 4) {
          Vectors.add(
              scaled[k],
              scaled[k + 1],
              scaled[k + 2],
              scaled[k + 3],
              row[k],
              row[k + 1],
              row[k + 2],
              row[k + 3],
              products,
              held);
        }
        for (; k < d; k++) {
          Vectors.subtract(-row[k], scaled[k], products, 0, held);
        }
        double[] target = new double[d + held];
        for (k = 0; k < d; k++) {
          target[k] = root * row[k];
        }
        int word = i >> 6;
        for (int j = 0; j < held; j++) {
          // All bits where the gate is open, none where it is not: a branch would be guessed.
          long mask = -(words[j][word] >>> i & 1);
          target[d + j] = Double.longBitsToDouble(Double.doubleToRawLongBits(products[j]) & mask);
        }
        z[i] = target;
      }
    }

    /** Solves the Newton system to a share of the gradient. */
    double[] solve(double accuracy) {
      Preconditioner preconditioner = preconditioner();
      double[] solution = new double[n];
      double[] r = new double[n];
      for (int i = 0; i < n; i++) {
        r[i] = -gradient[i];
      }
      double[] z = new double[n];
      double[] image = new double[n];
      preconditioner.apply(r, z);
      double[] p = z.clone();
      double rz = Vectors.dot(r, z);
      double target = accuracy * Vectors.norm(r);
      for (int step = 0; step < MOST_CONJUGATE_STEPS && rz > 0; step++) {
        multiply(p, image);
        conjugateSteps++;
        double alpha = rz / Vectors.dot(p, image);
        Vectors.add(alpha, p, solution);
        Vectors.add(-alpha, image, r);
        if (Vectors.norm(r) <= target) {
          break;
        }
        preconditioner.apply(r, z);
        double fresh = Vectors.dot(r, z);
        double share = fresh / rz;
        for (int i = 0; i < n; i++) {
          p[i] = z[i] + share * p[i];
        }
        rz = fresh;
      }
      return solution;
    }
  }
}
