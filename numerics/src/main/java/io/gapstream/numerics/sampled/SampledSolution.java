package io.gapstream.numerics.sampled;

import io.gapstream.numerics.bound.UpperBound;

/**
 * A point of the sampled program, which is a network, and what is known about it.
 *
 * @param bound the network and its proved value of (P), which is the program's value at this point,
 *     rounded up
 * @param dualValue the value of a dual feasible point, in plain floating point: at most the optimum
 *     over the sampled patterns, and no bound on {@code p*}
 * @param relativeGap {@code (value - dualValue) / value} with the network's value of (P) in plain
 *     floating point; 0 when the value is 0
 * @param converged whether the gap met the tolerance
 * @param inCones whether every neuron lies in the closed cone of its pattern, as the products of
 *     the rows with its weights come out in floating point
 * @param iterations Newton steps
 * @param activeGroups neurons
 * @param seconds that the solve took, without the sampling of the gates
 */
public record SampledSolution(
    UpperBound bound,
    double dualValue,
    double relativeGap,
    boolean converged,
    boolean inCones,
    long iterations,
    int activeGroups,
    double seconds) {}
