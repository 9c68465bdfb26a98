package io.gapstream.numerics.gated;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.TimeUpException;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.kernels.GateProducts;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.scaling.ScaledProblem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * The method of multipliers on the dual of the gated program (G), each step by a semismooth Newton
 * method, on growing working sets.
 *
 * <p>Solutions use few patterns. So the method runs on the patterns in use, on those that nearly
 * violate the optimality condition, and on those that violate it most, and then looks at all of
 * them again.
 *
 * <p><b>Stopping.</b> With {@code r = y - sum_i D_i X w_i} and {@code T = max_i ||X' D_i r||}, the
 * dual point is {@code nu = s r}, {@code s = min(beta / T, y.r / ||r||^2)}, at least 0, and
 *
 * <pre>dual value = s y.r - 1/2 s^2 ||r||^2  &lt;=  optimum of (G)  &lt;=  value at w.</pre>
 *
 * <p><i>Proof.</i> For any w and {@code f = sum_i D_i X w_i}: {@code 1/2||f - y||^2 >= nu.(y - f) -
 * 1/2||nu||^2}, and {@code nu.f = sum_i (X' D_i nu).w_i <= sum_i s T ||w_i|| <= beta sum_i
 * ||w_i||}. Add the two.
 *
 * <p>Two threads of the common pool share the work; the result does not depend on them.
 *
 * <p>Source: Mishkin, Sahiner and Pilanci (2022) for the program; {@link AugmentedLagrangian} for
 * the method; docs/mathematics.md, section 2.
 */
public final class GatedSolver {

  /** The first sigma, in units of {@code ||y||^2 / (beta beta_max)}. */
  private static final double FIRST_SIGMA = 0.1;

  /** The factors on sigma after a step that took few Newton steps, and after one that took more. */
  private static final double FAST_GROWTH = 5;

  private static final double SLOW_GROWTH = 2.2;
  private static final int FEW_NEWTON_STEPS = 5;
  private static final int MANY_NEWTON_STEPS = 8;

  /** The largest sigma, in units of the first: beyond it rounding rules the Newton systems. */
  private static final double LARGEST_SIGMA = 1e8;

  /** Unused patterns below this share of beta leave the working set. */
  private static final double NEARLY_VIOLATED = 0.8;

  private static final int FIRST_SET = 100;
  private static final int LEAST_ADDED = 50;

  /** Rounds in a row without a better gap after which rounding is taken to rule. */
  private static final int STALLED_ROUNDS = 20;

  private GatedSolver() {}

  /**
   * The program's beta_max, {@code max_i ||X' D_i y||}: from this beta on its solution is zero. 0
   * without patterns.
   *
   * @throws IllegalArgumentException if the gates are of other data, or the magnitudes of X and y
   *     are too far apart for float64
   */
  public static double betaMax(Data data, Gates gates) {
    // The scaling does not depend on beta, and refuses none for being large.
    Problem unscaled = new Problem(data.n(), data.d(), data.x(), data.y(), Double.MAX_VALUE);
    requireFits(unscaled, gates);
    ScaledProblem scaling = new ScaledProblem(unscaled);
    Problem problem = scaling.problem();
    GateProducts products = GateProducts.of(gates, problem.x(), allOf(gates));
    return scaling.unscaleTau(largestGradient(products, problem.y(), gates));
  }

  /** {@code max_i ||X' D_i nu||}. */
  private static double largestGradient(GateProducts products, double[] nu, Gates gates) {
    double[][] gradient = new double[gates.count()][gates.d()];
    products.adjoint(nu, gradient);
    double largest = 0;
    for (double[] row : gradient) {
      largest = Math.max(largest, Vectors.norm(row));
    }
    return largest;
  }

  private static int[] allOf(Gates gates) {
    int[] all = new int[gates.count()];
    Arrays.setAll(all, p -> p);
    return all;
  }

  /**
   * Minimises {@code 1/2 ||sum_i D_i X w_i - y||^2 + beta sum_i ||w_i||} until the relative duality
   * gap at the returned point is at most the tolerance, rounding stops all progress, or the
   * deadline is reached. Deterministic unless the deadline is reached.
   *
   * @param tolerance of the relative duality gap, above 0 and finite
   * @throws IllegalArgumentException if the tolerance is out of range, the gates are of other data,
   *     or the magnitudes of X, y and beta are too far apart for float64
   * @throws TimeUpException if the deadline's grace ends before there is anything to return
   */
  public static GatedSolution solve(
      Problem problem, Gates gates, double tolerance, Deadline deadline) {
    return solve(problem, gates, tolerance, deadline, progress -> {});
  }

  /**
   * The same with limited memory.
   *
   * @param mostBytes of a Newton system: one that would be larger ends the solve with what it has
   */
  public static GatedSolution solve(
      Problem problem, Gates gates, double tolerance, double mostBytes, Deadline deadline) {
    requireTolerance(tolerance);
    requireFits(problem, gates);
    return new Run(problem, gates, tolerance, mostBytes, deadline, progress -> {})
        .solve(problem.beta());
  }

  /**
   * The same with a log.
   *
   * @param log told of every step of the method of multipliers
   */
  public static GatedSolution solve(
      Problem problem,
      Gates gates,
      double tolerance,
      Deadline deadline,
      Consumer<GatedProgress> log) {
    requireTolerance(tolerance);
    requireFits(problem, gates);
    return new Run(problem, gates, tolerance, Double.POSITIVE_INFINITY, deadline, log)
        .solve(problem.beta());
  }

  /**
   * The solutions for several weights of the penalty, each started from the one before. Decreasing
   * weights make the best use of that.
   *
   * @param betas from 1 weight on, finite and above 0; the problem's own is not used
   * @param tolerance of the relative duality gap of every solution, above 0 and finite
   * @param deadline of the whole path; solutions that were not begun are left out
   * @param log told of every step of the method of multipliers
   * @throws IllegalArgumentException as for {@link #solve}
   */
  public static List<GatedSolution> path(
      Problem problem,
      Gates gates,
      double[] betas,
      double tolerance,
      Deadline deadline,
      Consumer<GatedProgress> log) {
    return path(problem, gates, betas, tolerance, deadline, log, solution -> {});
  }

  /**
   * The same, with every solution handed over as soon as it is there.
   *
   * @param solved takes each solution, in the order of the betas
   */
  public static List<GatedSolution> path(
      Problem problem,
      Gates gates,
      double[] betas,
      double tolerance,
      Deadline deadline,
      Consumer<GatedProgress> log,
      Consumer<GatedSolution> solved) {
    requireTolerance(tolerance);
    requireFits(problem, gates);
    if (betas.length == 0) {
      throw new IllegalArgumentException("The path has no beta; give at least one.");
    }
    for (double beta : betas) {
      // Refused before anything is computed.
      new ScaledProblem(problem.withBeta(beta));
    }
    Run run = new Run(problem, gates, tolerance, Double.POSITIVE_INFINITY, deadline, log);
    List<GatedSolution> path = new ArrayList<>();
    for (double beta : betas) {
      if (!path.isEmpty() && deadline.reached()) {
        break;
      }
      GatedSolution solution;
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

  private static void requireTolerance(double tolerance) {
    if (!(tolerance > 0) || tolerance == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "tolerance is " + tolerance + "; it must be a finite number above 0.");
    }
  }

  private static void requireFits(Problem problem, Gates gates) {
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

    private final Problem unscaled;
    private final Gates gates;
    private final double tolerance;
    private final double mostBytes;
    private final Deadline deadline;
    private final Consumer<GatedProgress> log;
    private final int d;
    private final int count;
    private final GateProducts products;
    private final float[][] columns;
    private final double[][] gradient;
    private final double[] gradientNorms;
    private final boolean[] held;

    private ScaledProblem scaling;
    private Problem problem;
    private double[][] w;
    private double[] residual;
    private int[] set = {};

    Run(
        Problem unscaled,
        Gates gates,
        double tolerance,
        double mostBytes,
        Deadline deadline,
        Consumer<GatedProgress> log) {
      this.mostBytes = mostBytes;
      this.deadline = deadline;
      this.unscaled = unscaled;
      this.scaling = new ScaledProblem(unscaled);
      this.problem = scaling.problem();
      this.gates = gates;
      this.tolerance = tolerance;
      this.log = log;
      this.d = gates.d();
      this.count = gates.count();
      this.products = GateProducts.of(gates, problem.x(), allOf(gates), deadline);
      this.columns = new float[d][problem.n()];
      for (int i = 0; i < problem.n(); i++) {
        for (int k = 0; k < d; k++) {
          columns[k][i] = (float) problem.x()[i * d + k];
        }
      }
      this.gradient = new double[count][d];
      this.gradientNorms = new double[count];
      this.held = new boolean[count];
      this.w = new double[count][d];
      this.residual = problem.y().clone();
    }

    GatedSolution solve(double beta) {
      long start = System.nanoTime();
      scaling = new ScaledProblem(unscaled.withBeta(beta));
      problem = scaling.problem();
      Gap gap = gap();
      Gap bestGap = gap;
      double[][] best = w.clone();
      double[] bestResidual = residual;
      double[] nu = residual.clone();
      long iterations = 0;
      int stalled = 0;
      double first = firstSigma();
      double sigma = first;
      while (gap.relative() > tolerance && !deadline.reached() && stalled <= STALLED_ROUNDS) {
        set = workingSet();
        AugmentedLagrangian step;
        try {
          step = new AugmentedLagrangian(problem, gates, columns, set, w, nu, sigma, deadline);
          if (!step.run(mostBytes)) {
            break;
          }
          for (int j = 0; j < set.length; j++) {
            w[set[j]] = step.next()[j];
          }
          residual = step.residual();
          gap = gap();
        } catch (TimeUpException e) {
          break; // the best so far stays
        }
        iterations += step.newtonSteps();
        log.accept(progress(iterations, gap, start));
        if (gap.relative() < bestGap.relative()) {
          bestGap = gap;
          best = w.clone();
          bestResidual = residual;
          stalled = 0;
        } else {
          stalled++;
        }
        if (step.newtonSteps() <= FEW_NEWTON_STEPS) {
          sigma *= FAST_GROWTH;
        } else if (step.newtonSteps() <= MANY_NEWTON_STEPS) {
          sigma *= SLOW_GROWTH;
        }
        sigma = Math.min(sigma, LARGEST_SIGMA * first);
      }
      w = best;
      residual = bestResidual;
      return solution(bestGap, iterations, start);
    }

    private double firstSigma() {
      double squares = Vectors.dot(problem.y(), problem.y());
      return FIRST_SIGMA
          * squares
          / (problem.beta() * largestGradient(products, problem.y(), gates));
    }

    /** The gap over all patterns at w. */
    private Gap gap() {
      products.adjoint(residual, gradient);
      double penalty = 0;
      for (int p = 0; p < count; p++) {
        gradientNorms[p] = Vectors.norm(gradient[p]);
        penalty += Vectors.norm(w[p]);
      }
      return Gap.of(problem, residual, penalty, Vectors.largest(gradientNorms));
    }

    /**
     * The patterns of the set before that are in use or nearly violate the optimality condition,
     * and of the others those that violate it most: as many as are in use, or a few to start with.
     */
    private int[] workingSet() {
      Arrays.fill(held, false);
      int used = 0;
      for (int p : set) {
        boolean inUse = !Vectors.isZero(w[p]);
        used += inUse ? 1 : 0;
        held[p] = inUse || gradientNorms[p] > NEARLY_VIOLATED * problem.beta();
      }
      double[] violations = new double[count];
      int violated = 0;
      for (int p = 0; p < count; p++) {
        if (!held[p] && gradientNorms[p] > problem.beta()) {
          violations[violated++] = gradientNorms[p];
        }
      }
      int wanted = Math.min(violated, set.length == 0 ? FIRST_SET : Math.max(LEAST_ADDED, used));
      Arrays.sort(violations, 0, violated);
      double threshold = wanted == 0 ? Double.POSITIVE_INFINITY : violations[violated - wanted];
      int[] chosen = new int[count];
      int size = 0;
      for (int p = 0; p < count; p++) {
        if (held[p] || gradientNorms[p] >= threshold) {
          chosen[size++] = p;
        }
      }
      return Arrays.copyOf(chosen, size);
    }

    private GatedProgress progress(long iterations, Gap gap, long start) {
      return new GatedProgress(
          iterations,
          scaling.unscaleValue(gap.primal()),
          scaling.unscaleValue(gap.dual()),
          gap.relative(),
          (System.nanoTime() - start) * 1e-9);
    }

    private GatedSolution solution(Gap gap, long iterations, long start) {
      double[] flat = new double[Math.multiplyExact(count, d)];
      int active = 0;
      for (int p = 0; p < count; p++) {
        System.arraycopy(w[p], 0, flat, p * d, d);
        active += Vectors.isZero(w[p]) ? 0 : 1;
      }
      return new GatedSolution(
          scaling.unscalePoint(flat),
          scaling.unscaleValue(gap.primal()),
          scaling.unscaleValue(gap.dual()),
          gap.relative(),
          gap.relative() <= tolerance,
          iterations,
          active,
          (System.nanoTime() - start) * 1e-9);
    }
  }
}
