package io.gapstream.numerics.training;

import java.util.function.DoubleSupplier;

/** One step of a first-order method. */
sealed interface Update permits Update.Descent, Update.Momentum, Update.Adam {

  /**
   * The step size to begin with, on a problem scaled to magnitudes near 1.
   *
   * @param width neurons
   * @param largestCurvature of the loss at the start
   */
  double defaultRate(int width, DoubleSupplier largestCurvature);

  /**
   * Moves the weights.
   *
   * @param theta Modified.
   * @param gradient at theta, same length. Not modified.
   * @param rate step size
   */
  void apply(double[] theta, double[] gradient, double rate);

  /** {@code theta -= rate g}. */
  final class Descent implements Update {

    /** On a quadratic, the limit of stability. */
    @Override
    public double defaultRate(int width, DoubleSupplier largestCurvature) {
      return 2 / largestCurvature.getAsDouble();
    }

    @Override
    public void apply(double[] theta, double[] gradient, double rate) {
      for (int k = 0; k < theta.length; k++) {
        theta[k] -= rate * gradient[k];
      }
    }
  }

  /** {@code v = 0.9 v + g, theta -= rate v} (Polyak). */
  final class Momentum implements Update {

    private static final double DECAY = 0.9;

    /**
     * In units of (1 - decay) over the largest curvature, where a quadratic allows up to 38; mini-
     * batches have more curvature than the whole.
     */
    private static final double RATE = 8;

    private final double[] velocity;

    Momentum(int parameters) {
      velocity = new double[parameters];
    }

    @Override
    public double defaultRate(int width, DoubleSupplier largestCurvature) {
      return RATE * (1 - DECAY) / largestCurvature.getAsDouble();
    }

    @Override
    public void apply(double[] theta, double[] gradient, double rate) {
      for (int k = 0; k < theta.length; k++) {
        velocity[k] = DECAY * velocity[k] + gradient[k];
        theta[k] -= rate * velocity[k];
      }
    }
  }

  /** Adam with its usual constants (Kingma and Ba, 2015, algorithm 1). */
  final class Adam implements Update {

    private static final double FIRST = 0.9;
    private static final double SECOND = 0.999;
    private static final double EPSILON = 1e-8;

    private final double[] mean;
    private final double[] square;
    private double firstPower = 1;
    private double secondPower = 1;

    Adam(int parameters) {
      mean = new double[parameters];
      square = new double[parameters];
    }

    /** A tenth of the initial output weights: Adam is indifferent to the gradient's scale. */
    @Override
    public double defaultRate(int width, DoubleSupplier largestCurvature) {
      return 0.1 / Math.sqrt(Math.sqrt(width));
    }

    @Override
    public void apply(double[] theta, double[] gradient, double rate) {
      firstPower *= FIRST;
      secondPower *= SECOND;
      double meanScale = rate / (1 - firstPower);
      double squareScale = 1 / (1 - secondPower);
      for (int k = 0; k < theta.length; k++) {
        double g = gradient[k];
        mean[k] = FIRST * mean[k] + (1 - FIRST) * g;
        square[k] = SECOND * square[k] + (1 - SECOND) * g * g;
        theta[k] -= meanScale * mean[k] / (Math.sqrt(squareScale * square[k]) + EPSILON);
      }
    }
  }
}
