package io.gapstream.numerics.training;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.TimeUpException;
import io.gapstream.numerics.optim.Lbfgs;
import io.gapstream.numerics.problem.Problem;

/**
 * L-BFGS on all rows. Its line search lowers the value in every step, so it cannot diverge from
 * initial weights that have a value; it ends where the gradient is small or, at a kink, no descent
 * is left.
 */
final class QuasiNewtonRun extends Run {

  private static final int MOST_PAIRS = 20;
  private static final int LEAST_PAIRS = 3;

  /** Numbers in all pairs together, where there are so many weights: 64 MB. */
  private static final int MOST_NUMBERS = 1 << 23;

  /** The step that the line search tries first. */
  private static final double FULL_STEP = 1;

  private final ThinnedCurve curve = new ThinnedCurve(1);
  private boolean stationary;

  QuasiNewtonRun(Problem problem, TrainingSettings settings, Deadline deadline, Deadline end) {
    super(problem, settings, deadline, end);
  }

  @Override
  TrainingResult train() {
    double[] gradient = new double[theta.length];
    double start;
    try {
      start = loss.gradient(theta, gradient);
    } catch (TimeUpException e) {
      return outOfTime(curve, FULL_STEP, 0);
    }
    if (!Double.isFinite(start)) {
      return result(TrainingResult.Status.DIVERGED, initial, curve, FULL_STEP, 0);
    }
    int pairs = MOST_NUMBERS / 2 / theta.length;
    Lbfgs search =
        new Lbfgs(
            Math.max(LEAST_PAIRS, Math.min(MOST_PAIRS, pairs)), settings.maxSteps(), 0, deadline);
    Lbfgs.Outcome outcome;
    try {
      outcome = search.minimize(loss::gradient, theta, this::goesOn);
    } catch (TimeUpException e) {
      return outOfTime(curve, FULL_STEP, 0);
    }
    addTo(curve, outcome.iterations(), outcome.value());
    return result(status(outcome), theta, curve, FULL_STEP, outcome.iterations());
  }

  private boolean goesOn(int step, double value, double[] point, double[] gradient) {
    if (curve.isDue(step)) {
      addTo(curve, step, value);
    }
    stationary = isStationary(value, point, gradient);
    return !stationary;
  }

  private TrainingResult.Status status(Lbfgs.Outcome outcome) {
    if (stationary || outcome.converged()) {
      return TrainingResult.Status.CONVERGED;
    }
    return outcome.iterations() < settings.maxSteps()
        ? TrainingResult.Status.TIME_LIMIT
        : TrainingResult.Status.ITERATION_LIMIT;
  }
}
