package io.gapstream.numerics.data;

/**
 * Features and targets.
 *
 * @param n rows
 * @param d columns
 * @param x {@code n x d}, row-major. Shared: must not be modified.
 * @param y n. Shared: must not be modified.
 */
@SuppressWarnings("ArrayRecordComponent") // shared, large, never compared
public record Data(int n, int d, double[] x, double[] y) {}
