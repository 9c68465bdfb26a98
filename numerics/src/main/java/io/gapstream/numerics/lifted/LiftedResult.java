package io.gapstream.numerics.lifted;

import io.gapstream.numerics.bound.LowerBound;

/**
 * What {@link LiftedSolver} found.
 *
 * @param bound proved and checked by the verifier
 * @param relaxedValue the value of the relaxation at the last iterate; not a bound
 * @param converged whether the solver's stopping test was met
 * @param iterations of the quasi-Newton method
 */
public record LiftedResult(
    LowerBound bound, double relaxedValue, boolean converged, long iterations) {}
