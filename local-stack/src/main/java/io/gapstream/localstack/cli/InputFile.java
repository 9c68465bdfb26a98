package io.gapstream.localstack.cli;

import io.gapstream.ingest.BadTableException;
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

  /** The longest name that a message bears. */
  private static final int MAX_LABEL = 200;

  /**
   * Refuses a name that no message bears, before anything is started for it.
   *
   * @param what whose name it is, such as {@code --name}
   * @throws CommandException if it is blank, too long or not plain text
   */
  static String label(String name, String what) {
    String reason =
        name.isBlank()
            ? "is blank; give it one."
            : name.length() > MAX_LABEL
                ? "has "
                    + name.length()
                    + " characters; at most "
                    + MAX_LABEL
                    + " are taken, give a shorter one."
                : name.codePoints()
                        .anyMatch(
                            c ->
                                Character.isISOControl(c)
                                    || Character.getType(c) == Character.SURROGATE)
                    ? "holds a character that is no text; give a plain one."
                    : null;
    if (reason != null) {
      throw new CommandException(ExitCode.BAD_INPUT, "The name of " + what + " " + reason);
    }
    return name;
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
      throw new CommandException(
          ExitCode.BAD_INPUT,
          e.getMessage()
              + (e.headerInDoubt()
                  ? " Or give --no-header if it is a row, --header if it holds names."
                  : ""),
          e);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.BAD_INPUT, "Could not read " + file + ": " + e.getMessage(), e);
    }
  }
}
