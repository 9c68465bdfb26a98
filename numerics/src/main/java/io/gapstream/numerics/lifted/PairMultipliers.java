package io.gapstream.numerics.lifted;

/**
 * Multipliers of the pair relaxation for one sign and rows of length one; rung {@code pairs},
 * docs/mathematics.md, section 3.4.
 *
 * @param squares of {@code z_i^2 = (x_i.u)^2}, n
 * @param anchors of {@code z_i >= |x_i.u|} in the sharpened form, n
 * @param first the larger row of each pair
 * @param second the smaller row of each pair
 * @param weights {@code w_p}, of {@code |w| z_i z_j >= w (x_i.u)(x_j.u)}
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PairMultipliers(
    double[] squares, double[] anchors, int[] first, int[] second, double[] weights) {}
