package io.gapstream.localstack.cli;

import io.gapstream.ingest.CsvTable;
import io.gapstream.ingest.SizeLimits;
import io.gapstream.numerics.data.Prepared;
import io.gapstream.numerics.gates.Gates;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The patterns of a program: those of given vectors, or of random ones. */
final class GateOptions {

  /** As many as gap certify samples. */
  private static final int DEFAULT_PATTERNS = 200;

  @Option(
      names = "--gates",
      paramLabel = "FILE",
      required = true,
      description = {
        "A CSV file of gate vectors g, one a row and without a header; each gives the pattern"
            + " 1[X g >= 0]. d values a row: one for each feature in the order of the data, and one"
            + " for the column of ones at the end."
      })
  private @Nullable Path file;

  @Option(
      names = "--patterns",
      paramLabel = "P",
      required = true,
      description = "Gaussian gate vectors to sample (default: 200).")
  private int patterns = DEFAULT_PATTERNS;

  /**
   * The distinct patterns, without the empty one.
   *
   * @param seed of the vectors that are sampled
   * @throws CommandException if the file cannot be used, or there is no pattern
   */
  Gates gates(Prepared prepared, long seed, SizeLimits limits) {
    Path given = file;
    Gates gates = given == null ? sampled(prepared, seed) : given(given, prepared, limits);
    if (gates.count() == 0) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "No gate vector activates a row, so the program has no variables; "
              + (given == null ? "raise --patterns." : "give other vectors in " + given + "."));
    }
    return gates;
  }

  private Gates sampled(Prepared prepared, long seed) {
    if (patterns < 1) {
      throw new CommandException(
          ExitCode.BAD_INPUT, "--patterns is " + patterns + "; give a whole number from 1 on.");
    }
    int n = prepared.data().n();
    int d = prepared.data().d();
    return Gates.sample(n, d, prepared.data().x(), patterns, seed);
  }

  private static Gates given(Path file, Prepared prepared, SizeLimits limits) {
    int n = prepared.data().n();
    int d = prepared.data().d();
    double[] vectors;
    try {
      vectors = InputFile.read(file, () -> CsvTable.readRows(file, d, limits));
    } catch (CommandException e) {
      throw new CommandException(
          e.exitCode(),
          e.getMessage()
              + " A gate vector has one value for each of the "
              + d
              + " columns of X"
              + (prepared.bias() ? ", that of ones last" : "")
              + "; the file has no header.",
          e);
    }
    return Gates.of(n, d, prepared.data().x(), vectors);
  }
}
