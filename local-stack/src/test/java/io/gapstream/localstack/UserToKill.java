package io.gapstream.localstack;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Uses a stack in a JVM of its own and waits to be killed. */
final class UserToKill {

  private UserToKill() {}

  /**
   * Makes a file {@code using-PID} in the folder once it uses the stack.
   *
   * @param args the folder of the stack
   */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    try (SharedStack share = SharedStack.use(new Home(folder), Duration.ofSeconds(60))) {
      Files.createFile(folder.resolve("using-" + ProcessHandle.current().pid()));
      Thread.sleep(60_000);
      share.isTemporary();
    }
  }
}
