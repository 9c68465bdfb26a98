package io.gapstream.numerics.lifted;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.problem.Problem;
import java.util.function.Consumer;

/** Solves the lifted relaxation and turns its dual point into a certified lower bound. */
public final class LiftedSolver {

  private LiftedSolver() {}

  /**
   * Solves the relaxation until it converges or the deadline is reached.
   *
   * @param onImprovement told of every proved bound that is better than the ones before
   */
  public static LiftedResult solve(
      Problem problem, long seed, Deadline deadline, Consumer<LowerBound> onImprovement) {
    throw new UnsupportedOperationException();
  }
}
