/**
 * {@code tau} and {@code p*} exactly, for few columns: branch and bound over simplicial cones, and
 * the column generation that it closes. Enter at {@link io.gapstream.numerics.exact.ExactSolver} or
 * {@link io.gapstream.numerics.exact.ConeSearch}.
 */
@NullMarked
package io.gapstream.numerics.exact;

import org.jspecify.annotations.NullMarked;
