package io.gapstream.numerics.gated;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.scaling.ScaledProblem;
import java.util.Arrays;

/**
 * Accelerated proximal gradient with restart on the gated program (G), on growing working sets.
 *
 * <p>Solutions use few patterns. So the method runs on the patterns in use and on those that
 * violate the optimality condition most, and then looks at all of them again.
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
 * <p>Source: Mishkin, Sahiner and Pilanci (2022) for the program; O'Donoghue and Candes (2015) for
 * the restart; docs/mathematics.md, section 2.
 */
public final class GatedSolver {

  /** A relative fall of the value that is more than rounding. */
  private static final double SLIGHT = 1e-13;

  /** A subproblem is solved this much better than the whole is at present. */
  private static final double SUBPROBLEM_SHARE = 0.2;

  private static final int LEAST_ADDED = 32;

  /** Rounds in a row without a better gap after which rounding is taken to rule. */
  private static final int STALLED_ROUNDS = 20;

  private GatedSolver() {}

  /**
   * Minimises {@code 1/2 ||sum_i D_i X w_i - y||^2 + beta sum_i ||w_i||} until the relative duality
   * gap at the returned point is at most the tolerance, rounding stops all progress, or the
   * deadline is reached. Deterministic unless the deadline is reached.
   *
   * @param tolerance of the relative duality gap, above 0 and finite
   * @throws IllegalArgumentException if the tolerance is out of range, the gates are of other data,
   *     or the magnitudes of X, y and beta are too far apart for float64
   */
  public static GatedSolution solve(
      Problem problem, Gates gates, double tolerance, Deadline deadline) {
    if (!(tolerance > 0) || tolerance == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "tolerance is " + tolerance + "; it must be a finite number above 0.");
    }
    if (gates.n() != problem.n() || gates.d() != problem.d()) {
      throw new IllegalArgumentException(
          String.format(
              "The gates are of data of shape %d x %d and X is %d x %d; sample them from X.",
              gates.n(), gates.d(), problem.n(), problem.d()));
    }
    return new GatedSolver.Run(new ScaledProblem(problem), gates, tolerance, deadline).solve();
  }

  /** One solve: its state and its loop. */
  private static final class Run {

    private final ScaledProblem scaling;
    private final Problem problem;
    private final Gates gates;
    private final double tolerance;
    private final Deadline deadline;
    private final int d;
    private final int count;
    private final GateProducts products;
    private final double[] w;
    private final double[] residual;
    private final double[] gradient;
    private final double[] gradientNorms;
    private long iterations;

    Run(ScaledProblem scaling, Gates gates, double tolerance, Deadline deadline) {
      this.scaling = scaling;
      this.problem = scaling.problem();
      this.gates = gates;
      this.tolerance = tolerance;
      this.deadline = deadline;
      this.d = gates.d();
      this.count = gates.count();
      int[] all = new int[count];
      Arrays.setAll(all, p -> p);
      this.products = new GateProducts(gates, problem.x(), all);
      this.w = new double[Math.multiplyExact(count, d)];
      this.residual = problem.y().clone();
      this.gradient = new double[count * d];
      this.gradientNorms = new double[count];
    }

    GatedSolution solve() {
      double bestGap = Double.POSITIVE_INFINITY;
      double bestValue = Double.POSITIVE_INFINITY;
      int stalled = 0;
      while (true) {
        Gap gap = gap();
        // The gap may grow while new patterns lower the value: that is no stall.
        boolean better = gap.relative() < bestGap || gap.primal() < bestValue * (1 - SLIGHT);
        stalled = better ? 0 : stalled + 1;
        bestGap = Math.min(bestGap, gap.relative());
        bestValue = Math.min(bestValue, gap.primal());
        if (gap.relative() <= tolerance || deadline.reached() || stalled > STALLED_ROUNDS) {
          return solution(gap);
        }
        // The working set may be solved well enough while the dual point, which has to suit every
        // pattern, is not: then it is solved better.
        double share = SUBPROBLEM_SHARE * Math.pow(0.1, stalled);
        WorkingSetSolver solver = new WorkingSetSolver(problem, gates, workingSet(), w);
        iterations += solver.solve(Math.max(0.9 * tolerance, share * bestGap), deadline);
        solver.copyTo(w, residual);
      }
    }

    /** The gap over all patterns at w. */
    private Gap gap() {
      products.adjoint(residual, gradient);
      double penalty = 0;
      for (int p = 0; p < count; p++) {
        gradientNorms[p] = Groups.norm(gradient, p, d);
        penalty += Groups.norm(w, p, d);
      }
      return Gap.of(problem, residual, penalty, Groups.largest(gradientNorms, count));
    }

    /**
     * The patterns in use, and of the others those that violate the optimality condition most: as
     * many as are in use, or a few more than are needed to start with.
     */
    private int[] workingSet() {
      int[] candidates = new int[count];
      double[] violations = new double[count];
      int used = 0;
      int violated = 0;
      for (int p = 0; p < count; p++) {
        if (!Groups.isZero(w, p, d)) {
          used++;
        } else if (gradientNorms[p] > problem.beta()) {
          violations[violated++] = gradientNorms[p];
        }
      }
      int wanted = Math.min(violated, Math.max(LEAST_ADDED, used));
      Arrays.sort(violations, 0, violated);
      double threshold = wanted == 0 ? Double.POSITIVE_INFINITY : violations[violated - wanted];
      int held = 0;
      for (int p = 0; p < count; p++) {
        if (!Groups.isZero(w, p, d) || gradientNorms[p] >= threshold) {
          candidates[held++] = p;
        }
      }
      return Arrays.copyOf(candidates, held);
    }

    private GatedSolution solution(Gap gap) {
      return new GatedSolution(
          scaling.unscalePoint(w),
          scaling.unscaleValue(gap.primal()),
          scaling.unscaleValue(gap.dual()),
          gap.relative(),
          gap.relative() <= tolerance,
          iterations);
    }
  }
}
