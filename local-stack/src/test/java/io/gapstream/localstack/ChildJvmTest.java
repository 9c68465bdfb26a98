package io.gapstream.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The children are real JVMs, which say themselves how they were set up. */
@Timeout(60)
final class ChildJvmTest {

  /** Where the build itself has a plain locale, Java cannot even name the folder. */
  private static final String NAME =
      "UTF-8".equals(System.getProperty("sun.jnu.encoding")) ? "größe µ" : "plain";

  @ParameterizedTest
  @CsvSource({
    "tr_TR.UTF-8, IST",
    "az_AZ.UTF-8, PST",
    "C, Europe/Istanbul",
    "de_DE.ISO-8859-1, EST5EDT"
  })
  void setsEveryChildUpTheSame(String locale, String zone, @TempDir Path folder) {
    // Given
    Map<String, String> environment = Map.of("LC_ALL", locale, "LANG", locale, "TZ", zone);

    // When
    ChildJvm child = start(folder.resolve(NAME), "say", environment);

    // Then
    await().atMost(Duration.ofSeconds(30)).until(() -> !child.isAlive());
    assertThat(child.tail()).contains("TITLE title en_US UTC UTF-8 µ " + NAME);
  }

  @Test
  void showsTheCauseInTheLastLine(@TempDir Path folder) {
    // Given
    ChildJvm child = start(folder, "fail", Map.of());

    // When
    await().atMost(Duration.ofSeconds(30)).until(() -> !child.isAlive());

    // Then
    assertThatThrownBy(child::requireAlive)
        .isInstanceOf(StackException.class)
        .message()
        .satisfies(
            text -> {
              List<String> lines = text.lines().toList();
              assertThat(lines.get(0)).contains("A test ended with exit code 1");
              assertThat(lines.get(lines.size() - 1)).contains("No enum constant X.yarım");
              assertThat(lines).noneMatch(line -> line.startsWith("\tat "));
            });
  }

  @Test
  void writesForItsOwnerOnly(@TempDir Path folder) throws IOException {
    // When
    ChildJvm child = start(folder, "say", Map.of());

    // Then
    await().atMost(Duration.ofSeconds(30)).until(() -> !child.isAlive());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("made"))))
        .isEqualTo("rw-------");
  }

  @Test
  void leavesNoProcessThatCouldNotBeWrittenDown(@TempDir Path folder) throws IOException {
    // Given: what is written first cannot be written
    Files.createDirectories(folder.resolve("child.pid.next/in the way"));

    // When
    // Then
    assertThatThrownBy(() -> start(folder, "wait", Map.of()))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("Could not write");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                ProcessHandle.current()
                    .children()
                    .noneMatch(p -> p.info().commandLine().orElse("").contains(folder.toString())));
  }

  private static ChildJvm start(Path folder, String what, Map<String, String> environment) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return ChildJvm.start(
        "A test",
        folder.resolve("child.pid"),
        folder.resolve("child.log"),
        folder,
        List.of("-cp", System.getProperty("java.class.path"), ChildToStart.class.getName(), what),
        environment);
  }
}
