/** Root of the numerics. */
@NullMarked
package io.gapstream.numerics;

import org.jspecify.annotations.NullMarked;
