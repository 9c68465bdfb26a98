/**
 * Problem (P), networks, and the value of (P) at a network. Enter at {@link
 * io.gapstream.numerics.problem.Problem}. Depends on nothing else in the numerics.
 */
@NullMarked
package io.gapstream.numerics.problem;

import org.jspecify.annotations.NullMarked;
