package io.gapstream.numerics.bound;

/**
 * A lower bound on {@code p*} with its evidence: {@code value <= s (y . nu) - 1/2 s^2 ||nu||^2}
 * with {@code s T <= beta} and {@code T >= tau(nu)}; docs/mathematics.md, section 3, bound (L).
 *
 * @param value proved to be at most {@code p*}, rounding included
 * @param dual {@code nu}, n. Shared: must not be modified.
 * @param scale {@code s}
 * @param plus proves {@code T >= tau_+(nu)}
 * @param minus proves {@code T >= tau_+(-nu)}
 */
@SuppressWarnings("ArrayRecordComponent") // shared, large, never compared
public record LowerBound(double value, double[] dual, double scale, Witness plus, Witness minus) {}
