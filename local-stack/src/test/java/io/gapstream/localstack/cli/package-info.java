/**
 * Tests of the command line without a stack, and of the launcher script. Depend on real files and
 * real processes; what needs a stack is tested end to end.
 */
@NullMarked
package io.gapstream.localstack.cli;

import org.jspecify.annotations.NullMarked;
