/**
 * Local gradient methods on problem (P). Enter at {@link io.gapstream.numerics.training.Training}.
 */
@NullMarked
package io.gapstream.numerics.training;

import org.jspecify.annotations.NullMarked;
