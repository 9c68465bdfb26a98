/**
 * The {@code gap} command line: starts and stops the stack, certifies a CSV file, shows
 * certificates, solves single programs.
 *
 * <p>Enter at {@link Gap}. Data go to standard output, progress to standard error and only when it
 * is a terminal; {@link ExitCode} has every exit code.
 *
 * <p>Speaks to the services over REST only, and depends on no service's code. {@link SolveCommand}
 * needs no service: it runs a {@link Program} in this process.
 */
@NullMarked
package io.gapstream.localstack.cli;

import org.jspecify.annotations.NullMarked;
