package io.gapstream.numerics.training;

import io.gapstream.numerics.problem.Network;

/**
 * The outcome of a training run.
 *
 * @param status how it ended
 * @param network the last network; the initial one when the run diverged
 * @param value of (P) at the network
 * @param curveSteps increasing. Shared: must not be modified.
 * @param curveValues of (P) after so many steps, all finite. Shared: must not be modified.
 * @param patternDrift share of the entries of {@code 1[XU > 0]} that differ from initialisation
 * @param learningRate the largest step size used, on the problem scaled to magnitudes near 1
 * @param steps taken
 */
@SuppressWarnings("ArrayRecordComponent") // shared, large, never compared
public record TrainingResult(
    Status status,
    Network network,
    double value,
    double[] curveSteps,
    double[] curveValues,
    double patternDrift,
    double learningRate,
    long steps) {

  /** How a run ended. */
  public enum Status {
    /** The gradient became small. */
    CONVERGED,
    /** The steps ran out. */
    ITERATION_LIMIT,
    /** The deadline was reached. */
    TIME_LIMIT,
    /** The weights left the finite numbers. */
    DIVERGED
  }
}
