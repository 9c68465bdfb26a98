package io.gapstream.localstack.cli;

import io.gapstream.ingest.Header;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What is done to the data of a file before anything is computed. */
final class PreparationOptions {

  @Option(
      names = "--no-standardize",
      description = "Take features and target as they are, not scaled to mean 0 and variance 1.")
  private boolean noStandardize;

  @Option(names = "--no-bias", description = "Do not append a column of ones.")
  private boolean noBias;

  @ArgGroup private FirstLine firstLine = new FirstLine();

  private static final class FirstLine {

    @Option(
        names = "--header",
        description = "The first line of a CSV file holds names, although they are numbers.")
    private boolean names;

    @Option(
        names = "--no-header",
        description = "A CSV file has no line of names; its columns are called 0, 1, 2, ...")
    private boolean none;
  }

  boolean standardize() {
    return !noStandardize;
  }

  boolean bias() {
    return !noBias;
  }

  /** What is known of a CSV file's first line. */
  Header header() {
    return firstLine.none ? Header.ABSENT : firstLine.names ? Header.PRESENT : Header.EXPECTED;
  }
}
