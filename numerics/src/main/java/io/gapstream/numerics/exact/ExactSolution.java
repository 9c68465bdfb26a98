package io.gapstream.numerics.exact;

import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.bound.UpperBound;

/**
 * What an {@link ExactSolver} proved.
 *
 * @param lower the best lower bound on {@code p*}, proved and checked by the verifier
 * @param upper the best upper bound, likewise
 * @param converged whether the two met to the tolerance
 * @param progress where the solver ended
 */
public record ExactSolution(
    LowerBound lower, UpperBound upper, boolean converged, ExactProgress progress) {}
