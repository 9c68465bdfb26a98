package io.gapstream.numerics.exact;

import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.bound.UpperBound;

/**
 * What an {@link ExactSolver} proved.
 *
 * @param lower the best lower bound on {@code p*}, proved and checked by the verifier
 * @param upper the best upper bound, likewise
 * @param ending why it went no further
 * @param progress where the solver ended
 */
public record ExactSolution(
    LowerBound lower, UpperBound upper, Ending ending, ExactProgress progress) {

  /** Why a solve ended. Both bounds are proved whichever it is. */
  public enum Ending {
    /** The bounds met to the tolerance. */
    CONVERGED,
    /** The time was up, or what was left of it would not have narrowed the interval. */
    TIME,
    /** A narrower interval needs a larger tree than was allowed. */
    TREE_SIZE,
    /** Rounding: no better network was found, and no smaller T for the one there is. */
    STALLED
  }

  /** Whether the bounds met to the tolerance. */
  public boolean converged() {
    return ending == Ending.CONVERGED;
  }
}
