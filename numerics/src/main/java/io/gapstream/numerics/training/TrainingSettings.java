package io.gapstream.numerics.training;

/**
 * One training run.
 *
 * @param method the local gradient method
 * @param width neurons, from 1
 * @param seed of the initialisation and of the mini-batches
 * @param maxSteps the most steps, from 1; the step size falls along a cosine that ends there
 */
public record TrainingSettings(Method method, int width, long seed, int maxSteps) {

  /**
   * Checks the ranges given above.
   *
   * @throws IllegalArgumentException if a number is out of range
   */
  public TrainingSettings {
    if (width < 1) {
      throw new IllegalArgumentException("width is " + width + "; give at least one neuron.");
    }
    if (maxSteps < 1) {
      throw new IllegalArgumentException("maxSteps is " + maxSteps + "; allow at least one step.");
    }
  }

  /** The local gradient methods; docs/mathematics.md, section 6. */
  public enum Method {
    /** Full-batch gradient descent. */
    GRADIENT_DESCENT,
    /** Mini-batch stochastic gradient descent with momentum. */
    SGD_MOMENTUM,
    /** Full-batch Adam. */
    ADAM
  }
}
