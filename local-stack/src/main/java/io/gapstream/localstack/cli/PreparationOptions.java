package io.gapstream.localstack.cli;

import picocli.CommandLine.Option;

/** What is done to the data of a file before anything is computed. */
final class PreparationOptions {

  @Option(
      names = "--no-standardize",
      description = "Take features and target as they are, not scaled to mean 0 and variance 1.")
  private boolean noStandardize;

  @Option(names = "--no-bias", description = "Do not append a column of ones.")
  private boolean noBias;

  boolean standardize() {
    return !noStandardize;
  }

  boolean bias() {
    return !noBias;
  }
}
