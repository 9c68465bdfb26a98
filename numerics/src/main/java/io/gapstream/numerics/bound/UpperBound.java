package io.gapstream.numerics.bound;

import io.gapstream.numerics.problem.Network;

/**
 * An upper bound on {@code p*}: a network whose value of (P) is at most {@code value}.
 *
 * @param value proved to be at least {@code p*}, rounding included
 * @param network the evidence
 */
public record UpperBound(double value, Network network) {}
