package io.gapstream.localstack.cli;

import io.gapstream.contracts.Limits;
import io.gapstream.ingest.CsvTable;
import io.gapstream.ingest.Header;
import io.gapstream.ingest.SizeLimits;
import io.gapstream.numerics.data.ConstantColumnException;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.Prepared;
import java.nio.file.Path;
import java.util.List;

/**
 * A CSV file as a problem, prepared as every command and every service prepares it, so that all
 * mean the same data, to the last bit.
 *
 * @param columns the file's columns, in its order
 * @param target the index of the target among them
 * @param featureNames the others
 * @param prepared what a solver takes
 */
record LearningProblem(
    List<String> columns, int target, List<String> featureNames, Prepared prepared) {

  private static final SizeLimits OF_MESSAGES = new SizeLimits(Limits.MAX_VALUES, Limits.MAX_ROWS);

  /**
   * Reads a file within the limits that services have.
   *
   * @throws CommandException if the file holds no such problem
   */
  static LearningProblem forServices(Path file, String target, PreparationOptions options) {
    LearningProblem problem = read(file, target, options, OF_MESSAGES);
    Data data = problem.prepared().data();
    String size =
        InputFile.name(file)
            + " makes "
            + data.n()
            + " rows of "
            + data.d()
            + (options.bias() ? " columns, that of ones included" : " columns");
    if (data.d() > Limits.MAX_COLUMNS) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          size + "; at most " + Limits.MAX_COLUMNS + " columns are taken, use fewer.");
    }
    if ((long) data.n() * (data.d() + 1) > Limits.MAX_VALUES) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          size
              + ", with the target more than "
              + Limits.MAX_VALUES
              + " values; use fewer rows or columns.");
    }
    return problem;
  }

  /**
   * Reads a file.
   *
   * @param target the column to be learned from the others
   * @throws CommandException if the file holds no such problem
   */
  static LearningProblem read(
      Path file, String target, PreparationOptions options, SizeLimits limits) {
    Header header = options.header();
    CsvTable table =
        InputFile.read(file, () -> CsvTable.read(file, InputFile.name(file), limits, header));
    CsvTable.Split split = InputFile.read(file, () -> table.split(target));
    Columns columns = new Columns(file, table, split);
    columns.requireVaryingTarget();
    try {
      Prepared prepared =
          Prepared.of(
              new Data(split.n(), split.d(), split.x(), split.y()),
              options.standardize(),
              options.bias());
      return new LearningProblem(table.columns(), columns.target(), split.featureNames(), prepared);
    } catch (ConstantColumnException e) {
      throw columns.constant(e.column());
    }
  }

  /** Says of a column that does not vary why it does not. */
  private record Columns(Path file, CsvTable table, CsvTable.Split split) {

    int target() {
      List<String> features = split.featureNames();
      int k = 0;
      while (k < features.size() && table.columns().get(k).equals(features.get(k))) {
        k++;
      }
      return k;
    }

    /** Without a target that varies there is nothing to learn, standardised or not. */
    void requireVaryingTarget() {
      for (double value : split.y()) {
        if (value != split.y()[0]) {
          return;
        }
      }
      throw constant(ConstantColumnException.TARGET);
    }

    CommandException constant(int feature) {
      boolean isTarget = feature == ConstantColumnException.TARGET;
      String name = isTarget ? table.columns().get(target()) : split.featureNames().get(feature);
      double[] values = table.column(table.columns().indexOf(name));
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (double value : values) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
      String what =
          table.hasRoundedIntegers(name)
              ? "its values are integers above 2^53, which merge into "
                  + least
                  + " as float64. Subtract a constant from them"
                  + (isTarget ? "." : ", or remove the column: an id is no feature.")
              : least == most
                  ? "every value is " + least + ". "
                  : "it is nearly constant: its values, from "
                      + least
                      + " to "
                      + most
                      + ", differ by rounding only. ";
      String fix =
          isTarget
              ? "Choose a target that varies."
              : "Remove the column, or give --no-standardize.";
      return new CommandException(
          ExitCode.BAD_INPUT,
          InputFile.name(file)
              + ", column '"
              + name
              + "': "
              + what
              + (table.hasRoundedIntegers(name) ? "" : fix));
    }
  }
}
