/**
 * Brings a problem to magnitudes near 1, exactly, so that solvers need not think of overflow. Enter
 * at {@link io.gapstream.numerics.scaling.ScaledProblem}. Depends on the problem only.
 */
@NullMarked
package io.gapstream.numerics.scaling;

import org.jspecify.annotations.NullMarked;
