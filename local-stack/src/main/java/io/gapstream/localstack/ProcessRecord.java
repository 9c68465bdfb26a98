package io.gapstream.localstack;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A process as it was written down when it was started, so that a later run can find it again and
 * prove that it is the same one. Process ids are used again by the operating system; so a record
 * stands for a process only if the start time and the command line fit too.
 *
 * @param file where the record is kept; its absolute path is also in the process's command line
 * @param pid the process id
 * @param startedAt when the process started; absent when the starter died before writing it down
 * @param owner the process that started it
 * @param ownerStartedAt when that one started
 */
record ProcessRecord(
    Path file,
    long pid,
    @Nullable Instant startedAt,
    @Nullable Long owner,
    @Nullable Instant ownerStartedAt) {

  /** The start times that the operating system gives may shift by this much, never more. */
  private static final Duration CLOCK_SLACK = Duration.ofSeconds(2);

  private static final String MARK = "-Dgapstream.process=";

  /** The argument that marks a process as the one of this record. */
  static String mark(Path file) {
    return MARK + file.toAbsolutePath().normalize();
  }

  /** The record in this file, if there is one. */
  static Optional<ProcessRecord> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    Properties values = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      values.load(reader);
      String pid = values.getProperty("pid");
      if (pid == null) {
        return Optional.empty();
      }
      String owner = values.getProperty("owner");
      return Optional.of(
          new ProcessRecord(
              file,
              Long.parseLong(pid.strip()),
              instant(values, "startedAt"),
              owner == null ? null : Long.valueOf(owner),
              instant(values, "ownerStartedAt")));
    } catch (IOException | IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  /**
   * Writes down a child of this process.
   *
   * @throws StackException if the file cannot be written
   */
  static ProcessRecord write(Path file, ProcessHandle child) {
    ProcessHandle self = ProcessHandle.current();
    ProcessRecord written =
        new ProcessRecord(
            file,
            child.pid(),
            child.info().startInstant().orElse(null),
            self.pid(),
            self.info().startInstant().orElse(null));
    Properties values = new Properties();
    values.setProperty("pid", Long.toString(written.pid));
    values.setProperty("owner", Long.toString(self.pid()));
    if (written.startedAt != null) {
      values.setProperty("startedAt", written.startedAt.toString());
    }
    if (written.ownerStartedAt != null) {
      values.setProperty("ownerStartedAt", written.ownerStartedAt.toString());
    }
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try {
      try (Writer writer = Files.newBufferedWriter(next, StandardCharsets.UTF_8)) {
        values.store(writer, null);
      }
      Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new StackException(
          "Could not write " + file + ": " + e.getMessage() + ". Make room, or let it be written.",
          e);
    }
    return written;
  }

  /** The process, if it still runs and is proved to be this one. */
  Optional<ProcessHandle> live() {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isThis);
  }

  /** Whether the process that started it still runs. */
  boolean ownerLives() {
    if (owner == null || ownerStartedAt == null) {
      return false;
    }
    Instant expected = ownerStartedAt;
    return ProcessHandle.of(owner)
        .filter(ProcessHandle::isAlive)
        .flatMap(handle -> handle.info().startInstant())
        .filter(actual -> near(actual, expected))
        .isPresent();
  }

  /**
   * Ends the process that this file records, if it lives and its owner is gone, and waits for its
   * end.
   *
   * @return the id of the process that was ended
   * @throws StackException if its owner still runs, or if it cannot be ended
   */
  static Optional<Long> endOrphan(Path file, Duration grace) {
    Optional<ProcessRecord> found = read(file);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    ProcessRecord recorded = found.get();
    Optional<ProcessHandle> live = recorded.live();
    if (live.isEmpty()) {
      return Optional.empty();
    }
    if (recorded.ownerLives()) {
      throw new StackException(
          "Process "
              + recorded.pid
              + " already uses "
              + file.toAbsolutePath().getParent()
              + " and belongs to process "
              + recorded.owner
              + ", which runs. Stop that one first, or use another folder.");
    }
    end(live.get(), grace);
    return Optional.of(recorded.pid);
  }

  /** Asks a process to end, and kills it when it has not ended after the grace time. */
  static void end(ProcessHandle process, Duration grace) {
    process.destroy();
    if (!ended(process, grace)) {
      process.destroyForcibly();
      if (!ended(process, Duration.ofSeconds(10))) {
        throw new StackException(
            "Process " + process.pid() + " does not end, not even when killed. End it by hand.");
      }
    }
  }

  private boolean isThis(ProcessHandle handle) {
    Optional<String> commandLine = handle.info().commandLine();
    if (commandLine.isPresent() && !commandLine.get().contains(mark(file))) {
      return false;
    }
    Optional<Instant> actual = handle.info().startInstant();
    Instant expected = startedAt;
    if (expected == null || actual.isEmpty()) {
      return commandLine.isPresent();
    }
    return near(actual.get(), expected);
  }

  private static boolean near(Instant actual, Instant expected) {
    return Duration.between(actual, expected).abs().compareTo(CLOCK_SLACK) <= 0;
  }

  private static boolean ended(ProcessHandle process, Duration atMost) {
    try {
      process.onExit().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return !process.isAlive();
    } catch (ExecutionException e) {
      throw new StackException("Could not wait for process " + process.pid(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    }
  }

  private static @Nullable Instant instant(Properties values, String key) {
    String text = values.getProperty(key);
    return text == null ? null : Instant.parse(text);
  }
}
