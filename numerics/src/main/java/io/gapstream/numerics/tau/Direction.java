package io.gapstream.numerics.tau;

/**
 * A unit vector at which {@code sign sum_i nu_i (x_i . u)_+} has a local maximum.
 *
 * @param u d, of norm 1. Shared: must not be modified.
 * @param sign 1 for {@code nu}, -1 for {@code -nu}
 * @param value of the sum times the sign: {@code tau(nu)} from below
 * @param kinks the rows with {@code x_i . u = 0} that hold the maximum in place. Shared: must not
 *     be modified.
 */
@SuppressWarnings("ArrayRecordComponent") // shared, never compared
public record Direction(double[] u, int sign, double value, int[] kinks) {}
