package io.gapstream.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The oracle is the operating system: it says which processes live. The owner that is killed is a
 * JVM of its own, so nothing of its memory or of its exit hooks can help.
 */
@Timeout(180)
final class OrphanTest {

  private static final Duration GRACE = Duration.ofSeconds(5);

  @Test
  void startsInTheFoldersOfAKilledOwnerAndEndsWhatItLeft(@TempDir Path folder) throws Exception {
    // Given
    Path kafka = folder.resolve("kafka");
    Path postgresql = folder.resolve("postgresql");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dgapstream.root=" + ProjectRoot.find(),
                "-Dslf4j.internal.verbosity=ERROR",
                // Rules by which the broker does not find its own names, and a time zone that
                // PostgreSQL does not know.
                "-Duser.language=tr",
                "-Duser.country=TR",
                "-Duser.timezone=IST",
                "-cp",
                System.getProperty("java.class.path"),
                OwnerToKill.class.getName(),
                kafka.toString(),
                postgresql.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(Map.of("LC_ALL", "tr_TR.UTF-8", "TZ", "IST"));
    Process owner = builder.start();
    String[] pids;
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(owner.getInputStream(), StandardCharsets.UTF_8))) {
      pids = String.valueOf(out.readLine()).split(" ");
    }
    assertThat(isAlive(pids[0])).isTrue();
    assertThat(isAlive(pids[1])).isTrue();
    owner.destroyForcibly().waitFor(10, TimeUnit.SECONDS);

    // When
    try (KafkaBroker broker = KafkaBroker.start(kafka, 0);
        PostgresServer server = PostgresServer.start(postgresql, 0)) {

      // Then
      assertThat(broker.isAlive()).isTrue();
      assertThat(server.isAlive()).isTrue();
      assertThat(isAlive(pids[0])).isFalse();
      assertThat(isAlive(pids[1])).isFalse();
    }
  }

  @Test
  void endsAProcessThatWroteOnlyItsIdBeforeItsStarterWasKilled(@TempDir Path folder)
      throws Exception {
    // Given
    Path file = folder.resolve("part.pid").toAbsolutePath();
    Process process = sleepMarkedAs(ProcessRecord.mark(file));
    Files.writeString(file, "pid=" + process.pid() + "\n");

    // When
    boolean ended = ProcessRecord.endOrphan(file, GRACE).isPresent();

    // Then
    assertThat(ended).isTrue();
    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void leavesAProcessAloneWhoseCommandLineIsNotTheOneOfTheRecord(@TempDir Path folder)
      throws Exception {
    // Given
    Path file = folder.resolve("part.pid").toAbsolutePath();
    Process process = sleepMarkedAs("another program");
    Files.writeString(
        file,
        "pid="
            + process.pid()
            + "\nstartedAt="
            + process.info().startInstant().orElseThrow()
            + "\n");

    // When
    boolean ended = ProcessRecord.endOrphan(file, GRACE).isPresent();

    // Then
    assertThat(ended).isFalse();
    assertThat(process.isAlive()).isTrue();
    process.destroyForcibly();
  }

  @Test
  void leavesAProcessAloneThatStartedAtAnotherTime(@TempDir Path folder) throws Exception {
    // Given
    Path file = folder.resolve("part.pid").toAbsolutePath();
    Process process = sleepMarkedAs(ProcessRecord.mark(file));
    Instant earlier = process.info().startInstant().orElseThrow().minusSeconds(60);
    Files.writeString(file, "pid=" + process.pid() + "\nstartedAt=" + earlier + "\n");

    // When
    boolean ended = ProcessRecord.endOrphan(file, GRACE).isPresent();

    // Then
    assertThat(ended).isFalse();
    assertThat(process.isAlive()).isTrue();
    process.destroyForcibly();
  }

  @Test
  void refusesToEndAProcessWhoseOwnerRuns(@TempDir Path folder) throws Exception {
    // Given
    Path file = folder.resolve("part.pid").toAbsolutePath();
    Process process = sleepMarkedAs(ProcessRecord.mark(file));
    ProcessRecord.write(file, process.toHandle());

    // When
    // Then
    assertThatThrownBy(() -> ProcessRecord.endOrphan(file, GRACE))
        .isInstanceOf(StackException.class)
        .hasMessageContaining("belongs to process " + ProcessHandle.current().pid());
    assertThat(process.isAlive()).isTrue();
    process.destroyForcibly();
  }

  private static Process sleepMarkedAs(String mark) throws IOException {
    // The shell stays, because something follows; so the mark stays in its command line.
    return new ProcessBuilder(List.of("/bin/sh", "-c", "sleep 60; true", mark)).start();
  }

  private static boolean isAlive(String pid) {
    return ProcessHandle.of(Long.parseLong(pid)).map(ProcessHandle::isAlive).orElse(false);
  }
}
