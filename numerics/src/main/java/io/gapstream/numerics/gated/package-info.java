/**
 * The gated program on given activation patterns. Enter at {@link
 * io.gapstream.numerics.gated.GatedSolver}.
 */
@NullMarked
package io.gapstream.numerics.gated;

import org.jspecify.annotations.NullMarked;
