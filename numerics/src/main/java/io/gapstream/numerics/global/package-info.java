/**
 * Column generation: good networks by alternating polishing and the search for violated directions.
 * Enter at {@link io.gapstream.numerics.global.ColumnGeneration}.
 */
@NullMarked
package io.gapstream.numerics.global;

import org.jspecify.annotations.NullMarked;
