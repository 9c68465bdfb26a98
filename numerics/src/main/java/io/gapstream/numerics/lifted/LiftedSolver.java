package io.gapstream.numerics.lifted;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.RandomStream;
import io.gapstream.numerics.TimeUpException;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.bound.Witness;
import io.gapstream.numerics.ladder.BestLowerBound;
import io.gapstream.numerics.optim.Lbfgs;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.scaling.ScaledProblem;
import io.gapstream.numerics.verify.Verifier;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.commons.rng.sampling.distribution.ContinuousSampler;
import org.jspecify.annotations.Nullable;

/**
 * Solves the lifted relaxation in factored form and turns its residual into a certified lower
 * bound; docs/mathematics.md, section 3.3. With {@link LiftedFactor} 1 for positive and 2 for
 * negative output weights, {@code hi = upper_1 - lower_2} and {@code lo = lower_1 - upper_2}:
 *
 * <pre>min 1/2 sum_i dist(y_i, [lo_i, hi_i])^2 + beta (t_1 + t_2)</pre>
 *
 * <p>The maximum in {@code lower} is smoothed, less and less. Nothing is believed: each residual
 * goes through {@link QuadraticWitness} to the {@link Verifier}, and what that proves is the bound.
 */
public final class LiftedSolver {

  private static final int MAX_RANK = 25;
  private static final int MEMORY = 10;
  private static final int MAX_ITERATIONS = 500;
  private static final int WITNESS_ITERATIONS = 100;
  private static final double TOLERANCE = 1e-6;

  /** The matrix of the pairs has this order; each check of a witness factorises it. */
  private static final int MAX_PAIR_ROWS = 1000;

  private static final int MAX_ROUNDS = 60;
  private static final double FEASIBLE = 1e-6;

  /** A check of pairs takes time: the gain must be worth it, and s is lowered by this at least. */
  private static final double WORTHWHILE = 1 + 1e-3;

  private static final double PAIRS_SLACK = 1e-10;
  private static final double NEGLIGIBLE = 1e-9;
  private static final double NOISE = 1e-4;
  private static final double[] WIDTHS = {1e-1, 1e-2, 1e-3, 1e-4};

  private final Problem problem;
  private final Deadline deadline;
  private final Problem scaled;
  private final ScaledProblem scaling;
  private final int n;
  private final int d;
  private final double[] norms;
  private final double[] unitRows;
  private final LiftedFactor positive;
  private final LiftedFactor negative;
  private final QuadraticWitness witness;
  private final BestLowerBound best;

  private double value = Double.NaN;
  private long iterations;
  private boolean converged;
  private boolean timeUp;

  private LiftedSolver(Problem problem, Deadline deadline, Consumer<LowerBound> onImprovement) {
    this.problem = problem;
    this.deadline = deadline;
    best = new BestLowerBound(problem, deadline, onImprovement);
    scaling = new ScaledProblem(problem);
    scaled = scaling.problem();
    n = problem.n();
    d = problem.d();
    norms = new double[n];
    unitRows = new double[n * d];
    for (int i = 0; i < n; i++) {
      double squares = 0;
      for (int k = 0; k < d; k++) {
        squares += scaled.x()[i * d + k] * scaled.x()[i * d + k];
      }
      norms[i] = Math.sqrt(squares);
      for (int k = 0; k < d && norms[i] > 0; k++) {
        unitRows[i * d + k] = scaled.x()[i * d + k] / norms[i];
      }
    }
    int rank = Math.min(d + 1, MAX_RANK);
    positive = new LiftedFactor(n, d, rank, scaled.x(), norms, deadline);
    negative = new LiftedFactor(n, d, rank, scaled.x(), norms, deadline);
    witness = new QuadraticWitness(n, d, scaled.x(), positive);
  }

  /**
   * Solves the relaxation until it converges or the deadline is reached. A bound is returned in any
   * case; the first one costs next to nothing.
   *
   * @param seed of the start
   * @param onImprovement told of every proved bound that is better than the ones before
   * @throws IllegalArgumentException if the magnitudes of X, y and beta are so far apart that no
   *     bound can be written in float64
   */
  public static LiftedResult solve(
      Problem problem, long seed, Deadline deadline, Consumer<LowerBound> onImprovement) {
    return new LiftedSolver(problem, deadline, onImprovement).run(seed);
  }

  /**
   * The first bound alone, by rung triangle: it takes next to no time and no matrices.
   *
   * @throws IllegalArgumentException as for {@link #solve}
   */
  public static LowerBound triangle(Problem problem) {
    BestLowerBound best = new BestLowerBound(problem, Deadline.none(), bound -> {});
    ScaledProblem scaling = new ScaledProblem(problem);
    considerTriangle(best, problem, scaling);
    return best.get();
  }

  private static void considerTriangle(
      BestLowerBound best, Problem problem, ScaledProblem scaling) {
    Witness triangle = new Witness.Triangle();
    double tau = triangleTau(scaling);
    best.consider(problem.y(), tau, triangle, triangle, BestLowerBound.LEAST_SLACK);
  }

  private LiftedResult run(long seed) {
    considerTriangle(best, problem, scaling);
    try {
      search(seed);
    } catch (TimeUpException e) {
      outOfTime(); // the best so far stays
    }
    return new LiftedResult(best.get(), scaling.unscaleValue(value), converged, timeUp, iterations);
  }

  private void search(long seed) {
    double[] point = start(seed);
    double toCertify = 1e-9 * certification();
    for (double width : WIDTHS) {
      if (toCertify * 1e9 > deadline.remainingWithGrace().toNanos()) {
        outOfTime();
        return; // without its certificate a point is worth nothing
      }
      Lbfgs.Outcome outcome =
          new Lbfgs(MEMORY, MAX_ITERATIONS, TOLERANCE, deadline.earlier(toCertify))
              .minimize((at, gradient) -> evaluate(at, width, gradient), point);
      value = outcome.value();
      iterations += outcome.iterations();
      converged = outcome.converged();
      double begun = deadline.elapsedSeconds();
      certify(point, width);
      toCertify = deadline.elapsedSeconds() - begun;
      if (deadline.reached()) {
        outOfTime();
        return;
      }
    }
    if (n <= MAX_PAIR_ROWS) {
      PairRelaxation relaxation = pairRelaxation(point, seed);
      if (relaxation != null) {
        converged = false;
        converged = tighten(relaxation);
        value = relaxation.value();
        iterations += relaxation.iterations();
      }
    }
  }

  private void outOfTime() {
    converged = false;
    timeUp = true;
  }

  /**
   * Multiplications of a certificate at least: a few factorisations for each sign, and the matrix
   * that is factorised.
   */
  private double certification() {
    return (4.0 * d + n) * d * d;
  }

  /** The pair relaxation, started from a point; null where the relaxation is the zero network. */
  private @Nullable PairRelaxation pairRelaxation(double[] point, long seed) {
    double size = Math.max(positive.t(), negative.t());
    if (!(scaled.beta() * size > NEGLIGIBLE * squaredTarget())) {
      return null;
    }
    // A sign that vanished gets something to grow from.
    ContinuousSampler gaussian = RandomStream.LIFTED.gaussian(~seed);
    double noise = Math.sqrt(NOISE * size / positive.size());
    double[] moments = point.clone();
    for (int k = 0; k < moments.length; k++) {
      moments[k] += noise * gaussian.sample();
    }
    return new PairRelaxation(
        scaled,
        unitRows,
        norms,
        moments,
        residual(point, WIDTHS[WIDTHS.length - 1]),
        gaussian,
        deadline);
  }

  /** Solves the pair relaxation and certifies on the way; says whether it was solved. */
  private boolean tighten(PairRelaxation relaxation) {
    for (int round = 1; round <= MAX_ROUNDS; round++) {
      double violation = relaxation.round();
      if (deadline.reached()) {
        timeUp = true;
        return false;
      }
      certify(relaxation);
      if (violation < FEASIBLE) {
        return true;
      }
    }
    return false;
  }

  private void certify(PairRelaxation relaxation) {
    double[] nu = relaxation.residual().clone();
    PairWitness.Found plus = relaxation.witness(1);
    PairWitness.Found minus = relaxation.witness(-1);
    double tau = Math.max(plus.tau(), minus.tau());
    if (scaling.unscaleValue(valueOf(nu, tau)) > WORTHWHILE * best.value()) {
      best.consider(
          scaling.unscaleTarget(nu),
          scaling.unscaleTau(tau),
          unscale(plus.witness()),
          unscale(minus.witness()),
          PAIRS_SLACK);
    }
  }

  /** Bound (L) of the scaled problem with the best s, in plain floating point. */
  private double valueOf(double[] nu, double tau) {
    double product = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      product += scaled.y()[i] * nu[i];
      squares += nu[i] * nu[i];
    }
    double s = Math.min(scaled.beta() / tau, product / squares);
    return s * product - 0.5 * s * s * squares;
  }

  private double squaredTarget() {
    double squares = 0;
    for (double y : scaled.y()) {
      squares += y * y;
    }
    return squares;
  }

  private double[] start(long seed) {
    ContinuousSampler gaussian = RandomStream.LIFTED.gaussian(seed);
    double[] point = new double[2 * positive.size()];
    for (int k = 0; k < point.length; k++) {
      point[k] = gaussian.sample();
    }
    double squares = squaredTarget();
    // t is about the size of the outputs over that of the rows, and beta t below the zero network.
    double t = Math.min(1 / Math.sqrt(d), 0.1 * squares / scaled.beta());
    double factor = Math.sqrt(Math.max(t, 1e-30) / positive.size());
    for (int k = 0; k < point.length; k++) {
      point[k] *= factor;
    }
    return point;
  }

  private double evaluate(double[] point, double width, double[] gradient) {
    int half = positive.size();
    positive.forward(point, 0, width);
    negative.forward(point, half, width);
    double[] y = scaled.y();
    double[] up = new double[n];
    double[] down = new double[n];
    double value = 0;
    for (int i = 0; i < n; i++) {
      double high = positive.upper(i) - negative.lower(i);
      double low = positive.lower(i) - negative.upper(i);
      if (y[i] > high) {
        up[i] = y[i] - high;
        value += 0.5 * up[i] * up[i];
      } else if (y[i] < low) {
        down[i] = y[i] - low;
        value += 0.5 * down[i] * down[i];
      }
    }
    value += scaled.beta() * (positive.t() + negative.t());
    Arrays.fill(gradient, 0);
    double[] minusUp = new double[n];
    double[] minusDown = new double[n];
    for (int i = 0; i < n; i++) {
      minusUp[i] = -up[i];
      minusDown[i] = -down[i];
    }
    positive.backward(minusUp, minusDown, scaled.beta(), point, 0, gradient);
    negative.backward(down, up, scaled.beta(), point, half, gradient);
    return value;
  }

  /** The residual at a point. */
  private double[] residual(double[] point, double width) {
    positive.forward(point, 0, width);
    negative.forward(point, positive.size(), width);
    double[] nu = new double[n];
    for (int i = 0; i < n; i++) {
      double y = scaled.y()[i];
      double high = positive.upper(i) - negative.lower(i);
      double low = positive.lower(i) - negative.upper(i);
      nu[i] = y > high ? y - high : Math.min(0, y - low);
    }
    return nu;
  }

  /** Certifies the residual at a point. */
  private void certify(double[] point, double width) {
    double[] nu = residual(point, width);
    QuadraticWitness.Found plus = find(nu, point, 0, width);
    double[] opposite = new double[n];
    for (int i = 0; i < n; i++) {
      opposite[i] = -nu[i];
    }
    QuadraticWitness.Found minus = find(opposite, point, positive.size(), width);
    best.consider(
        scaling.unscaleTarget(nu),
        scaling.unscaleTau(Math.max(plus.tau(), minus.tau())),
        unscale(plus.witness()),
        unscale(minus.witness()),
        BestLowerBound.LEAST_SLACK);
  }

  /** Multipliers for one sign, starting from that sign's half of the relaxation's point. */
  private QuadraticWitness.Found find(double[] nu, double[] point, int offset, double width) {
    int size = positive.size();
    double[] start = Arrays.copyOfRange(point, offset, offset + size);
    double squares = 0;
    for (double entry : start) {
      squares += entry * entry;
    }
    double factor = 1 / Math.sqrt(squares);
    for (int k = 0; k < size; k++) {
      start[k] = Double.isFinite(factor) ? start[k] * factor : (k % 7 - 3.0) / size;
    }
    return witness.find(nu, start, width, WITNESS_ITERATIONS, deadline);
  }

  private Witness.Quadratic unscale(Witness.Quadratic witness) {
    double[] mu = new double[witness.mu().length];
    for (int i = 0; i < mu.length; i++) {
      mu[i] = scaling.unscaleFeature(witness.mu()[i]);
    }
    return new Witness.Quadratic(
        mu,
        witness.theta(),
        witness.sigma(),
        witness.metric(),
        scaling.unscaleTau(witness.lambda()));
  }

  private Witness.Pairs unscale(Witness.Pairs witness) {
    return new Witness.Pairs(
        scaling.unscalePoint(witness.squares()),
        scaling.unscaleTarget(witness.anchors()),
        witness.theta(),
        witness.sigma(),
        witness.first(),
        witness.second(),
        scaling.unscalePoint(witness.weights()),
        witness.metric(),
        scaling.unscaleTau(witness.lambda()));
  }

  /** {@code T} of rung triangle for {@code nu = y}, up to rounding. */
  private static double triangleTau(ScaledProblem scaling) {
    int n = scaling.problem().n();
    int d = scaling.problem().d();
    double[] x = scaling.problem().x();
    double[] y = scaling.problem().y();
    double[] sum = new double[d];
    double rows = 0;
    for (int i = 0; i < n; i++) {
      double squares = 0;
      for (int k = 0; k < d; k++) {
        sum[k] += x[i * d + k] * y[i];
        squares += x[i * d + k] * x[i * d + k];
      }
      rows += Math.abs(y[i]) * Math.sqrt(squares);
    }
    double squares = 0;
    for (double entry : sum) {
      squares += entry * entry;
    }
    return scaling.unscaleTau(0.5 * (Math.sqrt(squares) + rows));
  }
}
