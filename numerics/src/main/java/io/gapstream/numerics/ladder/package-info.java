/** What the solvers of relaxations share on the way from a dual vector to a proved bound. */
@NullMarked
package io.gapstream.numerics.ladder;

import org.jspecify.annotations.NullMarked;
