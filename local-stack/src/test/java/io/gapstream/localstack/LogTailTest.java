package io.gapstream.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The logs are what the parts wrote when they were started as the names say. */
final class LogTailTest {

  @Test
  void endsWithTheExceptionThatEndedTheBroker(@TempDir Path folder) throws IOException {
    // Given
    Path log =
        log(
            folder,
            """
            2026-01-01 00:00:00,000 WARN  something (kafka.server)
            2026-01-01 00:00:01,000 ERROR Exiting Kafka due to fatal exception (kafka.Kafka$)
            java.lang.IllegalArgumentException: No enum constant CompressionType.GZİP
            """
                + "\tat java.base/java.lang.Enum.valueOf(Enum.java:273)\n".repeat(40));

    // When
    String tail = LogTail.of(log, 0);

    // Then
    assertThat(tail)
        .endsWith("java.lang.IllegalArgumentException: No enum constant CompressionType.GZİP");
    assertThat(tail).doesNotContain("\tat");
  }

  @Test
  void endsWithTheDeepestCauseOfTheLastException(@TempDir Path folder) throws IOException {
    // Given
    Path log =
        log(
            folder,
            """
            java.io.IOException: an earlier one
            Caused by: java.io.EOFException: of another matter
            ERROR [Application] (main) Failed to start: java.lang.RuntimeException: no
            \tat a.B.c(D.java:1)
            Caused by: java.lang.IllegalStateException: between
            \t... 12 more
            Caused by: java.net.SocketException: Too many open files
            \t... 14 more
            2026-01-01 INFO stopped
            """);

    // When
    String tail = LogTail.of(log, 0);

    // Then
    assertThat(tail).endsWith("\nThe cause: java.net.SocketException: Too many open files");
  }

  @Test
  void endsWithWhatPostgresqlCallsFatal(@TempDir Path folder) throws IOException {
    // Given
    String before = "2026 FATAL:  of the run before\n";
    Path log =
        log(
            folder,
            before
                + """
                waiting for server to start....2026 LOG:  starting PostgreSQL
                2026 FATAL:  insufficient file descriptors available to start server process
                2026 DETAIL:  System allows 64, server needs at least 128.
                2026 LOG:  database system is shut down
                 stopped waiting
                pg_ctl: could not start server
                Examine the log output.
                """);

    // When
    String tail = LogTail.of(log, before.length());

    // Then
    assertThat(tail)
        .endsWith("FATAL:  insufficient file descriptors available to start server process");
    assertThat(tail).doesNotContain("of the run before");
  }

  @Test
  void saysThatNothingWasWritten(@TempDir Path folder) {
    assertThat(LogTail.of(folder.resolve("none"), 0)).contains("wrote nothing");
  }

  private static Path log(Path folder, String text) throws IOException {
    return Files.writeString(folder.resolve("part.log"), text);
  }
}
