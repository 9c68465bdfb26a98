package io.gapstream.localstack.cli;

import io.gapstream.contracts.Limits;
import io.gapstream.ingest.NpyArray;
import io.gapstream.ingest.SizeLimits;
import io.gapstream.numerics.data.Data;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** X and y in NumPy files, taken as they are: two NPY files, or two arrays of an NPZ file. */
final class NumpyData {

  static final SizeLimits LIMITS = new SizeLimits(Limits.MAX_VALUES, Limits.MAX_ROWS);

  private NumpyData() {}

  /**
   * Reads data.
   *
   * @param file of X, or of X and y
   * @param target the file of y, or its array's name
   * @throws CommandException if they cannot be read or do not agree
   */
  static Data read(Path file, String target) {
    String name = InputFile.name(file);
    boolean archive = name.toLowerCase(Locale.ROOT).endsWith(".npz");
    NpyArray x;
    NpyArray y;
    if (archive) {
      String features = features(file, target);
      x = InputFile.read(file, () -> NpyArray.readFromArchive(file, name, features, 2, LIMITS));
      y = InputFile.read(file, () -> NpyArray.readFromArchive(file, name, target, 1, LIMITS));
    } else {
      Path targets = Arguments.path(target);
      x = InputFile.read(file, () -> NpyArray.read(file, name, 2, LIMITS));
      y = InputFile.read(targets, () -> NpyArray.read(targets, InputFile.name(targets), 1, LIMITS));
    }
    if (x.shape()[0] != y.shape()[0]) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          String.format(
              Locale.ROOT,
              "%s has %d rows of features and %s has %d numbers; they must agree.",
              file,
              x.shape()[0],
              target,
              y.shape()[0]));
    }
    return new Data(x.shape()[0], x.shape()[1], x.values(), y.values());
  }

  /** The array beside the target, or the one called X where there are several. */
  private static String features(Path file, String target) {
    List<String> names =
        InputFile.read(file, () -> NpyArray.namesInArchive(file, InputFile.name(file)));
    List<String> others = names.stream().filter(name -> !name.equals(target)).toList();
    if (names.contains(target) && others.size() == 1) {
      return others.get(0);
    }
    if (names.contains(target) && others.contains("X")) {
      return "X";
    }
    throw new CommandException(
        ExitCode.BAD_INPUT,
        InputFile.name(file)
            + " holds the arrays "
            + String.join(", ", names)
            + "; --target names the one of y, and the one of X has to be the only other one or to be"
            + " called X.");
  }
}
