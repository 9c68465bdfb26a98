package io.gapstream.numerics.training;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.problem.Problem;

/** Runs a local gradient method on (P) from a Gaussian initialisation. */
public final class Training {

  private Training() {}

  /** Trains until the gradient is small, the steps run out or the deadline is reached. */
  public static TrainingResult run(Problem problem, TrainingSettings settings, Deadline deadline) {
    throw new UnsupportedOperationException();
  }
}
