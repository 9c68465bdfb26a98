/**
 * Data in as many columns as they have rank. Enter at {@link
 * io.gapstream.numerics.reduction.ReducedProblem}. {@code verify} finds such columns by itself and
 * does not depend on this.
 */
@NullMarked
package io.gapstream.numerics.reduction;

import org.jspecify.annotations.NullMarked;
