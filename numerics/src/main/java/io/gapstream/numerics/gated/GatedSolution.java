package io.gapstream.numerics.gated;

/**
 * A point of the gated program and what is known about it, all evaluated at this point in plain
 * floating point.
 *
 * @param w {@code P x d}, row-major: the vector of each pattern. Shared: must not be modified.
 * @param value of the program at w; over sampled patterns an estimate, never a bound on {@code p*}
 * @param dualValue the value of a dual feasible point: at most the program's optimum
 * @param relativeGap {@code (value - dualValue) / value}; 0 when the value is 0
 * @param converged whether the gap met the tolerance
 * @param iterations Newton steps
 * @param activeGroups patterns whose vector is not zero
 * @param seconds that the solve took, without the sampling of the gates
 */
@SuppressWarnings("ArrayRecordComponent") // shared, large, never compared
public record GatedSolution(
    double[] w,
    double value,
    double dualValue,
    double relativeGap,
    boolean converged,
    long iterations,
    int activeGroups,
    double seconds) {}
