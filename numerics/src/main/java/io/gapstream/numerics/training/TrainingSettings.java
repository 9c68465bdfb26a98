package io.gapstream.numerics.training;

import io.gapstream.numerics.gradient.Precision;

/**
 * One training run.
 *
 * @param method the local gradient method
 * @param width neurons, from 1
 * @param seed of the initialisation and of the mini-batches
 * @param maxSteps the most steps, from 1; the step size of a first-order method falls along a
 *     cosine that ends there
 * @param batchRows rows in a mini-batch of a first-order method, all rows where there are no more,
 *     or {@link #OWN_BATCH}
 * @param precision of the gradients; weights and the method's memory are float64
 */
public record TrainingSettings(
    Method method, int width, long seed, int maxSteps, int batchRows, Precision precision) {

  /** For as many rows in a mini-batch as the method takes by itself. */
  public static final int OWN_BATCH = 0;

  private static final int LEAST_BATCH = 32;

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
    if (batchRows < 0) {
      throw new IllegalArgumentException(
          "batchRows is "
              + batchRows
              + "; give the rows in a mini-batch, or 0 for the method's own.");
    }
  }

  /** With the method's own batches, in float64. */
  public TrainingSettings(Method method, int width, long seed, int maxSteps) {
    this(method, width, seed, maxSteps, OWN_BATCH, Precision.FLOAT64);
  }

  /** Rows in a batch out of n; n for the whole. */
  int batchOf(int n) {
    if (batchRows != OWN_BATCH) {
      return Math.min(n, batchRows);
    }
    return method == Method.SGD_MOMENTUM ? Math.min(n, Math.max(LEAST_BATCH, n / 8)) : n;
  }

  /** The local gradient methods; docs/mathematics.md, section 6. */
  public enum Method {
    /** Gradient descent, by itself on all rows. */
    GRADIENT_DESCENT,
    /** Stochastic gradient descent with momentum, by itself on an eighth of the rows. */
    SGD_MOMENTUM,
    /** Adam, by itself on all rows. */
    ADAM,
    /** L-BFGS, always on all rows. */
    LBFGS
  }
}
