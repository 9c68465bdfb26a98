/**
 * The lifted relaxation and the quadratic rung: certified lower bounds at any scale. Enter at
 * {@link io.gapstream.numerics.lifted.LiftedSolver}.
 */
@NullMarked
package io.gapstream.numerics.lifted;

import org.jspecify.annotations.NullMarked;
