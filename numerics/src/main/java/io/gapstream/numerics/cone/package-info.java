/**
 * Splits gated solutions over their cones, which gives networks. Enter at {@link
 * io.gapstream.numerics.cone.ConeDecomposition}.
 */
@NullMarked
package io.gapstream.numerics.cone;

import org.jspecify.annotations.NullMarked;
