package io.gapstream.localstack.cli;

import io.gapstream.numerics.gated.GatedProgress;
import java.util.Locale;

/** Steps of a solver with a duality gap, as lines of its log. */
final class LogLine {

  static final String HEADER =
      String.format(
          Locale.ROOT,
          "  %9s  %16s  %16s  %9s  %9s",
          "iteration",
          "primal",
          "dual",
          "gap",
          "seconds");

  private LogLine() {}

  static String of(GatedProgress progress) {
    return String.format(
        Locale.ROOT,
        "  %9d  %16.9e  %16.9e  %9.2e  %9.3f",
        progress.iterations(),
        progress.primal(),
        progress.dual(),
        progress.relativeGap(),
        progress.seconds());
  }
}
