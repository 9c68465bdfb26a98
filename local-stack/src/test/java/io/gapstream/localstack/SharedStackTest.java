package io.gapstream.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Users are processes of their own, which end or are killed; the operating system's lock is what is
 * asked. LocalStackIT has the stack with it.
 */
@Timeout(120)
final class SharedStackTest {

  @Test
  void countsLivingUsersOnlyHoweverTheOthersEnded(@TempDir Path folder) throws Exception {
    // Given
    Home home = new Home(folder);
    home.makeFolders();
    Process first = user(home);
    Process second = user(home);
    Path file = home.usersFile();
    try (FileChannel users = SharedStack.open(home)) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  Files.exists(folder.resolve("using-" + first.pid()))
                      && Files.exists(folder.resolve("using-" + second.pid())));

      // Then
      assertThat(SharedStack.lockAlone(users)).isNull();

      // When
      first.destroyForcibly().waitFor();

      // Then
      assertThat(SharedStack.lockAlone(users)).isNull();

      // When
      second.destroy();
      second.waitFor();

      // Then
      assertThat(SharedStack.lockAlone(users)).isNotNull();
    }
    assertThat(file).exists();
  }

  @Test
  void letsNobodyInWhileTheStackIsBeingStopped(@TempDir Path folder) throws Exception {
    // Given
    Home home = new Home(folder);
    home.makeFolders();
    Process waiting;
    try (FileChannel users = SharedStack.open(home)) {
      assertThat(SharedStack.lockAlone(users)).isNotNull();

      // When
      waiting = user(home);

      // Then
      Thread.sleep(2_000);
      assertThat(folder.resolve("using-" + waiting.pid())).doesNotExist();
    }
    Path using = folder.resolve("using-" + waiting.pid());
    await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(using));
    waiting.destroyForcibly();
  }

  @Test
  void leavesAStackAloneThatWasNotStartedForCalls(@TempDir Path folder) throws Exception {
    // Given: a living supervisor of 'gap up'
    Home home = new Home(folder);
    home.makeFolders();
    Process supervisor = new ProcessBuilder("sleep", "60").start();
    Files.writeString(
        home.run().resolve("supervisor.pid"),
        "pid=%d\nowner=%d\nownerStartedAt=%s\n"
            .formatted(
                supervisor.pid(),
                supervisor.pid(),
                supervisor.info().startInstant().orElseThrow()));

    // When
    SharedStack.use(home, Duration.ofSeconds(10)).close();

    // Then
    assertThat(supervisor.isAlive()).isTrue();

    // When: it is one for calls
    Files.createFile(home.sharedMark());
    SharedStack.use(home, Duration.ofSeconds(10)).close();

    // Then
    assertThat(supervisor.isAlive()).isFalse();
  }

  private static Process user(Home home) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            UserToKill.class.getName(),
            home.folder().toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
