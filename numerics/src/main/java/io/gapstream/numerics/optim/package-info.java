/**
 * A limited-memory quasi-Newton method for functions that are smooth almost everywhere. Enter at
 * {@link io.gapstream.numerics.optim.Lbfgs}. Depends on nothing but the deadline.
 */
@NullMarked
package io.gapstream.numerics.optim;

import org.jspecify.annotations.NullMarked;
