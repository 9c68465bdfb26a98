/**
 * Tests of the local stack against real processes. Depends on nothing that the stack itself does
 * not run.
 */
@NullMarked
package io.gapstream.localstack;

import org.jspecify.annotations.NullMarked;
