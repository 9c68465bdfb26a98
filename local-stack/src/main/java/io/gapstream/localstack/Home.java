package io.gapstream.localstack;

import java.io.IOException;
import java.nio.file.InvalidPathException;
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
    if (given == null || given.isBlank()) {
      return new Home(ProjectRoot.find().resolve(".gap"));
    }
    try {
      return new Home(Path.of(given));
    } catch (InvalidPathException e) {
      throw new StackException(
          VARIABLE
              + " is '"
              + given
              + "', which cannot be the name of a folder here: "
              + e.getReason()
              + ". Choose another name, or set LC_ALL to C.UTF-8.",
          e);
    }
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

  /** Each call that uses a stack holds a lock on it. */
  Path usersFile() {
    return run().resolve("users");
  }

  /** Is there while the stack runs only for the calls that use it. */
  Path sharedMark() {
    return run().resolve("shared");
  }

  /**
   * The password of {@link PostgresServer#USER} in the stack's database; made if there is none yet.
   */
  public String databasePassword() {
    return PostgresServer.password(data(Part.POSTGRESQL));
  }

  /** Makes the folders, and closes them to other users: also those that an earlier version made. */
  void makeFolders() {
    try {
      PrivateFiles.makeFolder(logs());
      PrivateFiles.makeFolder(run());
      PrivateFiles.makeFolder(folder.resolve("data"));
      for (Part part : Part.servers()) {
        PrivateFiles.makeFolder(data(part));
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
