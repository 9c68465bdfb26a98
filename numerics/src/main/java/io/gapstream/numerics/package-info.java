/**
 * The mathematics of two-layer ReLU training: the problem, its convex programs, bounds, their
 * verification, and local gradient methods. Pure Java: no framework, no input or output, no
 * logging.
 *
 * <p>Enter at {@code problem.Problem}. Symbols are those of docs/notation.md.
 */
@NullMarked
package io.gapstream.numerics;

import org.jspecify.annotations.NullMarked;
