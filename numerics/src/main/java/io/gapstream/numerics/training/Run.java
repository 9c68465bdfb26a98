package io.gapstream.numerics.training;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.problem.Loss;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Objective;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.scaling.ScaledProblem;
import java.util.Arrays;
import java.util.Locale;

/** One run on the scaled problem: what every method has. Used by one thread, once. */
abstract class Run {

  /** Gradient times weights, relative to the value, at which a run has converged. */
  private static final double STATIONARY = 1e-9;

  /** Multiplications of an evaluation below which it takes no time worth mentioning. */
  private static final double WORTH_MEASURING = 4e6;

  private static final double MEASURED = 2e7;

  /**
   * What comes after the training, in evaluations of the residual: the value, the pattern drift,
   * and the proof of the value.
   */
  private static final double EVALUATIONS = 4;

  final Problem problem;
  final ScaledProblem scaled;
  final TrainingSettings settings;

  /** Of the training; what comes after it has time until {@code end}. */
  final Deadline deadline;

  private final Deadline end;
  final Loss loss;

  /** The initial weights. Not modified. */
  final double[] initial;

  /** The weights, which train. */
  final double[] theta;

  /**
   * @param deadline at which the time of the run is over
   * @param end the same for what comes after the training
   * @throws IllegalArgumentException if there is no time for the values of a network
   */
  Run(Problem problem, TrainingSettings settings, Deadline deadline, Deadline end) {
    this.problem = problem;
    this.scaled = new ScaledProblem(problem);
    this.settings = settings;
    this.end = end;
    this.initial = Training.initialWeights(problem.d(), settings.width(), settings.seed());
    this.theta = initial.clone();
    double seconds = secondsToFinish();
    double left = end.remainingWithGrace().toNanos() * 1e-9;
    if (seconds > left) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A network of width %d takes about %.1f s to be evaluated on %d rows of %d columns,"
                  + " and %.1f s are left; lower the width or raise the budget.",
              settings.width(),
              seconds,
              problem.n(),
              problem.d(),
              left));
    }
    this.deadline = deadline.earlier(seconds);
    this.loss = new Loss(scaled.problem(), settings.width(), settings.precision(), this.deadline);
  }

  /** What the values of the last network take, measured on a few rows where that is long. */
  private double secondsToFinish() {
    double ofRow = (double) problem.d() * settings.width();
    if (problem.n() * ofRow < WORTH_MEASURING) {
      return 0;
    }
    int rows = (int) Math.max(1, Math.min(problem.n(), MEASURED / ofRow));
    Problem part =
        new Problem(
            rows,
            problem.d(),
            Arrays.copyOf(problem.x(), rows * problem.d()),
            Arrays.copyOf(problem.y(), rows),
            problem.beta());
    Network network = network(initial);
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < 2; k++) { // the first one may be before it is compiled
      double before = end.elapsedSeconds();
      Objective.residual(part, network, end);
      least = Math.min(least, end.elapsedSeconds() - before);
    }
    return EVALUATIONS * least * problem.n() / rows;
  }

  /** Trains until the gradient is small, the steps run out or the deadline is reached. */
  abstract TrainingResult train();

  /** Whether moving the weights by their own size along the gradient would change little. */
  static boolean isStationary(double value, double[] weights, double[] gradient) {
    return norm(gradient) * norm(weights) <= STATIONARY * value;
  }

  static double norm(double[] values) {
    double squares = 0;
    for (double value : values) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }

  /** Adds a point in the units of the problem. */
  final void addTo(ThinnedCurve curve, int step, double value) {
    curve.add(step, scaled.unscaleValue(value));
  }

  /**
   * The result at some weights, in the units of the problem.
   *
   * @param rate the step size
   * @throws io.gapstream.numerics.TimeUpException if there is no time for the values of the network
   */
  final TrainingResult result(
      TrainingResult.Status status, double[] weights, ThinnedCurve curve, double rate, int steps) {
    Network network = network(weights);
    double value = Objective.value(problem, network, Objective.residual(problem, network, end));
    if (status == TrainingResult.Status.TIME_LIMIT) {
      curve.add(steps, value); // it may not have been reached in time
    }
    return new TrainingResult(
        status,
        network,
        value,
        curve.steps(),
        curve.values(),
        loss.patternDrift(initial, weights, end),
        rate,
        steps);
  }

  /** The network of some weights, in the units of the problem. */
  private Network network(double[] weights) {
    int d = problem.d();
    int m = settings.width();
    double[] u = new double[m * d];
    for (int j = 0; j < m; j++) {
      for (int k = 0; k < d; k++) {
        u[j * d + k] = weights[k * m + j];
      }
    }
    double[] a = Arrays.copyOfRange(weights, d * m, (d + 1) * m);
    return scaled.unscaleNetwork(m, u, a);
  }

  /**
   * The result of a run whose time is up in the middle of a step: the last weights, unless they
   * left the finite numbers.
   */
  final TrainingResult outOfTime(ThinnedCurve curve, double rate, int steps) {
    boolean finite = true;
    for (double weight : theta) {
      finite &= Double.isFinite(weight);
    }
    TrainingResult.Status status = TrainingResult.Status.TIME_LIMIT;
    return finite
        ? result(status, theta, curve, rate, steps)
        : result(status, initial, ThinnedCurve.over(1), rate, 0);
  }
}
