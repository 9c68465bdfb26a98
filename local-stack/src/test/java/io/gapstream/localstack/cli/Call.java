package io.gapstream.localstack.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A call of the command line and what came of it.
 *
 * @param exitCode of the process that it would have been
 * @param out standard output
 * @param err standard error
 */
record Call(int exitCode, String out, String err) {

  /** With a stack's folder, and no terminal. */
  static Call gap(Path home, String... args) {
    return gap(Map.of("GAP_HOME", home.toString()), false, args);
  }

  /**
   * @param errIsTerminal whether a person reads the progress
   */
  static Call gap(Map<String, String> environment, boolean errIsTerminal, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Terminal terminal =
        new Terminal(new PrintWriter(out), new PrintWriter(err), false, errIsTerminal);
    int exitCode = Gap.run(args, terminal, new HashMap<>(environment));
    terminal.out().flush();
    terminal.err().flush();
    return new Call(exitCode, out.toString(), err.toString());
  }
}
