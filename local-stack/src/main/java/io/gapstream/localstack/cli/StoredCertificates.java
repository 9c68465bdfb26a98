package io.gapstream.localstack.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Services for commands that read what was stored, whether a stack runs or not. */
final class StoredCertificates {

  private StoredCertificates() {}

  /**
   * The services that run; else those of a stack that is started for the call, where one has ever
   * stored something.
   *
   * @throws CommandException if nothing was ever stored
   */
  static Stacks.Services open(Stacks stacks) {
    try {
      return stacks.running();
    } catch (CommandException e) {
      if (e.exitCode() != ExitCode.UNREACHABLE) {
        throw e;
      }
      Path folder = stacks.home().folder();
      if (!holdsFiles(folder.resolve("data"))) {
        throw new CommandException(
            ExitCode.UNREACHABLE,
            "No stack runs in "
                + folder
                + " and nothing was ever stored there. Store something with 'gap certify' or 'gap"
                + " up', or name another folder in GAP_HOME.",
            e);
      }
      return stacks.runningOrStarted();
    }
  }

  private static boolean holdsFiles(Path folder) {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(folder, 2)) {
      return files
          .skip(1)
          .anyMatch(file -> file.getParent() != null && !file.getParent().equals(folder));
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED, "Could not read " + folder + ": " + e.getMessage(), e);
    }
  }
}
