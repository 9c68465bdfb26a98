package io.gapstream.numerics.cone;

import io.gapstream.numerics.bound.UpperBound;

/**
 * What a cone decomposition gave.
 *
 * @param bound the network and its proved value
 * @param blowUp {@code sum (||v_i|| + ||z_i||) / sum ||w_i||}, from 1; NaN for the zero network
 * @param converged whether every pattern's split met its stopping test
 * @param iterations Newton steps over all patterns
 */
public record ConeSplit(UpperBound bound, double blowUp, boolean converged, long iterations) {}
