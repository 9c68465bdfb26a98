package io.gapstream.numerics.lifted;

import io.gapstream.numerics.bound.LowerBound;

/**
 * What {@link LiftedSolver} found.
 *
 * @param bound proved and checked by the verifier
 * @param relaxedValue the value of the relaxation at the last iterate; not a bound
 * @param converged whether the solver's stopping test was met
 * @param timeUp whether it ended for lack of time, which may be before the deadline: what cannot be
 *     certified in time is not begun
 * @param iterations of the quasi-Newton method
 */
public record LiftedResult(
    LowerBound bound, double relaxedValue, boolean converged, boolean timeUp, long iterations) {}
