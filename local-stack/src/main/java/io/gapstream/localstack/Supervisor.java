package io.gapstream.localstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the whole stack: starts Kafka and PostgreSQL side by side, then the four services; starts
 * again what dies; stops the services first and the two servers after them.
 *
 * <p>One supervisor runs for a folder at a time. It holds a lock that the operating system takes
 * back when the process dies, however it dies; whoever takes the lock next ends the processes that
 * the dead one left.
 */
public final class Supervisor implements AutoCloseable {

  /** Orphaned services have lost their broker: there is nothing that more time would save. */
  private static final Duration ORPHAN_GRACE = Duration.ofSeconds(5);

  /** A killed process is gone after this, or never. */
  private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

  private static final Duration WRITE_AGAIN = Duration.ofSeconds(1);

  /** Another program may take a port between the choice and the part's start. */
  private static final int TRIES_WITH_OTHER_PORTS = 3;

  private final Home home;
  private final Clock clock;
  private final FileChannel lock;
  private final Consumer<String> progress;
  private final Instant startedAt;
  private final Thread atExit = new Thread(this::stopAll, "stack-stop");
  private final Map<Part, Keeper> keepers = new HashMap<>();
  private final Map<Part, Integer> ports = new ConcurrentHashMap<>();
  private final Map<Part, Socket> heldPorts = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  /** Whether {@code stack.json} is behind, because it could not be written. */
  private volatile boolean unwritten;

  private boolean stopped;

  private Supervisor(Home home, FileChannel lock, Consumer<String> progress, Clock clock) {
    this.home = home;
    this.lock = lock;
    this.progress = progress;
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  /**
   * Takes the folder and starts every part; returns when each one is ready.
   *
   * @param home the folder of the stack
   * @param progress takes one line for each event; the same lines go to {@code logs/gap.log}
   * @param clock tells the time
   * @throws AlreadyRunningException if another supervisor has the folder
   * @throws StackException if a part does not start; everything is stopped again then
   */
  public static Supervisor start(Home home, Consumer<String> progress, Clock clock) {
    return start(home, progress, clock, false);
  }

  /** As {@link #start}, and marks the stack as one that runs only for the calls that use it. */
  static Supervisor startShared(Home home, Consumer<String> progress, Clock clock) {
    return start(home, progress, clock, true);
  }

  private static Supervisor start(
      Home home, Consumer<String> progress, Clock clock, boolean shared) {
    home.makeFolders();
    Supervisor supervisor = new Supervisor(home, takeLock(home), progress, clock);
    try {
      supervisor.mark(shared);
      supervisor.startAll();
      return supervisor;
    } catch (RuntimeException e) {
      supervisor.close();
      throw e;
    }
  }

  /** The supervisor that has this folder, if one runs. */
  static Optional<ProcessHandle> find(Home home) {
    return ProcessRecord.read(home.run().resolve("supervisor.pid"))
        .filter(ProcessRecord::ownerLives)
        .flatMap(recorded -> ProcessHandle.of(recorded.pid()));
  }

  /**
   * Asks the supervisor of this folder to stop its stack, and waits; kills a supervisor that does
   * not stop in time. Without a supervisor it ends what a killed one left.
   *
   * @return whether there was anything to stop
   * @throws StackException if a process does not end, not even when killed
   */
  public static boolean stop(Home home, Duration atMost) {
    Optional<ProcessHandle> supervisor = find(home);
    if (supervisor.isPresent()) {
      ProcessHandle process = supervisor.get();
      process.destroy();
      if (!ended(process, atMost)) {
        process.destroyForcibly();
        if (!ended(process, KILL_LIMIT)) {
          throw new StackException(
              "Process "
                  + process.pid()
                  + ", which runs the stack in "
                  + home.folder()
                  + ", does not end, not even when killed. End it by hand.");
        }
      }
    }
    if (!Files.isDirectory(home.run())) {
      return supervisor.isPresent();
    }
    try (FileChannel held = takeLock(home)) {
      List<String> ended = endOrphans(home);
      Files.deleteIfExists(home.sharedMark());
      return supervisor.isPresent() || !ended.isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not give back " + home.lockFile(), e);
    }
  }

  /** What runs, as {@code gap status} shows it. */
  public StackState state() {
    List<StackState.PartState> parts = new ArrayList<>();
    boolean allUp = keepers.size() == Part.values().length;
    boolean allOnceUp = allUp;
    for (Part part : Part.values()) {
      Keeper keeper = keepers.get(part);
      if (keeper == null) {
        continue;
      }
      Life life = keeper.life();
      Life.@Nullable Up up = life instanceof Life.Up known ? known : null;
      allUp &= up != null && up.missed() == 0;
      allOnceUp &= up != null || life instanceof Life.Resting || keeper.restarts() > 0;
      parts.add(
          new StackState.PartState(
              part.partName(),
              life.stateName(),
              up == null ? null : up.running().pid(),
              keeper.port(),
              url(part, keeper.port()),
              up == null ? null : up.since(),
              keeper.restarts()));
    }
    String state =
        stopping
            ? StackState.STOPPING
            : allUp ? StackState.UP : allOnceUp ? StackState.DEGRADED : StackState.STARTING;
    Keeper results = keepers.get(Part.RESULTS_SERVICE);
    return new StackState(
        state,
        home.folder().toString(),
        ProcessHandle.current().pid(),
        startedAt,
        results == null ? null : url(Part.RESULTS_SERVICE, results.port()) + "/",
        parts);
  }

  /** Stops everything in order. The data stay. */
  @Override
  public void close() {
    stopAll();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The JVM ends already, and this is the hook's own work.
    }
  }

  private void startAll() {
    Runtime.getRuntime().addShutdownHook(atExit);
    ProcessRecord.write(home.run().resolve("supervisor.pid"), ProcessHandle.current());
    for (String ended : endOrphans(home)) {
      log(ended);
    }
    for (Part part : Part.services()) {
      ServiceProcess.jar(part);
    }
    for (Part part : Part.values()) {
      choosePort(part);
    }
    for (Part part : Part.values()) {
      keepers.put(
          part,
          new Keeper(
              part,
              () -> port(part),
              () -> startPart(part),
              this::log,
              this::writeState,
              clock,
              Patience.USUAL));
    }
    writeState();
    Thread writer = new Thread(this::writeAgain, "state-writer");
    writer.setDaemon(true);
    writer.start();
    begin(Part.servers());
    begin(Part.services());
    writeState();
  }

  private void begin(List<Part> parts) {
    List<CompletableFuture<Void>> started = new ArrayList<>();
    for (Part part : parts) {
      Keeper keeper = keepers.get(part);
      if (keeper != null && !stopping) {
        started.add(keeper.begin());
      }
    }
    // The first failure counts: who waits for the others would read it a minute later.
    CompletableFuture<Void> all =
        CompletableFuture.allOf(started.toArray(CompletableFuture[]::new));
    CompletableFuture<Void> failed = new CompletableFuture<>();
    for (CompletableFuture<Void> one : started) {
      one.exceptionally(
          e -> {
            failed.completeExceptionally(e);
            return null;
          });
    }
    join(CompletableFuture.anyOf(all, failed));
  }

  /**
   * Starts a part; at its first start also on another port, if somebody was faster with its own.
   */
  private RunningPart startPart(Part part) {
    for (int attempt = 1; ; attempt++) {
      int port = port(part);
      releasePort(part);
      try {
        return startOn(part, port);
      } catch (StackException e) {
        Keeper keeper = keepers.get(part);
        // Later on, others know it by its port.
        boolean mayMove = keeper != null && keeper.restarts() == 0 && !stopping;
        if (!mayMove || attempt == TRIES_WITH_OTHER_PORTS || !isAboutPort(e, port)) {
          throw e;
        }
        log(part + ": another program took port " + port + " at this moment");
        choosePort(part);
      }
    }
  }

  private RunningPart startOn(Part part, int port) {
    return switch (part) {
      case KAFKA -> KafkaBroker.start(home.data(part), home.log(part), port);
      case POSTGRESQL -> PostgresServer.startUnhooked(home.data(part), home.log(part), port);
      case RESULTS_SERVICE, DATA_GENERATOR, RELAXATION_SERVICE, TRAINER_SERVICE ->
          ServiceProcess.start(part, home, port, environment(part));
    };
  }

  /** Whether the port is taken, or was for the moment that counted: all parts say "in use". */
  private static boolean isAboutPort(StackException e, int port) {
    return !Ports.isFree(port) || String.valueOf(e.getMessage()).contains("in use");
  }

  private int port(Part part) {
    return ports.getOrDefault(part, part.defaultPort());
  }

  /** What a service needs to know; what not everybody may know comes this way only. */
  private Map<String, String> environment(Part part) {
    Map<String, String> environment = new HashMap<>();
    environment.put("GAPSTREAM_HTTP_PORT", Integer.toString(port(part)));
    environment.put("GAPSTREAM_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + port(Part.KAFKA));
    if (part == Part.RESULTS_SERVICE) {
      environment.put("GAPSTREAM_DATABASE_URL", PostgresServer.jdbcUrl(port(Part.POSTGRESQL)));
      environment.put("GAPSTREAM_DATABASE_USER", PostgresServer.USER);
      environment.put("GAPSTREAM_DATABASE_PASSWORD", home.databasePassword());
    }
    // One pool of memory for each of two processors; the default keeps eight each.
    environment.put("MALLOC_ARENA_MAX", "2");
    return environment;
  }

  /**
   * Chooses a part's port and holds it, so that another stack that starts at the same time takes
   * another.
   */
  private void choosePort(Part part) {
    int port = part.defaultPort();
    Socket held = Ports.isFree(port) ? Ports.hold(port) : null;
    while (held == null) {
      port = Ports.free();
      held = Ports.hold(port);
    }
    if (port != part.defaultPort()) {
      log(
          part
              + ": port "
              + part.defaultPort()
              + " is taken by another program; using port "
              + port);
    }
    heldPorts.put(part, held);
    ports.put(part, port);
  }

  private void releasePort(Part part) {
    Socket held = heldPorts.remove(part);
    if (held != null) {
      Ports.close(held);
    }
  }

  private static String url(Part part, int port) {
    return switch (part) {
      case KAFKA -> "127.0.0.1:" + port;
      case POSTGRESQL -> PostgresServer.jdbcUrl(port);
      case RESULTS_SERVICE, DATA_GENERATOR, RELAXATION_SERVICE, TRAINER_SERVICE ->
          "http://127.0.0.1:" + port;
    };
  }

  /**
   * What was left by a run that was killed; ended side by side, the services before the servers.
   */
  private static List<String> endOrphans(Home home) {
    List<String> ended = Collections.synchronizedList(new ArrayList<>());
    allAtOnce(
        Part.services(),
        part ->
            ProcessRecord.endOrphan(home.pidFile(part), ORPHAN_GRACE)
                .ifPresent(pid -> ended.add(orphan(part, pid))));
    allAtOnce(
        Part.servers(),
        part ->
            (part == Part.KAFKA
                    ? KafkaBroker.endOrphan(home.data(part))
                    : PostgresServer.endOrphan(home.data(part)))
                .ifPresent(pid -> ended.add(orphan(part, pid))));
    return ended;
  }

  private static String orphan(Part part, long pid) {
    return part + ": ended process " + pid + ", left by a run that was killed";
  }

  private static FileChannel takeLock(Home home) {
    try {
      FileChannel channel =
          FileChannel.open(home.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      @Nullable FileLock taken;
      try {
        taken = channel.tryLock();
      } catch (OverlappingFileLockException e) {
        taken = null;
      }
      if (taken == null) {
        channel.close();
        throw new AlreadyRunningException(home, find(home).map(ProcessHandle::pid).orElse(null));
      }
      return channel;
    } catch (IOException e) {
      throw new StackException("Could not lock " + home.lockFile() + ": " + e.getMessage(), e);
    }
  }

  private synchronized void stopAll() {
    if (stopped) {
      return;
    }
    stopping = true;
    writeState();
    stop(Part.services());
    stop(Part.servers());
    for (Part part : Part.values()) {
      releasePort(part);
    }
    stopped = true;
    try {
      Files.deleteIfExists(home.stateFile());
      Files.deleteIfExists(home.sharedMark());
      Files.deleteIfExists(home.run().resolve("supervisor.pid"));
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not give back " + home.lockFile(), e);
    }
  }

  private void stop(List<Part> parts) {
    allAtOnce(
        parts,
        part -> {
          Keeper keeper = keepers.get(part);
          if (keeper != null) {
            keeper.stop();
          }
        });
  }

  private static void allAtOnce(List<Part> parts, Consumer<Part> work) {
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (Part part : parts) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      Thread thread =
          new Thread(
              () -> {
                try {
                  work.accept(part);
                  done.complete(null);
                } catch (RuntimeException e) {
                  done.completeExceptionally(e);
                }
              },
              "end-" + part);
      thread.start();
      running.add(done);
    }
    join(CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)));
  }

  private static void join(CompletableFuture<?> future) {
    try {
      future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StackException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** A state that cannot be written is no reason to do anything less: it is written later. */
  private void writeState() {
    synchronized (keepers) {
      try {
        state().write(home);
        unwritten = false;
      } catch (StackException e) {
        if (!unwritten) {
          unwritten = true;
          log(e.getMessage() + "; 'gap status' is behind until it can be written");
        }
      }
    }
  }

  private void writeAgain() {
    try {
      while (!stopping) {
        Thread.sleep(WRITE_AGAIN.toMillis());
        if (unwritten) {
          writeState();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void mark(boolean shared) {
    try {
      if (shared) {
        Files.write(home.sharedMark(), new byte[0]);
      } else {
        Files.deleteIfExists(home.sharedMark());
      }
    } catch (IOException e) {
      throw new StackException("Could not write " + home.sharedMark() + ": " + e.getMessage(), e);
    }
  }

  private static boolean ended(ProcessHandle process, Duration atMost) {
    for (long end = System.nanoTime() + atMost.toNanos();
        process.isAlive() && System.nanoTime() < end; ) {
      pause();
    }
    return !process.isAlive();
  }

  private void log(String line) {
    progress.accept(line);
    Path file = home.logs().resolve("gap.log");
    try {
      Files.writeString(
          file,
          clock.instant() + " " + line + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      progress.accept("Could not write " + file + ": " + e.getMessage());
    }
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while waiting for the stack", e);
    }
  }
}
