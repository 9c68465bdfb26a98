/**
 * The inner loops of the convex programs: products with bit-packed gates, products of matrices, and
 * Cholesky factors, each in plain Java and where {@link
 * io.gapstream.numerics.kernels.VectorUnit#isAvailable} says so in explicit vectors. Enter at
 * {@link io.gapstream.numerics.kernels.GateProducts} and {@link
 * io.gapstream.numerics.kernels.MatrixProducts}. Depends on nothing but the gates.
 */
@NullMarked
package io.gapstream.numerics.kernels;

import org.jspecify.annotations.NullMarked;
