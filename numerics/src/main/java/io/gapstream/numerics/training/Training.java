package io.gapstream.numerics.training;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.RandomStream;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.scaling.ScaledProblem;
import java.util.Locale;
import org.apache.commons.rng.sampling.distribution.ContinuousSampler;

/**
 * Runs a local gradient method on (P) from a Gaussian initialisation; docs/mathematics.md, section
 * 6.
 *
 * <p>Everything happens on the problem scaled to magnitudes near 1 ({@link ScaledProblem}), so the
 * same steps are taken whatever the units of X and y are. There, with {@code c = width^(-1/4)}, the
 * initial weights are {@code u_j ~ c N(0, I / d)} and {@code a_j = +c, -c, +c, ...}: balanced
 * signs, both layers of like size, and outputs of a size that does not depend on the width.
 */
public final class Training {

  private Training() {}

  /**
   * Trains until the gradient is small, the steps run out or the deadline is reached. Deterministic
   * unless the deadline is reached.
   *
   * @throws IllegalArgumentException if the network is too large for an array, if there is no time
   *     to evaluate it once, or if the magnitudes of X, y and beta are too far apart for float64
   * @throws io.gapstream.numerics.TimeUpException if evaluating the network takes much longer than
   *     it seemed
   */
  public static TrainingResult run(Problem problem, TrainingSettings settings, Deadline deadline) {
    return run(problem, settings, deadline, deadline);
  }

  /**
   * The same where training may be cut short: what it has by then is evaluated all the same.
   *
   * @param deadline of the training
   * @param end of the evaluation; the same moment by a clock that may be behind
   */
  public static TrainingResult run(
      Problem problem, TrainingSettings settings, Deadline deadline, Deadline end) {
    return run(problem, settings, deadline, end, Double.NaN);
  }

  /**
   * @param rate the step size of a first-order method on the scaled problem, NaN for the default
   */
  static TrainingResult run(
      Problem problem, TrainingSettings settings, Deadline deadline, Deadline end, double rate) {
    if ((problem.d() + 1L) * settings.width() > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A network of width %d with %d inputs is more than an array can hold; lower the"
                  + " width.",
              settings.width(),
              problem.d()));
    }
    Run run =
        switch (settings.method()) {
          case GRADIENT_DESCENT ->
              new FirstOrderRun(
                  problem, settings, deadline, end, parameters -> new Update.Descent(), rate);
          case SGD_MOMENTUM ->
              new FirstOrderRun(problem, settings, deadline, end, Update.Momentum::new, rate);
          case ADAM -> new FirstOrderRun(problem, settings, deadline, end, Update.Adam::new, rate);
          case LBFGS -> new QuasiNewtonRun(problem, settings, deadline, end);
        };
    return run.train();
  }

  /**
   * Initial weights of the scaled problem, {@code (d + 1) x m}; neuron by neuron from the stream,
   * so a wider network starts with the directions of a narrower one.
   */
  static double[] initialWeights(int d, int m, long seed) {
    ContinuousSampler gaussian = RandomStream.INITIALISATION.gaussian(seed);
    double[] theta = new double[(d + 1) * m];
    double size = 1 / Math.sqrt(Math.sqrt(m));
    double scale = size / Math.sqrt(d);
    for (int j = 0; j < m; j++) {
      for (int k = 0; k < d; k++) {
        theta[k * m + j] = scale * gaussian.sample();
      }
      theta[d * m + j] = j % 2 == 0 ? size : -size;
    }
    return theta;
  }
}
