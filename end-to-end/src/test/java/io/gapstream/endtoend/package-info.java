/**
 * Tests of the whole system. Enter at any test; each starts what it needs. Nothing depends on this
 * package.
 */
@NullMarked
package io.gapstream.endtoend;

import org.jspecify.annotations.NullMarked;
