package io.gapstream.localstack.cli;

import io.gapstream.ingest.BadTableException;
import io.gapstream.ingest.CsvTable;
import io.gapstream.ingest.SizeLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that a command reads; what is wrong with one ends the command before anything starts. */
final class InputFile {

  private InputFile() {}

  /** The last part of a path, which messages call the file by. */
  static String name(Path file) {
    Path last = file.getFileName();
    return last == null ? file.toString() : last.toString();
  }

  /**
   * Reads a table as a learning problem.
   *
   * @param target the column to be learned from the others
   * @param standardize whether the columns are to be standardised, so that they have to vary
   * @throws CommandException if the file holds no such problem
   */
  static CsvTable.Split learningProblem(
      Path file, String target, boolean standardize, SizeLimits limits) {
    CsvTable.Split split = read(file, () -> CsvTable.read(file, name(file), limits).split(target));
    requireVarying(file, split.y(), 0, 1, target, "Choose a target that varies.");
    for (int k = 0; k < split.d() && standardize; k++) {
      requireVarying(
          file,
          split.x(),
          k,
          split.d(),
          split.featureNames().get(k),
          "Remove the column, or give --no-standardize.");
    }
    return split;
  }

  /** What {@link #read} runs. */
  interface Reading<T> {
    T run() throws IOException;
  }

  /**
   * Reads a file.
   *
   * @throws CommandException if there is no such file, or it cannot be read or used
   */
  static <T> T read(Path file, Reading<T> reading) {
    if (!Files.exists(file)) {
      throw new CommandException(ExitCode.BAD_INPUT, "There is no file " + file + ".");
    }
    if (!Files.isRegularFile(file)) {
      throw new CommandException(ExitCode.BAD_INPUT, file + " is not a regular file.");
    }
    try {
      return reading.run();
    } catch (BadTableException e) {
      throw new CommandException(ExitCode.BAD_INPUT, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.BAD_INPUT, "Could not read " + file + ": " + e.getMessage(), e);
    }
  }

  private static void requireVarying(
      Path file, double[] values, int column, int stride, String name, String fix) {
    for (int i = column; i < values.length; i += stride) {
      if (values[i] != values[column]) {
        return;
      }
    }
    throw new CommandException(
        ExitCode.BAD_INPUT,
        name(file) + ", column '" + name + "': every value is " + values[column] + ". " + fix);
  }
}
