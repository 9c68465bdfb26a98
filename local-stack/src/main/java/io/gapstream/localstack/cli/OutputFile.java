package io.gapstream.localstack.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that a command writes. */
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

  /**
   * Writes a file, or replaces it, as a whole: whoever reads it sees the old content or the new.
   *
   * @param content the file's bytes. Not modified.
   */
  static void write(Path file, byte[] content) {
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        Files.write(file, content); // a pipe or a device is written to, not replaced
        return;
      }
      // What a link leads to is replaced, not the link.
      Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
      Path unfinished =
          target.resolveSibling(
              "." + InputFile.name(target) + "." + ProcessHandle.current().pid() + ".part");
      try {
        Files.write(unfinished, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED, "Could not write " + file + ": " + e.getMessage(), e);
    }
  }
}
