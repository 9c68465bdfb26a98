package io.gapstream.numerics.gated;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.kernels.GateProducts;
import io.gapstream.numerics.kernels.Halves;
import io.gapstream.numerics.kernels.MatrixProducts;
import io.gapstream.numerics.kernels.Rows;
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

  private static final int MOST_NEWTON_STEPS = 12;

  /** A Newton iteration ends once the gradient is this small beside the step of the multipliers. */
  private static final double INNER_TOLERANCE = 0.1;

  private static final int MOST_CONJUGATE_STEPS = 200;
  private static final double FLATTENED = 0.5;
  private static final int MOST_LINE_STEPS = 12;

  /** Of a Newton system, for each pair of columns of its low rank, and for each entry of them. */
  private static final int BYTES_OF_PAIR = 20;

  private static final int BYTES_OF_ENTRY = 8;

  private final Problem problem;
  private final Gates gates;
  private final int[] patterns;
  private final double sigma;
  private final Deadline deadline;
  private final Pace pace;
  private final int n;
  private final int d;
  private final int count;
  private final GateProducts products;

  /** X by columns, {@code d x n}. */
  private final float[][] columns;

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

  /**
   * @param columns X by columns, {@code d x n}. Not modified.
   * @param patterns indices into the gates. Not modified.
   * @param w all P vectors. Not modified.
   * @param nu n, the start. Modified: the minimiser.
   */
  AugmentedLagrangian(
      Problem problem,
      Gates gates,
      float[][] columns,
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
    this.pace = new Pace(deadline);
    this.n = problem.n();
    this.d = problem.d();
    this.count = patterns.length;
    this.products = GateProducts.of(gates, problem.x(), patterns, deadline);
    this.columns = columns;
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

  /**
   * Runs.
   *
   * @param mostBytes of a Newton system
   * @return false, with no new vectors, if one would be larger
   * @throws io.gapstream.numerics.TimeUpException if the deadline's grace ends first
   */
  boolean run(double mostBytes) {
    products.adjoint(nu, image);
    shorten(0);
    while (true) {
      gradient();
      double size = Vectors.norm(gradient);
      double move = 0;
      for (int p = 0; p < count; p++) {
        for (int k = 0; k < d; k++) {
          double difference = next[p][k] - w[p][k];
          move += difference * difference;
        }
      }
      move = Math.sqrt(move / sigma);
      boolean converged = newtonSteps > 0 && size <= INNER_TOLERANCE * move;
      if (converged
          || newtonSteps == MOST_NEWTON_STEPS
          || size <= 1e-15 * Vectors.norm(problem.y())
          || newtonSteps > 0 && deadline.reached()) {
        return true;
      }
      int[] active = active();
      double rank = (double) d + active.length;
      if (BYTES_OF_PAIR * rank * rank + BYTES_OF_ENTRY * rank * n > mostBytes) {
        return false;
      }
      double accuracy = Math.min(0.3, Math.max(1e-2, INNER_TOLERANCE * move / size));
      double[] direction = new Active(active).solve(accuracy);
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
      pace.count(3L * d);
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

  private void gradient() {
    products.forward(next, gradient);
    for (int i = 0; i < n; i++) {
      gradient[i] += nu[i] - problem.y()[i];
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
      deadline.check();
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
    private final int[] chosen;
    private final int held;
    private final double[] outer;
    private final double[] inner;
    private final GateProducts own;
    private final double[][] temporary;

    Active(int[] members) {
      this.members = members;
      this.held = members.length;
      this.chosen = new int[held];
      this.outer = new double[held];
      this.inner = new double[held];
      for (int j = 0; j < held; j++) {
        int p = members[j];
        chosen[j] = patterns[p];
        double c = sigma * problem.beta() / lengths[p];
        outer[j] = sigma * (1 - c);
        inner[j] = sigma * c;
      }
      this.own = GateProducts.of(gates, problem.x(), chosen, deadline);
      this.temporary = new double[held][d];
    }

    /** {@code sqrt(sigma c_j) A_j u_j} for every pattern, each a column. */
    private float[][] stiff() {
      float[][] directions = new float[d][held];
      for (int j = 0; j < held; j++) {
        double[] at = v[members[j]];
        double scale = Math.sqrt(inner[j]) / lengths[members[j]];
        for (int k = 0; k < d; k++) {
          directions[k][j] = (float) (scale * at[k]);
        }
      }
      float[][] stiff = new float[held][n];
      Halves.run(
          (double) n * d * held,
          () -> stiff(0, held / 2, directions, stiff),
          () -> stiff(held / 2, held, directions, stiff));
      return stiff;
    }

    private void stiff(int from, int to, float[][] directions, float[][] stiff) {
      MatrixProducts.add(1, directions, columns, 0, d, stiff, from, to, 0, n, false, deadline);
      for (int j = from; j < to; j++) {
        float[] target = stiff[j];
        long[] words = gates.pattern(chosen[j]);
        for (int i = 0; i < n; i++) {
          // A factor, since a branch would be guessed.
          target[i] *= words[i >> 6] >>> i & 1;
        }
      }
    }

    private Preconditioner preconditioner() {
      float[][] stiff = stiff();
      double b = 0;
      double trace = 0;
      for (int j = 0; j < held; j++) {
        double share = 0;
        for (long word : gates.pattern(chosen[j])) {
          share += Long.bitCount(word);
        }
        share /= n;
        b += outer[j] * share * share;
        trace += outer[j] * share;
      }
      float root = (float) Math.sqrt(b);
      float[][] z = Arrays.copyOf(stiff, held + d);
      for (int k = 0; k < d; k++) {
        deadline.check();
        z[held + k] = new float[n];
        Rows.add(columns[k], root, z[held + k], n);
      }
      // About half of the trace that X X' leaves; it is spread over all directions.
      double shift = 1 + 0.5 * (trace - b) * squares / n;
      return new Preconditioner(shift, z, n, deadline);
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
        deadline.check();
        multiplyOuter(p, image);
        preconditioner.addProduct(p, held, image);
        Vectors.add(1, p, image);
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

    /** {@code sum (sigma (1 - c_j)) A_j A_j' p}. */
    private void multiplyOuter(double[] p, double[] result) {
      own.adjoint(p, temporary);
      for (int j = 0; j < held; j++) {
        for (int k = 0; k < d; k++) {
          temporary[j][k] *= outer[j];
        }
      }
      own.forward(temporary, result);
    }
  }
}
