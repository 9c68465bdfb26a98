package io.gapstream.numerics.gated;

/**
 * Where a solve stands after a step of the method of multipliers.
 *
 * @param iterations Newton steps so far
 * @param primal the program's value at the present point
 * @param dual the value of the dual point made from its residual
 * @param relativeGap {@code (primal - dual) / primal}; 0 when the primal is 0
 * @param seconds since the solve began
 */
public record GatedProgress(
    long iterations, double primal, double dual, double relativeGap, double seconds) {}
