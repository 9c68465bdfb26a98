package io.gapstream.numerics.quartic;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;
import io.gapstream.numerics.TimeUpException;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.bound.Witness;
import io.gapstream.numerics.kernels.Halves;
import io.gapstream.numerics.ladder.BestLowerBound;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.scaling.ScaledProblem;
import io.gapstream.numerics.verify.Verifier;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Solves the fourth-moment relaxation by a barrier method and turns its residual into a certified
 * lower bound; docs/mathematics.md, section 3.5. With a {@link MomentSide} 1 for positive and 2 for
 * negative output weights, {@code hi = upper_1 - lower_2} and {@code lo = lower_1 - upper_2}:
 *
 * <pre>min 1/2 sum_i dist(y_i, [lo_i, hi_i])^2 + beta (m_0(1) + m_0(2))
 *     - mu (log det M(1) + log det M(2)),   mu -> 0</pre>
 *
 * <p>The residual is the dual vector, and the inverses of the moment matrices become the Gram
 * matrices of its witnesses. Nothing is believed: what the {@link Verifier} proves is the bound.
 */
public final class QuarticSolver {

  /** More columns would take too long: a step costs about {@code d^12}. */
  public static final int MAX_COLUMNS = 12;

  /** The start's mass is at most this times the norm of y. */
  private static final double MOST_MASS = 1e3;

  private static final int MOMENTS = RowBounds.MOMENTS;

  private final Problem problem;
  private final Deadline deadline;
  private final ScaledProblem scaling;
  private final Problem scaled;
  private final int n;
  private final UnitRows rows;
  private final BestLowerBound best;

  private QuarticSolver(Problem problem, Deadline deadline, Consumer<LowerBound> onImprovement) {
    this.deadline = deadline;
    this.problem = problem;
    best = new BestLowerBound(problem, deadline, onImprovement);
    scaling = new ScaledProblem(problem);
    scaled = scaling.problem();
    n = problem.n();
    rows = new UnitRows(n, problem.d(), scaled.x());
  }

  /**
   * Solves the relaxation until it converges or the deadline is reached. A bound is returned in any
   * case; the first one costs next to nothing.
   *
   * @param onImprovement told of every proved bound that is better than the ones before
   * @throws IllegalArgumentException if there are more than {@link #MAX_COLUMNS} columns, or if the
   *     magnitudes of X, y and beta are so far apart that no bound can be written in float64
   */
  public static QuarticResult solve(
      Problem problem, Deadline deadline, Consumer<LowerBound> onImprovement) {
    requireColumns(problem.d());
    return new QuarticSolver(problem, deadline, onImprovement).run();
  }

  static void requireColumns(int d) {
    if (d > MAX_COLUMNS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "There are %d columns and the fourth-moment relaxation takes at most %d; use the"
                  + " lifted relaxation.",
              d,
              MAX_COLUMNS));
    }
  }

  private QuarticResult run() {
    double[] y = scaled.y();
    double squares = 0;
    for (double value : y) {
      squares += value * value;
    }
    double triangle = rows.triangle(y);
    Witness witness = new Witness.Triangle();
    best.consider(
        problem.y(), scaling.unscaleTau(triangle), witness, witness, BestLowerBound.LEAST_SLACK);
    if (squares == 0 || scaled.beta() >= triangle) {
      return result(0.5 * squares, true, 0); // the zero network is optimal
    }
    double mass =
        Math.min(squares / 8 / scaled.beta(), MOST_MASS * Math.sqrt(squares)); // of each sign
    try {
      Program program = new Program();
      double[] point = program.uniform(mass);
      BarrierMethod.Outcome outcome = BarrierMethod.minimize(program, point, deadline);
      return result(outcome.value(), outcome.converged(), outcome.iterations());
    } catch (TimeUpException e) {
      return result(Double.NaN, false, 0); // the best so far stays
    }
  }

  private QuarticResult result(double value, boolean converged, int iterations) {
    return new QuarticResult(best.get(), scaling.unscaleValue(value), converged, iterations);
  }

  /** The relaxation, as a function of the moments of both sides. */
  private final class Program implements BarrierProgram {

    final Moments moments = new Moments(problem.d(), deadline);
    final MomentSide positive = new MomentSide(moments, rows, deadline);
    final MomentSide negative = new MomentSide(moments, rows, deadline);
    final Pace pace = new Pace(deadline);
    final PowerSums powers = new PowerSums(moments, false);
    final int size = moments.size;
    final double[] residual = new double[n];
    final double[][] hessian = new double[2 * size][2 * size];
    final double[][] square = new double[moments.fullSize][moments.fullSize];
    final double[][] monomials = new double[2 * Moments.DEGREE + 1][];

    Program() {
      for (int k = 0; k < monomials.length; k++) {
        monomials[k] = new double[moments.monomials.count(k)];
      }
    }

    double[] uniform(double mass) {
      double[] uniform = moments.uniform();
      double[] point = new double[2 * size];
      for (int k = 0; k < size; k++) {
        point[k] = mass * uniform[k];
        point[size + k] = point[k];
      }
      return point;
    }

    @Override
    public double barrierDegree() {
      return 2 * moments.order;
    }

    @Override
    public double evaluate(double[] point, double mu) {
      double[] barriers = new double[2];
      Halves.run(
          4.0 * n * moments.fullSize,
          () -> barriers[0] = positive.forward(point, 0),
          () -> barriers[1] = negative.forward(point, size));
      double barrier = barriers[0] + barriers[1];
      if (barrier == Double.POSITIVE_INFINITY) {
        return barrier;
      }
      double value = scaled.beta() * (positive.mass() + negative.mass()) + mu * barrier;
      for (int i = 0; i < n; i++) {
        double target = scaled.y()[i];
        double high = positive.upper[i] - negative.lower[i];
        double low = positive.lower[i] - negative.upper[i];
        residual[i] = target > high ? target - high : Math.min(0, target - low);
        value += 0.5 * residual[i] * residual[i];
      }
      return value;
    }

    @Override
    public void step(double mu, double[] gradient, double[] step) {
      Arrays.fill(gradient, 0);
      double beta = scaled.beta();
      Halves.run(
          (double) moments.fullSize * moments.fullSize,
          () -> positive.derive(1, residual, 1, beta, 0, mu, gradient, 0, hessian),
          () -> negative.derive(-1, residual, 1, beta, 0, mu, gradient, size, hessian));
      crossDerivatives();
      NewtonSystem.solve(hessian, gradient, step, deadline);
    }

    /** Second derivatives by one moment of each side: an output is a difference of the sides. */
    private void crossDerivatives() {
      double[] h = new double[MOMENTS * MOMENTS];
      powers.clear();
      for (int i = 0; i < n; i++) {
        double r = rows.norms[i];
        if (residual[i] == 0 || r == 0) {
          continue;
        }
        pace.count(3L * moments.monomials.count(2 * Moments.DEGREE));
        moments.monomials.evaluate(rows.directions, i * rows.d, monomials);
        for (int k = 0; k < MOMENTS; k++) {
          for (int l = 0; l < MOMENTS; l++) {
            h[k * MOMENTS + l] =
                -r * r * positive.gradients[MOMENTS * i + k] * negative.gradients[MOMENTS * i + l];
          }
        }
        powers.add(h, monomials);
      }
      powers.write(square);
      moments.pullBack(square, hessian, 0, size);
    }

    @Override
    public void stepped(double mu, double[] step) {
      MomentSide.Found plus = positive.find(1, residual, mu, step, 0);
      MomentSide.Found minus = negative.find(-1, residual, mu, step, size);
      best.consider(
          scaling.unscaleTarget(residual),
          scaling.unscaleTau(Math.max(plus.tau(), minus.tau())),
          unscale(plus.witness()),
          unscale(minus.witness()),
          BestLowerBound.LEAST_SLACK);
    }

    private Witness.Quartic unscale(Witness.Quartic witness) {
      double[] gram = witness.gram().clone();
      for (int k = 0; k < gram.length; k++) {
        gram[k] = scaling.unscaleTau(gram[k]);
      }
      return new Witness.Quartic(witness.touch(), witness.slope(), witness.offset(), gram);
    }
  }
}
