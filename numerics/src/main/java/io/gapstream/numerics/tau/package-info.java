/**
 * The dual norm {@code tau} from below, by local ascent. Enter at {@link
 * io.gapstream.numerics.tau.LocalAscent}.
 */
@NullMarked
package io.gapstream.numerics.tau;

import org.jspecify.annotations.NullMarked;
