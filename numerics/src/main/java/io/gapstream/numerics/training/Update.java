package io.gapstream.numerics.training;

/** One step of a first-order method. */
sealed interface Update permits Update.Descent, Update.Momentum, Update.Adam {

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

    @Override
    public void apply(double[] theta, double[] gradient, double rate) {
      for (int k = 0; k < theta.length; k++) {
        theta[k] -= rate * gradient[k];
      }
    }
  }

  /** {@code v = 0.9 v + g, theta -= rate v} (Polyak). */
  final class Momentum implements Update {

    static final double DECAY = 0.9;

    private final double[] velocity;

    Momentum(int parameters) {
      velocity = new double[parameters];
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
