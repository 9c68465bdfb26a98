package io.gapstream.localstack.cli;

/** How {@code gap} ends; documented in {@code docs/cli.md}. */
final class ExitCode {

  /** Done. */
  static final int OK = 0;

  /** A claim was refuted, or something failed. */
  static final int FAILED = 1;

  /** The command line or the input cannot be used. */
  static final int BAD_INPUT = 2;

  /** There is no such experiment. */
  static final int NOT_FOUND = 3;

  /** The stack or a service does not answer, or not in time. */
  static final int UNREACHABLE = 5;

  /** The budget ended without a verified certificate. */
  static final int INCONCLUSIVE = 6;

  private ExitCode() {}
}
