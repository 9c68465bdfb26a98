/**
 * The squared error of a two-layer network over rows of the data and its gradient: the inner loops
 * of training, plain and with explicit vectors, in float64 and float32. Enter at {@link
 * io.gapstream.numerics.gradient.SquaredError}. Depends on nothing but {@code kernels}.
 */
@NullMarked
package io.gapstream.numerics.gradient;

import org.jspecify.annotations.NullMarked;
