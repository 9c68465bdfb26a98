/**
 * The sampled program (S): the gated one with its cones, whose solution is a network. Enter at
 * {@link io.gapstream.numerics.sampled.SampledSolver}. Depends on the gated program for its gap and
 * its progress record, on gates, kernels and the verifier, and on no service.
 */
@NullMarked
package io.gapstream.numerics.sampled;

import org.jspecify.annotations.NullMarked;
