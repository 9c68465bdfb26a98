package io.gapstream.localstack.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The weight of the penalty, one way or the other. */
final class PenaltyOptions {

  /** The fraction where nothing is said. */
  static final double DEFAULT_FRACTION = 0.1;

  @Option(
      names = "--beta",
      paramLabel = "B",
      required = true,
      converter = PositiveNumber.class,
      description = "The weight of the penalty, above 0.")
  private @Nullable Double beta;

  @Option(
      names = "--beta-fraction",
      paramLabel = "F",
      required = true,
      converter = PositiveNumber.class,
      description = "The weight as a fraction of betaMax, above which zero is best (default: 0.1).")
  private @Nullable Double fraction;

  /** The weight itself, if that is what was given. */
  @Nullable Double beta() {
    return beta;
  }

  /** The weight as a fraction of betaMax, where the weight itself was not given. */
  double fraction() {
    return fraction == null ? DEFAULT_FRACTION : fraction;
  }
}
