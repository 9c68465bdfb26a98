/**
 * The sampled program (S): the gated one with its cones, whose solution is a network. Enter at
 * {@link io.gapstream.numerics.sampled.SampledSolver}. Depends on the problem, the gates, the
 * kernels and the verifier, and on no service.
 */
@NullMarked
package io.gapstream.numerics.sampled;

import org.jspecify.annotations.NullMarked;
