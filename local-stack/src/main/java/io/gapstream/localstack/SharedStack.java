package io.gapstream.localstack;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One call's share in the stack of a folder. A stack that was started for a call runs in a process
 * of its own, serves every call that comes while it runs, and ends with the last of them.
 *
 * <p>Whoever uses the stack holds a shared lock on a file, and who can take that lock for itself
 * alone knows that nobody does. The operating system gives a lock back when its process dies,
 * however it dies, so killed calls need no care. A process has one share at a time.
 */
public final class SharedStack implements AutoCloseable {

  /** The end of a stack takes ten seconds at most; a busy machine may need more. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  private static final Duration LOOK = Duration.ofMillis(50);

  /** Others look whether the stack is used, for an instant each. */
  private static final int TRIES = 4;

  private static final String IGNORE_TERMINAL = "trap '' INT HUP; umask 077; exec \"$@\"";

  private final Home home;
  private final FileChannel users;
  private final FileLock share;

  private SharedStack(Home home, FileChannel users, FileLock share) {
    this.home = home;
    this.users = users;
    this.share = share;
  }

  /**
   * Takes a share; waits while the stack is being stopped.
   *
   * @param home the folder of the stack; made if absent
   * @param atMost how long to wait
   * @throws StackException if the stack does not stop in that time
   */
  public static SharedStack use(Home home, Duration atMost) {
    home.makeFolders();
    FileChannel users = open(home);
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      FileLock share = lock(users, true);
      if (share != null) {
        return new SharedStack(home, users, share);
      }
      if (System.nanoTime() > deadline) {
        close(users);
        throw new StackException(
            "The stack in "
                + home.folder()
                + " is being stopped since "
                + atMost.toSeconds()
                + " s. See "
                + home.logs().resolve("gap.log"));
      }
      pause();
    }
  }

  /** Whether the stack that runs now runs only for the calls that use it. */
  public boolean isTemporary() {
    return Files.exists(home.sharedMark());
  }

  /**
   * Starts a stack for this call and those that come while it runs; returns when each part is
   * ready.
   *
   * @param progress takes one line for each event
   * @throws AlreadyRunningException if another call was faster
   * @throws StackException if a part does not start; everything is stopped again then
   */
  public void start(Consumer<String> progress) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("/bin/sh", "-c", IGNORE_TERMINAL, "gap"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xms16m",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-Dslf4j.internal.verbosity=ERROR",
            "-D" + ProjectRoot.PROPERTY + "=" + ProjectRoot.find(),
            "-cp",
            classPath(),
            SharedStackMain.class.getName(),
            home.folder().toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.folder().toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    try {
      Process process = builder.start();
      List<String> errors = new ArrayList<>();
      Thread reading = read(process.getErrorStream(), errors::add);
      Thread showing = read(process.getInputStream(), progress);
      while (process.isAlive() && !StackState.read(home).answers()) {
        pause();
      }
      if (process.isAlive()) {
        return;
      }
      int code = process.waitFor();
      reading.join();
      showing.join();
      if (code == SharedStackMain.ALREADY_RUNNING) {
        throw new AlreadyRunningException(
            home, Supervisor.find(home).map(ProcessHandle::pid).orElse(null));
      }
      throw new StackException(
          errors.isEmpty()
              ? "The process that runs the stack ended with exit code "
                  + code
                  + ". See "
                  + home.logs().resolve("gap.log")
              : String.join("\n", errors));
    } catch (IOException e) {
      throw new StackException("Could not start the stack: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while the stack started", e);
    }
  }

  /** Gives the share back. If it was the last one, the stack that ran only for it is stopped. */
  @Override
  public void close() {
    try {
      share.release();
      if (isTemporary()) {
        FileLock alone = lockAlone(users);
        if (alone != null) {
          Supervisor.stop(home, STOP_LIMIT);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Could not give back " + home.usersFile(), e);
    } finally {
      close(users);
    }
  }

  static FileChannel open(Home home) {
    try {
      return FileChannel.open(
          home.usersFile(),
          StandardOpenOption.CREATE,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new StackException("Could not open " + home.usersFile() + ": " + e.getMessage(), e);
    }
  }

  /** The lock that nobody has who uses the stack; null while somebody does. */
  static @Nullable FileLock lockAlone(FileChannel users) {
    for (int i = 1; ; i++) {
      FileLock alone = lock(users, false);
      if (alone != null || i == TRIES) {
        return alone;
      }
      pause();
    }
  }

  private static @Nullable FileLock lock(FileChannel users, boolean shared) {
    try {
      return users.tryLock(0, Long.MAX_VALUE, shared);
    } catch (OverlappingFileLockException e) {
      // Held in this process.
      return null;
    } catch (IOException e) {
      throw new StackException("Could not lock the file of the stack's users: " + e, e);
    }
  }

  private static void close(FileChannel users) {
    try {
      users.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not close the file of the stack's users", e);
    }
  }

  private static String classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Thread read(InputStream stream, Consumer<String> lines) {
    Thread thread =
        new Thread(
            () -> {
              try (BufferedReader reader =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines);
              } catch (IOException | UncheckedIOException e) {
                // Closed: the process has ended.
              }
            },
            "stack-output");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while waiting for the stack", e);
    }
  }
}
