/**
 * Re-derives bounds from their evidence with rigorous rounding. Enter at {@link
 * io.gapstream.numerics.verify.Verifier}. Shares no code with the solvers; ArchUnit holds it to
 * that.
 */
@NullMarked
package io.gapstream.numerics.verify;

import org.jspecify.annotations.NullMarked;
