package io.gapstream.numerics.sampled;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.TimeUpException;
import io.gapstream.numerics.bound.UpperBound;
import io.gapstream.numerics.gated.Gap;
import io.gapstream.numerics.gated.GatedProgress;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.kernels.Cholesky;
import io.gapstream.numerics.kernels.GateProducts;
import io.gapstream.numerics.kernels.Halves;
import io.gapstream.numerics.kernels.MatrixProducts;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Objective;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.scaling.ScaledProblem;
import io.gapstream.numerics.verify.Finding;
import io.gapstream.numerics.verify.Verifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The method of multipliers on the dual of the sampled program (S), each step by a semismooth
 * Newton method:
 *
 * <pre>min 1/2 || sum_b s_b D_b X w_b - y ||^2 + beta sum_b ||w_b||,   w_b in K_b,</pre>
 *
 * <p>with two blocks b for each pattern, of the signs s = +1 and -1. With {@code v_b = w_b + sigma
 * s_b X' D_b nu}, {@code p_b} its projection on the cone and {@code w_b+} that projection shortened
 * by {@code sigma beta}, a step minimises
 *
 * <pre>phi(nu) = 1/2 ||nu||^2 - y.nu + 1/(2 sigma) sum ||w_b+||^2,
 * grad = nu - y + sum s_b D_b X w_b+.</pre>
 *
 * <p>The generalised Hessian of a block that is not zero is, with L the projection on the face of
 * the cone that p_b lies in, {@code u = p_b / ||p_b||} and {@code c = sigma beta / ||p_b||},
 *
 * <pre>sigma D_b X ((1 - c) L + c u u') X' D_b.</pre>
 *
 * <p><b>Stopping.</b> The vectors w_b+ lie in their cones, so each is a neuron, and the value is
 * that of (P) at the network. With r its residual and {@code T = max_b ||projection of s_b X' D_b r
 * on K_b||}, {@code nu = s r} with {@code s = min(beta / T, y.r / ||r||^2)} is dual feasible.
 *
 * <p><i>Proof.</i> As for {@link io.gapstream.numerics.gated.GatedSolver}, with {@code (s_b X' D_b
 * nu).w <= ||projection on K_b|| ||w||} for w in K_b.
 *
 * <p>Two threads of the common pool share the work; the result does not depend on them.
 *
 * <p>Source: docs/mathematics.md, section 2, program (S).
 */
public final class SampledSolver {

  /** The first sigma, in units of {@code ||y||^2 / (beta T(y))}. */
  private static final double FIRST_SIGMA = 0.1;

  private static final double GROWTH = 4;
  private static final double LARGEST_SIGMA = 1e8;
  private static final double INNER_TOLERANCE = 0.1;
  private static final int MOST_NEWTON_STEPS = 15;
  private static final int MOST_LINE_STEPS = 12;
  private static final double FLATTENED = 0.5;
  private static final int STALLED_ROUNDS = 8;

  private SampledSolver() {}

  /**
   * Solves the program until the relative duality gap is at most the tolerance, rounding stops all
   * progress, or the deadline is reached. Deterministic unless the deadline is reached.
   *
   * @param tolerance of the relative duality gap, above 0 and finite
   * @param log told of every step of the method of multipliers
   * @throws IllegalArgumentException if the tolerance is out of range, the gates are of other data,
   *     or the magnitudes of X, y and beta are too far apart for float64
   * @throws TimeUpException if the deadline's grace ends before there is anything to return
   */
  public static SampledSolution solve(
      Problem problem,
      Gates gates,
      double tolerance,
      Deadline deadline,
      Consumer<GatedProgress> log) {
    requireFits(problem, gates, tolerance);
    return new Run(problem, gates, tolerance, deadline, log).solve(problem.beta());
  }

  /**
   * The solutions for several weights of the penalty, each started from the one before. Decreasing
   * weights make the best use of that.
   *
   * @param betas from 1 weight on, finite and above 0; the problem's own is not used
   * @param tolerance of the relative duality gap of every solution, above 0 and finite
   * @param deadline of the whole path; solutions that were not begun are left out
   * @param log told of every step of the method of multipliers
   * @param solved takes each solution as soon as it is there, in the order of the betas
   * @throws IllegalArgumentException as for {@link #solve}
   */
  public static List<SampledSolution> path(
      Problem problem,
      Gates gates,
      double[] betas,
      double tolerance,
      Deadline deadline,
      Consumer<GatedProgress> log,
      Consumer<SampledSolution> solved) {
    requireFits(problem, gates, tolerance);
    if (betas.length == 0) {
      throw new IllegalArgumentException("The path has no beta; give at least one.");
    }
    for (double beta : betas) {
      // Refused before anything is computed.
      new ScaledProblem(problem.withBeta(beta));
    }
    Run run = new Run(problem, gates, tolerance, deadline, log);
    List<SampledSolution> path = new ArrayList<>();
    for (double beta : betas) {
      if (!path.isEmpty() && deadline.reached()) {
        break;
      }
      SampledSolution solution;
      try {
        solution = run.solve(beta);
      } catch (TimeUpException e) {
        if (path.isEmpty()) {
          throw e;
        }
        break;
      }
      path.add(solution);
      solved.accept(solution);
    }
    return path;
  }

  private static void requireFits(Problem problem, Gates gates, double tolerance) {
    if (!(tolerance > 0) || tolerance == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "tolerance is " + tolerance + "; it must be a finite number above 0.");
    }
    if (gates.n() != problem.n() || gates.d() != problem.d()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "The gates are of data of shape %d x %d and X is %d x %d; sample them from X.",
              gates.n(),
              gates.d(),
              problem.n(),
              problem.d()));
    }
  }

  /** One solve, or several after each other: its state and its loop. */
  private static final class Run {

    private final Problem data;
    private final Gates gates;
    private final double tolerance;
    private final Deadline deadline;
    private final Consumer<GatedProgress> log;
    private final int n;
    private final int d;
    private final int patterns;
    private final int blocks;
    private final GateProducts products;
    private final double[][] columns;
    private final ConeProjection[] projections;

    private final double[] nu;
    private final double[] gradient;
    private final double[][] image;
    private final double[][] imageStep;
    private final double[][] w;

    /** The projections p_b, their lengths, the tight rows of their cones, and w_b+. */
    private final double[][] projected;

    private final double[] lengths;
    private final int[][] tight;
    private final double[][] next;
    private final int[][] tightAtResidual;

    /** {@code T(y)}, which a first sigma is measured by. */
    private final double largestAtTarget;

    private Problem unscaled;
    private ScaledProblem scaling;
    private Problem problem;
    private double[] residual;

    /** {@code T} of the residual. */
    private double largest;

    private long start;
    private double sigma;
    private long iterations;

    Run(
        Problem data,
        Gates gates,
        double tolerance,
        Deadline deadline,
        Consumer<GatedProgress> log) {
      this.deadline = deadline;
      this.data = data;
      this.unscaled = data;
      this.scaling = new ScaledProblem(data);
      this.problem = scaling.problem();
      this.gates = gates;
      this.tolerance = tolerance;
      this.log = log;
      this.n = problem.n();
      this.d = problem.d();
      this.patterns = gates.count();
      this.blocks = 2 * patterns;
      int[] all = new int[patterns];
      Arrays.setAll(all, p -> p);
      this.products = GateProducts.of(gates, problem.x(), all, deadline);
      this.columns = new double[d][n];
      for (int i = 0; i < n; i++) {
        for (int k = 0; k < d; k++) {
          columns[k][i] = problem.x()[i * d + k];
        }
      }
      this.projections =
          new ConeProjection[] {
            new ConeProjection(problem, gates, deadline),
            new ConeProjection(problem, gates, deadline)
          };
      this.nu = problem.y().clone();
      this.gradient = new double[n];
      this.image = new double[patterns][d];
      this.imageStep = new double[patterns][d];
      this.w = new double[blocks][d];
      this.projected = new double[blocks][d];
      this.lengths = new double[blocks];
      this.next = new double[blocks][d];
      this.tight = new int[blocks][0];
      this.tightAtResidual = new int[blocks][0];
      this.residual = problem.y().clone();
      this.largestAtTarget = largestProjection(problem.y());
      this.largest = largestAtTarget;
      // The first vectors to be projected are multiples of those at y.
      System.arraycopy(tightAtResidual, 0, tight, 0, blocks);
    }

    private static int sign(int block) {
      return (block & 1) == 0 ? 1 : -1;
    }

    SampledSolution solve(double beta) {
      start = System.nanoTime();
      unscaled = data.withBeta(beta);
      scaling = new ScaledProblem(unscaled);
      problem = scaling.problem();
      iterations = 0;
      double squares = ConeProjection.dot(problem.y(), problem.y());
      double first =
          largestAtTarget == 0 ? 1 : FIRST_SIGMA * squares / (problem.beta() * largestAtTarget);
      sigma = first;
      Gap bestGap = gap();
      double[][] best = copy(w);
      double[] bestResidual = residual;
      double bestLargest = largest;
      System.arraycopy(residual, 0, nu, 0, n);
      int stalled = 0;
      while (bestGap.relative() > tolerance && !deadline.reached() && stalled <= STALLED_ROUNDS) {
        try {
          minimise();
        } catch (TimeUpException e) {
          break; // the best so far stays
        }
        residual = new double[n];
        for (int i = 0; i < n; i++) {
          residual[i] = nu[i] - gradient[i];
        }
        for (int b = 0; b < blocks; b++) {
          System.arraycopy(next[b], 0, w[b], 0, d);
        }
        try {
          largest = largestProjection(residual);
        } catch (TimeUpException e) {
          break;
        }
        Gap gap = gap();
        log.accept(
            new GatedProgress(
                iterations,
                scaling.unscaleValue(gap.primal()),
                scaling.unscaleValue(gap.dual()),
                gap.relative(),
                seconds()));
        stalled++;
        if (gap.relative() < bestGap.relative()) {
          bestGap = gap;
          bestResidual = residual;
          bestLargest = largest;
          best = copy(w);
          stalled = 0;
        }
        sigma = Math.min(GROWTH * sigma, LARGEST_SIGMA * first);
      }
      for (int b = 0; b < blocks; b++) {
        System.arraycopy(best[b], 0, w[b], 0, d);
      }
      residual = bestResidual;
      largest = bestLargest;
      return solution(best, bestGap.dual());
    }

    /** The gap at w. */
    private Gap gap() {
      double penalty = 0;
      for (double[] block : w) {
        penalty += ConeProjection.norm(block);
      }
      return Gap.of(problem, residual, penalty, largest);
    }

    private static double[][] copy(double[][] rows) {
      double[][] copy = new double[rows.length][];
      for (int b = 0; b < rows.length; b++) {
        copy[b] = rows[b].clone();
      }
      return copy;
    }

    private double seconds() {
      return (System.nanoTime() - start) * 1e-9;
    }

    /** {@code max_b ||projection of s_b X' D_b r on K_b||}. */
    private double largestProjection(double[] r) {
      double[][] images = new double[patterns][d];
      products.adjoint(r, images);
      double[] largest = new double[2];
      inHalves(
          (b, half) -> {
            double[] target = new double[d];
            for (int k = 0; k < d; k++) {
              target[k] = sign(b) * images[b >> 1][k];
            }
            ConeProjection cone = projections[half];
            double length = cone.project(b >> 1, target, tightAtResidual[b], largest[half]);
            tightAtResidual[b] = cone.tight();
            largest[half] = Math.max(largest[half], length);
          });
      return Math.max(largest[0], largest[1]);
    }

    private interface BlockTask {
      void run(int block, int half);
    }

    private void inHalves(BlockTask task) {
      Halves.run(10.0 * blocks * n * d, () -> everySecond(0, task), () -> everySecond(1, task));
    }

    /** Both signs of a pattern in one half, and every second pattern. */
    private void everySecond(int half, BlockTask task) {
      for (int p = half; p < patterns; p += 2) {
        task.run(2 * p, half);
        task.run(2 * p + 1, half);
      }
    }

    /** Minimises phi over nu; leaves the gradient and w_b+ there. */
    private void minimise() {
      products.adjoint(nu, image);
      shorten(0);
      for (int newton = 0; ; newton++) {
        gradient();
        double size = ConeProjection.norm(gradient);
        double move = 0;
        for (int b = 0; b < blocks; b++) {
          for (int k = 0; k < d; k++) {
            double difference = next[b][k] - w[b][k];
            move += difference * difference;
          }
        }
        move = Math.sqrt(move / sigma);
        if (newton > 0
            && (size <= INNER_TOLERANCE * move
                || newton == MOST_NEWTON_STEPS
                || size <= 1e-15 * ConeProjection.norm(problem.y())
                || deadline.reached())) {
          return;
        }
        double[] direction = direction();
        iterations++;
        products.adjoint(direction, imageStep);
        double step = lineSearch(direction);
        for (int i = 0; i < n; i++) {
          nu[i] += step * direction[i];
        }
        for (int p = 0; p < patterns; p++) {
          for (int k = 0; k < d; k++) {
            image[p][k] += step * imageStep[p][k];
          }
        }
      }
    }

    /** Sets the projections and the shortened vectors at {@code nu + step * direction}. */
    private void shorten(double step) {
      double threshold = sigma * problem.beta();
      inHalves(
          (b, half) -> {
            double[] z = image[b >> 1];
            double[] dz = imageStep[b >> 1];
            double[] at = next[b];
            for (int k = 0; k < d; k++) {
              at[k] = w[b][k] + sigma * sign(b) * (z[k] + step * dz[k]);
            }
            ConeProjection cone = projections[half];
            lengths[b] = cone.project(b >> 1, at, tight[b], threshold);
            tight[b] = cone.tight();
            System.arraycopy(cone.vector(), 0, projected[b], 0, d);
            double factor = lengths[b] > threshold ? 1 - threshold / lengths[b] : 0;
            for (int k = 0; k < d; k++) {
              at[k] = factor * projected[b][k];
            }
          });
    }

    private void gradient() {
      double[][] sums = new double[patterns][d];
      for (int b = 0; b < blocks; b++) {
        for (int k = 0; k < d; k++) {
          sums[b >> 1][k] += sign(b) * next[b][k];
        }
      }
      products.forward(sums, gradient);
      for (int i = 0; i < n; i++) {
        gradient[i] += nu[i] - problem.y()[i];
      }
    }

    /** The Newton direction. */
    private double[] direction() {
      List<double[]> factors = new ArrayList<>();
      for (int b = 0; b < blocks; b++) {
        if (lengths[b] > sigma * problem.beta()) {
          addFactors(b, factors);
        }
      }
      double[][] hessian = new double[n][n];
      double[][] rows = factors.toArray(double[][]::new);
      int middle = Halves.middleOfTriangle(n);
      Halves.run(
          0.5 * n * n * rows.length,
          () -> addSquares(rows, hessian, 0, middle, deadline),
          () -> addSquares(rows, hessian, middle, n, deadline));
      double[] direction = new double[n];
      for (int i = 0; i < n; i++) {
        hessian[i][i] += 1;
        direction[i] = -gradient[i];
      }
      new Cholesky(hessian, 0.5, deadline).solve(direction);
      return direction;
    }

    /** Columns whose squares add up to the Hessian of a block. */
    private void addFactors(int b, List<double[]> factors) {
      double c = sigma * problem.beta() / lengths[b];
      double[] u = new double[d];
      for (int k = 0; k < d; k++) {
        u[k] = projected[b][k] * Math.sqrt(sigma * c) / lengths[b];
      }
      factors.add(masked(b >> 1, u));
      double scale = Math.sqrt(sigma * (1 - c));
      for (double[] vector : faceFactors(b)) {
        for (int k = 0; k < d; k++) {
          vector[k] *= scale;
        }
        factors.add(masked(b >> 1, vector));
      }
    }

    /** Vectors whose squares add up to the projection on the face of a block: pivoted Cholesky. */
    private List<double[]> faceFactors(int b) {
      double[][] rest = new double[d][d];
      for (int k = 0; k < d; k++) {
        rest[k][k] = 1;
      }
      projections[0].ontoFace(tight[b], rest);
      List<double[]> result = new ArrayList<>();
      deadline.check();
      for (int rank = tight[b].length; rank < d; rank++) {
        int pivot = 0;
        for (int k = 1; k < d; k++) {
          pivot = rest[k][k] > rest[pivot][pivot] ? k : pivot;
        }
        double root = Math.sqrt(rest[pivot][pivot]);
        double[] vector = new double[d];
        for (int k = 0; k < d; k++) {
          vector[k] = rest[pivot][k] / root;
        }
        for (int k = 0; k < d; k++) {
          for (int l = 0; l < d; l++) {
            rest[k][l] -= vector[k] * vector[l];
          }
        }
        result.add(vector);
      }
      return result;
    }

    /** {@code D X u}. */
    private double[] masked(int pattern, double[] u) {
      double[] result = new double[n];
      for (int k = 0; k < d; k++) {
        double factor = u[k];
        double[] column = columns[k];
        for (int i = 0; i < n; i++) {
          result[i] += factor * column[i];
        }
      }
      for (int i = 0; i < n; i++) {
        if (!gates.isActive(pattern, i)) {
          result[i] = 0;
        }
      }
      return result;
    }

    private static void addSquares(
        double[][] factors, double[][] hessian, int from, int to, Deadline deadline) {
      MatrixProducts.add(
          1,
          factors,
          factors,
          0,
          factors.length,
          hessian,
          from,
          to,
          0,
          hessian.length,
          true,
          deadline);
    }

    /** The slope of phi at a step; the shortened vectors are left there. */
    private double slope(double[] direction, double step) {
      shorten(step);
      double slope = 0;
      for (int i = 0; i < n; i++) {
        slope += direction[i] * (nu[i] + step * direction[i] - problem.y()[i]);
      }
      for (int b = 0; b < blocks; b++) {
        slope += sign(b) * ConeProjection.dot(next[b], imageStep[b >> 1]);
      }
      return slope;
    }

    /** The full step unless phi rises there too steeply; then one near the minimum on the line. */
    private double lineSearch(double[] direction) {
      double initial = ConeProjection.dot(gradient, direction);
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
      // Rounding rules: the point last looked at, so that the vectors belong to it.
      shorten(step);
      return step;
    }

    private SampledSolution solution(double[][] vectors, double dual) {
      int m = 0;
      double[] u = new double[blocks * d];
      double[] a = new double[blocks];
      boolean inCones = true;
      for (int b = 0; b < blocks; b++) {
        double norm = ConeProjection.norm(vectors[b]);
        if (norm == 0) {
          continue;
        }
        double root = Math.sqrt(norm);
        double[] neuron = new double[d];
        for (int k = 0; k < d; k++) {
          neuron[k] = vectors[b][k] / root;
        }
        inCones &= moveInside(b >> 1, neuron);
        System.arraycopy(neuron, 0, u, m * d, d);
        a[m++] = sign(b) * ConeProjection.norm(neuron);
      }
      Network scaled = new Network(m, d, Arrays.copyOf(u, m * d), Arrays.copyOf(a, m));
      Gap gap = new Gap(Objective.value(problem, scaled), dual);
      Network network = scaling.unscaleNetwork(m, scaled.u(), scaled.a());
      if (!(Verifier.upper(unscaled, network) instanceof Finding.Proved proved)) {
        throw new IllegalArgumentException(
            "The value of the sampled program's network cannot be written in float64; rescale X"
                + " and y.");
      }
      return new SampledSolution(
          new UpperBound(proved.value(), network),
          scaling.unscaleValue(dual),
          gap.relative(),
          gap.relative() <= tolerance,
          inCones,
          iterations,
          m,
          seconds());
    }

    /**
     * Moves a neuron that rounding left outside its cone towards the sampled direction, which is
     * inside, by as little as it takes.
     *
     * @return whether it lies in the cone now
     */
    private boolean moveInside(int pattern, double[] neuron) {
      double[] at = neuron.clone();
      double share = 0;
      for (int attempt = 0; attempt < 8; attempt++) {
        double needed = 0;
        for (int i = 0; i < n; i++) {
          double product = 0;
          double inside = 0;
          for (int k = 0; k < d; k++) {
            product += problem.x()[i * d + k] * at[k];
            inside += problem.x()[i * d + k] * gates.directions()[pattern * d + k];
          }
          if (gates.isActive(pattern, i) ? product < 0 : product > 0) {
            // Infinite for a direction on the boundary of its cone, which leads nowhere.
            needed = Math.max(needed, product / -inside);
          }
        }
        if (needed == Double.POSITIVE_INFINITY) {
          return false;
        }
        if (needed == 0) {
          System.arraycopy(at, 0, neuron, 0, d);
          return true;
        }
        share = 2 * (share + needed);
        for (int k = 0; k < d; k++) {
          at[k] = neuron[k] + share * gates.directions()[pattern * d + k];
        }
      }
      return false;
    }
  }
}
