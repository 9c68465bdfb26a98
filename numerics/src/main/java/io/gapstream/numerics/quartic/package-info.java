/**
 * The fourth-moment relaxation and the quartic rung: certified lower bounds that are sharper than
 * those of {@code lifted} where there are few columns. Enter at {@link
 * io.gapstream.numerics.quartic.QuarticSolver}.
 */
@NullMarked
package io.gapstream.numerics.quartic;

import org.jspecify.annotations.NullMarked;
