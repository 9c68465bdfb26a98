package io.gapstream.localstack.cli;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files that a command writes: whole, or not at all. */
final class OutputFile {

  private OutputFile() {}

  /**
   * Refuses a place where no file can be written, before work is done for it.
   *
   * @throws CommandException if the folder is not there or not writable, or the path is a folder
   */
  static void checkWritable(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(file)) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "--output " + file + " is not a file in a folder that exists; name one.");
    }
    if (!Files.isWritable(Files.exists(file) ? file : folder)) {
      throw new CommandException(
          ExitCode.BAD_INPUT, "--output " + file + " may not be written; name another file.");
    }
  }

  /** Writes a file beside the path and moves it there, so that nobody sees half of it. */
  static void write(Path file, byte[] content) {
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        Files.write(file, content); // a pipe or a device cannot be replaced
        return;
      }
      Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
      Path beside =
          target.resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid());
      try {
        Files.write(beside, content);
        move(beside, target);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED, "Could not write " + file + ": " + e.getMessage(), e);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
