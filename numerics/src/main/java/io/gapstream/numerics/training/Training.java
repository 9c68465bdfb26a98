package io.gapstream.numerics.training;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.RandomStream;
import io.gapstream.numerics.problem.Loss;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Objective;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.scaling.ScaledProblem;
import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ContinuousSampler;
import org.jspecify.annotations.Nullable;

/**
 * Runs a local gradient method on (P) from a Gaussian initialisation; docs/mathematics.md, section
 * 6.
 *
 * <p>Everything happens on the problem scaled to magnitudes near 1 ({@link ScaledProblem}), so the
 * same steps are taken whatever the units of X and y are. There, with {@code c = width^(-1/4)}, the
 * initial weights are {@code u_j ~ c N(0, I / d)} and {@code a_j = +c, -c, +c, ...}: balanced
 * signs, both layers of like size, and outputs of a size that does not depend on the width.
 *
 * <p>The loss is not divided by n, so its curvature, and with it the largest stable step, depends
 * on the data. Descent and momentum take their step size from the largest curvature at the start,
 * found by power iteration; Adam is indifferent to the scale of the gradient and takes a fixed one.
 * A run that turns out unstable starts again with half the step size. The step size falls along a
 * half cosine to zero at the last step.
 */
public final class Training {

  private static final int MOST_CURVE_POINTS = 200;
  private static final int POWER_ITERATIONS = 20;
  private static final int LEAST_BATCH = 32;

  /** Descent on a quadratic is stable up to twice the inverse of its largest curvature. */
  private static final double DESCENT_RATE = 2;

  /**
   * In units of (1 - momentum) over the largest curvature, where a quadratic allows up to 38; mini-
   * batches have more curvature than the whole.
   */
  private static final double MOMENTUM_RATE = 8;

  /** A step's size beside that of the initial weights. */
  private static final double ADAM_RATE = 0.1;

  /** Times that a default step size is halved because the run was unstable. */
  private static final int MOST_HALVINGS = 10;

  /** Growth of the value over its start which shows that a step size is unstable. */
  private static final double UNSTABLE_GROWTH = 10;

  /** Gradient times weights, relative to the value, at which a run has converged. */
  private static final double STATIONARY = 1e-9;

  private Training() {}

  /**
   * Trains until the gradient is small, the steps run out or the deadline is reached. Deterministic
   * unless the deadline is reached.
   *
   * @throws IllegalArgumentException if the network is too large for an array, or the magnitudes of
   *     X, y and beta are too far apart for float64
   */
  public static TrainingResult run(Problem problem, TrainingSettings settings, Deadline deadline) {
    return run(problem, settings, deadline, Double.NaN);
  }

  /**
   * @param rate the step size on the scaled problem, NaN for the default
   */
  static TrainingResult run(
      Problem problem, TrainingSettings settings, Deadline deadline, double rate) {
    if ((problem.d() + 1L) * settings.width() > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          String.format(
              "A network of width %d with %d inputs is more than an array can hold; lower the"
                  + " width.",
              settings.width(), problem.d()));
    }
    return new Run(problem, settings, deadline, rate).train();
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

  /** One run: its state and its loop. */
  private static final class Run {

    private final Problem problem;
    private final ScaledProblem scaled;
    private final TrainingSettings settings;
    private final Deadline deadline;
    private final Loss loss;
    private final double[] initial;
    private final double[] theta;
    private final double[] gradient;
    private final boolean mayHalve;
    private double rate;
    private final double[] curveSteps = new double[MOST_CURVE_POINTS + 2];
    private final double[] curveValues = new double[MOST_CURVE_POINTS + 2];
    private int curvePoints;

    Run(Problem problem, TrainingSettings settings, Deadline deadline, double rate) {
      this.problem = problem;
      this.scaled = new ScaledProblem(problem);
      this.settings = settings;
      this.deadline = deadline;
      this.loss = new Loss(scaled.problem(), settings.width());
      this.initial = initialWeights(problem.d(), settings.width(), settings.seed());
      this.theta = initial.clone();
      this.gradient = new double[theta.length];
      this.mayHalve = Double.isNaN(rate);
      this.rate = mayHalve ? defaultRate() : rate;
    }

    private double defaultRate() {
      return switch (settings.method()) {
        case GRADIENT_DESCENT -> DESCENT_RATE / largestCurvature();
        case SGD_MOMENTUM -> MOMENTUM_RATE * (1 - Update.Momentum.DECAY) / largestCurvature();
        case ADAM -> ADAM_RATE / Math.sqrt(Math.sqrt(settings.width()));
      };
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
      loss.gradient(theta, gradient);
      double reach = 1e-4 * norm(theta);
      double curvature = scaled.problem().beta();
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
      return curvature;
    }

    TrainingResult train() {
      for (int halvings = 0; ; halvings++) {
        TrainingResult result = attempt(mayHalve && halvings < MOST_HALVINGS);
        if (result != null) {
          return result;
        }
        rate /= 2;
        System.arraycopy(initial, 0, theta, 0, theta.length);
        curvePoints = 0;
      }
    }

    /**
     * Trains from the initial weights.
     *
     * @return null when the run was unstable and may be repeated
     */
    private @Nullable TrainingResult attempt(boolean mayRepeat) {
      int maxSteps = settings.maxSteps();
      Update update = update();
      boolean stochastic = settings.method() == TrainingSettings.Method.SGD_MOMENTUM;
      Batches batches = new Batches(problem.n(), settings.seed());
      double every = Math.max(1, (double) maxSteps / MOST_CURVE_POINTS);
      double nextPoint = 0;
      double limit = Double.POSITIVE_INFINITY;
      for (int step = 0; ; step++) {
        boolean last = step == maxSteps;
        boolean timeIsUp = !last && deadline.reached();
        boolean look = step >= nextPoint || last || timeIsUp;
        if (look || !stochastic) {
          double value = loss.gradient(theta, gradient);
          if (mayRepeat && !(value <= limit)) {
            return null;
          }
          if (!Double.isFinite(value)) {
            return result(TrainingResult.Status.DIVERGED, initial, step);
          }
          if (step == 0) {
            limit = UNSTABLE_GROWTH * value;
          }
          if (look) {
            addToCurve(step, value);
            nextPoint += every;
          }
          if (look && isStationary(value)) {
            return result(TrainingResult.Status.CONVERGED, theta, step);
          }
        }
        if (last) {
          return result(TrainingResult.Status.ITERATION_LIMIT, theta, step);
        }
        if (timeIsUp) {
          return result(TrainingResult.Status.TIME_LIMIT, theta, step);
        }
        if (stochastic) {
          batches.advance();
          loss.gradient(theta, batches.order(), batches.from(), batches.to(), gradient);
        }
        double share = 0.5 * (1 + Math.cos(Math.PI * step / maxSteps));
        update.apply(theta, gradient, rate * share);
      }
    }

    private Update update() {
      return switch (settings.method()) {
        case GRADIENT_DESCENT -> new Update.Descent();
        case SGD_MOMENTUM -> new Update.Momentum(theta.length);
        case ADAM -> new Update.Adam(theta.length);
      };
    }

    /** Whether moving the weights by their own size along the gradient would change little. */
    private boolean isStationary(double value) {
      return norm(gradient) * norm(theta) <= STATIONARY * value;
    }

    private void addToCurve(int step, double value) {
      double unscaled = scaled.unscaleValue(value);
      if (Double.isFinite(unscaled) && curvePoints < curveSteps.length) {
        curveSteps[curvePoints] = step;
        curveValues[curvePoints++] = unscaled;
      }
    }

    private TrainingResult result(TrainingResult.Status status, double[] weights, int step) {
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
          Arrays.copyOf(curveSteps, curvePoints),
          Arrays.copyOf(curveValues, curvePoints),
          loss.patternDrift(initial, weights),
          rate,
          step);
    }

    private static double norm(double[] values) {
      double squares = 0;
      for (double value : values) {
        squares += value * value;
      }
      return Math.sqrt(squares);
    }
  }

  /** Mini-batches: every row once in each pass, in a new random order. */
  private static final class Batches {

    private final int[] order;
    private final int size;
    private final UniformRandomProvider random;
    private int from;
    private int to;

    Batches(int n, long seed) {
      this.order = new int[n];
      Arrays.setAll(order, i -> i);
      this.size = Math.min(n, Math.max(LEAST_BATCH, n / 8));
      this.random = RandomStream.BATCHES.uniform(seed);
      this.to = n;
    }

    /** Goes to the next batch; a last one of less than half the size joins the one before. */
    void advance() {
      int n = order.length;
      if (to == n) {
        for (int i = n - 1; i > 0; i--) {
          int j = random.nextInt(i + 1);
          int swap = order[i];
          order[i] = order[j];
          order[j] = swap;
        }
        to = 0;
      }
      from = to;
      to = n - from < size + (size + 1) / 2 ? n : from + size;
    }

    int[] order() {
      return order;
    }

    int from() {
      return from;
    }

    int to() {
      return to;
    }
  }
}
