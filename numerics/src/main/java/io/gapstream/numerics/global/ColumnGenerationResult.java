package io.gapstream.numerics.global;

import io.gapstream.numerics.bound.UpperBound;

/**
 * What {@link ColumnGeneration} found.
 *
 * @param bound the best network, with its value proved by the verifier
 * @param converged whether the last search found no violated direction
 * @param rounds of polishing and search
 */
public record ColumnGenerationResult(UpperBound bound, boolean converged, long rounds) {}
