package io.gapstream.localstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The folder that holds everything a stack keeps: {@code data/}, {@code logs/} and {@code run/}
 * with process ids, ports and start times.
 *
 * @param folder absolute
 */
public record Home(Path folder) {

  /** Names the folder; without it the folder is {@code .gap} in the project. */
  public static final String VARIABLE = "GAP_HOME";

  /** Makes the path absolute. */
  public Home {
    folder = folder.toAbsolutePath().normalize();
  }

  /** The folder that the environment variables name, or {@code .gap} in the project. */
  public static Home from(Map<String, String> environment) {
    String given = environment.get(VARIABLE);
    return new Home(
        given == null || given.isBlank() ? ProjectRoot.find().resolve(".gap") : Path.of(given));
  }

  /** The data sets that come with the project. */
  public static Path examples() {
    return ProjectRoot.find().resolve("examples");
  }

  Path data(Part part) {
    return folder.resolve("data").resolve(part.partName());
  }

  /** The logs: one for each part, and {@code gap.log} of the supervisor. */
  public Path logs() {
    return folder.resolve("logs");
  }

  Path log(Part part) {
    return logs().resolve(part.partName() + ".log");
  }

  Path run() {
    return folder.resolve("run");
  }

  Path pidFile(Part part) {
    return run().resolve(part.partName() + ".pid");
  }

  Path lockFile() {
    return run().resolve("lock");
  }

  Path stateFile() {
    return run().resolve("stack.json");
  }

  void makeFolders() {
    try {
      Files.createDirectories(logs());
      Files.createDirectories(run());
      for (Part part : Part.servers()) {
        Files.createDirectories(data(part));
      }
    } catch (IOException e) {
      throw new StackException(
          "Could not make the folders of "
              + folder
              + " ("
              + e.getMessage()
              + "). Set "
              + VARIABLE
              + " to a folder that you may write to.",
          e);
    }
  }
}
