/**
 * Lower bounds with their evidence: the dual vector, its scale and a witness for each sign. Data
 * only; {@code verify} judges it.
 */
@NullMarked
package io.gapstream.numerics.bound;

import org.jspecify.annotations.NullMarked;
