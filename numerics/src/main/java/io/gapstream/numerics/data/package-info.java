/**
 * Synthetic data and standard preprocessing. Enter at {@link
 * io.gapstream.numerics.data.GaussianData} and {@link io.gapstream.numerics.data.Prepared}.
 */
@NullMarked
package io.gapstream.numerics.data;

import org.jspecify.annotations.NullMarked;
