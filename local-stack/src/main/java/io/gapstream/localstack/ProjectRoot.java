package io.gapstream.localstack;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds the folder that holds the built project: the broker's jars and the services. */
final class ProjectRoot {

  /** Names the folder; without it the folders above the working directory are searched. */
  static final String PROPERTY = "gapstream.root";

  private ProjectRoot() {}

  /**
   * The project's root.
   *
   * @throws StackException if there is none
   */
  static Path find() {
    String given = System.getProperty(PROPERTY);
    if (given != null && !given.isBlank()) {
      Path root = Path.of(given).toAbsolutePath().normalize();
      if (isRoot(root)) {
        return root;
      }
      throw new StackException(
          "-D" + PROPERTY + "=" + given + " holds no folder local-stack/broker. Name the project.");
    }
    Path start = Path.of("").toAbsolutePath();
    for (@Nullable Path folder = start; folder != null; folder = folder.getParent()) {
      if (isRoot(folder)) {
        return folder;
      }
    }
    throw new StackException(
        "Neither "
            + start
            + " nor a folder above it holds the Gapstream project. Set -D"
            + PROPERTY
            + " to the project's folder.");
  }

  private static boolean isRoot(Path folder) {
    return Files.isRegularFile(folder.resolve("local-stack/broker/pom.xml"));
  }
}
