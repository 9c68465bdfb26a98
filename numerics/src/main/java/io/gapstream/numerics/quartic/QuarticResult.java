package io.gapstream.numerics.quartic;

import io.gapstream.numerics.bound.LowerBound;

/**
 * What {@link QuarticSolver} found.
 *
 * @param bound proved and checked by the verifier
 * @param relaxedValue the value of the relaxation at the last iterate; not a bound
 * @param converged whether the solver's stopping test was met
 * @param iterations Newton steps
 */
public record QuarticResult(
    LowerBound bound, double relaxedValue, boolean converged, int iterations) {}
