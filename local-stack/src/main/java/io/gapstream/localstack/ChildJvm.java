package io.gapstream.localstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A JVM that this process started and wrote down. It ignores the terminal's interrupt, so that
 * Ctrl-C reaches only whoever stops the parts in order, and it writes down its own process id
 * before it becomes a JVM, so that not even a kill at that moment leaves a process that nobody
 * knows.
 *
 * <p>It has the same language, character set and time zone wherever it runs: with Turkish rules the
 * broker does not find its own names, and PostgreSQL knows other time zones than Java. What it
 * writes is for its owner only.
 */
final class ChildJvm {

  /** Writes the record unless the starter was faster: what the starter writes says more. */
  private static final String BECOME_JVM =
      "trap '' INT HUP; umask 077; set -C;"
          + " { printf 'pid=%s\\n' $$ > \"$0\"; } 2>/dev/null; exec \"$@\"";

  private static final List<String> SAME_EVERYWHERE =
      List.of(
          "-Duser.language=en",
          "-Duser.country=US",
          "-Duser.timezone=UTC",
          "-Dfile.encoding=UTF-8");

  /**
   * Java writes and reads the names of files in this character set: parent and child must agree on
   * it, so an old one such as Latin-1 stays. A C.UTF-8 that is not installed means plain C, as on
   * macOS, where Java takes UTF-8 all the same.
   */
  private static final Map<String, String> SAME_ENVIRONMENT =
      Set.of("UTF-8", "ANSI_X3.4-1968").contains(System.getProperty("sun.jnu.encoding", "UTF-8"))
          ? Map.of("LC_ALL", "C.UTF-8", "TZ", "UTC")
          : Map.of("TZ", "UTC");

  private final String name;
  private final Process process;
  private final Path log;
  private final ProcessRecord written;

  private ChildJvm(String name, Process process, Path log, ProcessRecord written) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.written = written;
  }

  /**
   * Starts a JVM.
   *
   * @param name what it is, for messages
   * @param pidFile where the process is written down
   * @param log takes what it prints; what stands there is kept beside it, once
   * @param directory its working directory
   * @param arguments of the {@code java} command
   * @param environment added to this process's
   */
  static ChildJvm start(
      String name,
      Path pidFile,
      Path log,
      Path directory,
      List<String> arguments,
      Map<String, String> environment) {
    Path record = pidFile.toAbsolutePath().normalize();
    List<String> command = new ArrayList<>();
    command.addAll(List.of("/bin/sh", "-c", BECOME_JVM, record.toString()));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(ProcessRecord.mark(record));
    command.addAll(SAME_EVERYWHERE);
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    builder.environment().putAll(SAME_ENVIRONMENT);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    try {
      Files.deleteIfExists(record);
      if (Files.exists(log)) {
        Files.move(
            log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
      }
      Process process = builder.start();
      try {
        return new ChildJvm(name, process, log, ProcessRecord.write(record, process.toHandle()));
      } catch (StackException e) {
        // Nobody would know of it.
        process.destroyForcibly();
        throw e;
      }
    } catch (IOException e) {
      throw new StackException("Could not start " + name + ": " + e.getMessage(), e);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What ended it, in words, for a message. */
  String howItEnded() {
    return process.isAlive() ? "runs" : "ended with exit code " + process.exitValue();
  }

  /**
   * Refuses a child that has ended.
   *
   * @throws StackException with the last lines of its output, if it has
   */
  void requireAlive() {
    if (!process.isAlive()) {
      throw new StackException(name + " " + howItEnded() + ". " + tail());
    }
  }

  /** Asks it to end and waits; kills it after the grace time. */
  void stop(Duration grace) {
    ProcessRecord.end(process.toHandle(), grace);
    // The handle knows of the end a moment before the process that it belongs to does.
    Process unused = process.onExit().join();
    try {
      Files.deleteIfExists(written.file());
    } catch (IOException e) {
      throw new StackException("Could not delete " + written.file(), e);
    }
  }

  /** Kills it, as {@code kill -9} does. */
  void kill() {
    process.destroyForcibly();
  }

  /** The last lines of what it printed, and why it ended. */
  String tail() {
    return LogTail.of(log, 0);
  }
}
