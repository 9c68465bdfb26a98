/**
 * Activation patterns: sampling, duplicates, bit-packed storage. Enter at {@link
 * io.gapstream.numerics.gates.Gates}.
 */
@NullMarked
package io.gapstream.numerics.gates;

import org.jspecify.annotations.NullMarked;
