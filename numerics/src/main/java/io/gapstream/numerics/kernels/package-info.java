/**
 * Products with bit-packed gates: the inner loops of the convex programs. Enter at {@link
 * io.gapstream.numerics.kernels.GateProducts}. Depends on nothing but the gates.
 */
@NullMarked
package io.gapstream.numerics.kernels;

import org.jspecify.annotations.NullMarked;
