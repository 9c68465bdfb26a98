package io.gapstream.numerics.training;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.RandomStream;
import io.gapstream.numerics.TimeUpException;
import io.gapstream.numerics.problem.Problem;
import java.util.function.IntFunction;
import org.apache.commons.rng.sampling.distribution.ContinuousSampler;
import org.jspecify.annotations.Nullable;

/**
 * Descent, momentum or Adam, on all rows or on mini-batches.
 *
 * <p>The loss is not divided by n, so its curvature, and with it the largest stable step, depends
 * on the data. What takes its step size from it ({@link Update}) gets the largest curvature at the
 * start, found by power iteration. A run that turns out unstable starts again with half the step
 * size. The step size falls along a half cosine to zero at the last step.
 */
final class FirstOrderRun extends Run {

  private static final int POWER_ITERATIONS = 20;

  /** Times that a default step size is halved because the run was unstable. */
  private static final int MOST_HALVINGS = 10;

  /** Growth of the value over its start which shows that a step size is unstable. */
  private static final double UNSTABLE_GROWTH = 10;

  private final double[] gradient;
  private final boolean mayHalve;
  private final int batch;
  private final IntFunction<Update> updates;
  private double rate;

  /**
   * @param updates a new update for so many weights
   * @param rate the step size on the scaled problem, NaN for the default
   */
  FirstOrderRun(
      Problem problem,
      TrainingSettings settings,
      Deadline deadline,
      Deadline end,
      IntFunction<Update> updates,
      double rate) {
    super(problem, settings, deadline, end);
    this.gradient = new double[theta.length];
    this.mayHalve = Double.isNaN(rate);
    this.batch = settings.batchOf(problem.n());
    this.updates = updates;
    this.rate =
        mayHalve ? updates.apply(0).defaultRate(settings.width(), this::largestCurvature) : rate;
  }

  /** Of the Hessian at the start, by power iteration on differences of gradients. */
  private double largestCurvature() {
    ContinuousSampler gaussian = RandomStream.POWER_ITERATION.gaussian(settings.seed());
    double[] direction = new double[theta.length];
    double[] point = new double[theta.length];
    double[] shifted = new double[theta.length];
    for (int k = 0; k < direction.length; k++) {
      direction[k] = gaussian.sample();
    }
    double reach = 1e-4 * norm(theta);
    double curvature = scaled.problem().beta();
    try {
      loss.gradient(theta, gradient);
      for (int i = 0; i < POWER_ITERATIONS && !deadline.reached(); i++) {
        double step = reach / norm(direction);
        for (int k = 0; k < point.length; k++) {
          point[k] = theta[k] + step * direction[k];
        }
        loss.gradient(point, shifted);
        for (int k = 0; k < point.length; k++) {
          direction[k] = (shifted[k] - gradient[k]) / reach;
        }
        double found = norm(direction);
        if (!(found > 0) || found == Double.POSITIVE_INFINITY) {
          break;
        }
        curvature = Math.max(found, scaled.problem().beta());
      }
    } catch (TimeUpException e) {
      return curvature; // there is no time for a step either
    }
    return curvature;
  }

  @Override
  TrainingResult train() {
    for (int halvings = 0; ; halvings++) {
      TrainingResult result = attempt(mayHalve && halvings < MOST_HALVINGS);
      if (result != null) {
        return result;
      }
      rate /= 2;
      System.arraycopy(initial, 0, theta, 0, theta.length);
    }
  }

  /**
   * Trains from the initial weights.
   *
   * @return null when the run was unstable and may be repeated
   */
  private @Nullable TrainingResult attempt(boolean mayRepeat) {
    int maxSteps = settings.maxSteps();
    Update update = updates.apply(theta.length);
    boolean stochastic = batch < problem.n();
    Batches batches = new Batches(problem.n(), batch, settings.seed());
    ThinnedCurve curve = ThinnedCurve.over(maxSteps);
    double limit = Double.POSITIVE_INFINITY;
    int step = 0;
    try {
      for (; ; step++) {
        boolean last = step == maxSteps;
        boolean timeIsUp = !last && deadline.reached();
        boolean look = curve.isDue(step) || last || timeIsUp;
        if (look || !stochastic) {
          double value = loss.gradient(theta, gradient);
          if (mayRepeat && !(value <= limit)) {
            return null;
          }
          if (!Double.isFinite(value)) {
            return result(TrainingResult.Status.DIVERGED, initial, curve, rate, step);
          }
          if (step == 0) {
            limit = UNSTABLE_GROWTH * value;
          }
          if (look) {
            addTo(curve, step, value);
          }
          if (look && isStationary(value, theta, gradient)) {
            return result(TrainingResult.Status.CONVERGED, theta, curve, rate, step);
          }
        }
        if (last) {
          return result(TrainingResult.Status.ITERATION_LIMIT, theta, curve, rate, step);
        }
        if (timeIsUp) {
          return result(TrainingResult.Status.TIME_LIMIT, theta, curve, rate, step);
        }
        if (stochastic) {
          batches.advance();
          loss.gradient(theta, batches.order(), batches.from(), batches.to(), gradient);
        }
        double share = 0.5 * (1 + Math.cos(Math.PI * step / maxSteps));
        update.apply(theta, gradient, rate * share);
      }
    } catch (TimeUpException e) {
      return outOfTime(curve, rate, step);
    }
  }
}
