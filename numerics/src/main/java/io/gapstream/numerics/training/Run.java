package io.gapstream.numerics.training;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.problem.Loss;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Objective;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.scaling.ScaledProblem;
import java.util.Arrays;

/** One run on the scaled problem: what every method has. Used by one thread, once. */
abstract class Run {

  /** Gradient times weights, relative to the value, at which a run has converged. */
  private static final double STATIONARY = 1e-9;

  final Problem problem;
  final ScaledProblem scaled;
  final TrainingSettings settings;
  final Deadline deadline;
  final Loss loss;

  /** The initial weights. Not modified. */
  final double[] initial;

  /** The weights, which train. */
  final double[] theta;

  Run(Problem problem, TrainingSettings settings, Deadline deadline) {
    this.problem = problem;
    this.scaled = new ScaledProblem(problem);
    this.settings = settings;
    this.deadline = deadline;
    this.loss = new Loss(scaled.problem(), settings.width(), settings.precision());
    this.initial = Training.initialWeights(problem.d(), settings.width(), settings.seed());
    this.theta = initial.clone();
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
   */
  final TrainingResult result(
      TrainingResult.Status status, double[] weights, ThinnedCurve curve, double rate, int steps) {
    int d = problem.d();
    int m = settings.width();
    double[] u = new double[m * d];
    for (int j = 0; j < m; j++) {
      for (int k = 0; k < d; k++) {
        u[j * d + k] = weights[k * m + j];
      }
    }
    double[] a = Arrays.copyOfRange(weights, d * m, (d + 1) * m);
    Network network = scaled.unscaleNetwork(m, u, a);
    return new TrainingResult(
        status,
        network,
        Objective.value(problem, network),
        curve.steps(),
        curve.values(),
        loss.patternDrift(initial, weights),
        rate,
        steps);
  }
}
