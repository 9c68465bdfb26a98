package io.gapstream.localstack;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A real PostgreSQL on 127.0.0.1, with the database {@value #DATABASE}. Its data stay in the folder
 * it is given, survive a kill, and are there again when a server is started in the same folder.
 */
public final class PostgresServer implements RunningPart {

  private static final String DATABASE = "gapstream";

  /** Who the services log in as. */
  public static final String USER = "postgres";

  /** Connections from this machine are trusted; drivers ask for a password all the same. */
  public static final String PASSWORD = "postgres";

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_GRACE = Duration.ofSeconds(10);
  private static final int TRIES_WITH_FREE_PORTS = 3;

  private final EmbeddedPostgres server;
  private final int port;
  private final long pid;
  private final Thread closer;

  private PostgresServer(EmbeddedPostgres server, int port, long pid) {
    this.server = server;
    this.port = port;
    this.pid = pid;
    this.closer = new Thread(this::closeQuietly, "postgres-closer");
  }

  /**
   * Starts a server and returns when it answers.
   *
   * @param dataDir holds its program files, its data and its log; made if absent
   * @param port on 127.0.0.1; 0 picks a free one
   * @throws StackException if the port is taken, the folder is in use or the server does not start
   */
  public static PostgresServer start(Path dataDir, int port) {
    PostgresServer started = startUnhooked(dataDir, dataDir.resolve("postgres.log"), port);
    Runtime.getRuntime().addShutdownHook(started.closer);
    return started;
  }

  /**
   * Starts a server that outlives this JVM unless it is closed; for callers that stop it in an
   * order of their own.
   */
  static PostgresServer startUnhooked(Path dataDir, Path log, int port) {
    Path folder = dataDir.toAbsolutePath().normalize();
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new StackException("Could not make PostgreSQL's folder " + folder, e);
    }
    endOrphan(folder);
    if (port != 0) {
      Ports.requireFree(port, "PostgreSQL");
      return startOn(folder, log.toAbsolutePath(), port);
    }
    for (int attempt = 1; ; attempt++) {
      int free = Ports.free();
      try {
        return startOn(folder, log.toAbsolutePath(), free);
      } catch (StackException e) {
        if (attempt == TRIES_WITH_FREE_PORTS || Ports.isFree(free)) {
          throw e;
        }
      }
    }
  }

  /** Ends the server that an earlier, killed run left in this folder; gives its process id. */
  static Optional<Long> endOrphan(Path dataDir) {
    Path data = dataDir.toAbsolutePath().normalize().resolve("data");
    Optional<ProcessHandle> orphan = postmaster(data);
    if (orphan.isEmpty()) {
      return Optional.empty();
    }
    Optional<ProcessRecord> owner = ProcessRecord.read(ownerFile(dataDir));
    if (owner.isPresent() && owner.get().ownerLives()) {
      throw new StackException(
          "PostgreSQL with process id "
              + orphan.get().pid()
              + " already uses "
              + data
              + " and belongs to process "
              + owner.get().owner()
              + ", which runs. Stop that one first, or use another folder.");
    }
    stopFast(orphan.get());
    return Optional.of(orphan.get().pid());
  }

  /** For a driver; the database is made at the first start. */
  public String jdbcUrl() {
    return jdbcUrl(port);
  }

  static String jdbcUrl(int port) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE;
  }

  /** The database user. */
  public String user() {
    return USER;
  }

  /** The password of {@link #user()}. */
  public String password() {
    return PASSWORD;
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** The process id of its first process. */
  @Override
  public long pid() {
    return pid;
  }

  /** Whether its first process runs. */
  @Override
  public boolean isAlive() {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /** Kills its first process without warning; for tests of recovery. */
  public void kill() {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
  }

  /** Stops it in order. Its data stay. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(closer);
    } catch (IllegalStateException e) {
      // The JVM ends already; closing twice does no harm.
    }
    closeQuietly();
  }

  private void closeQuietly() {
    try {
      server.close();
    } catch (IOException e) {
      throw new StackException("Could not stop PostgreSQL", e);
    }
  }

  private static PostgresServer startOn(Path folder, Path log, int port) {
    Path data = folder.resolve("data");
    try {
      ProcessRecord.write(ownerFile(folder), ProcessHandle.current());
      EmbeddedPostgres server =
          EmbeddedPostgres.builder()
              .setOverrideWorkingDirectory(folder.resolve("program").toFile())
              .setDataDirectory(data)
              .setCleanDataDirectory(false)
              .setRegisterShutdownHook(false)
              .setPort(port)
              .setPGStartupWait(START_LIMIT)
              .setLocaleConfig("locale", "C")
              // The library turns both off; what was committed must outlive a kill and a power cut.
              .setServerConfig("fsync", "on")
              .setServerConfig("synchronous_commit", "on")
              .setServerConfig("listen_addresses", "127.0.0.1")
              // No socket file: it would lie in a folder shared with other users.
              .setServerConfig("unix_socket_directories", "")
              .setServerConfig("shared_buffers", "32MB")
              .setServerConfig("max_connections", "60")
              .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      long pid =
          postmaster(data)
              .map(ProcessHandle::pid)
              .orElseThrow(() -> new StackException("PostgreSQL ended as soon as it had started."));
      PostgresServer started = new PostgresServer(server, port, pid);
      makeDatabase(server);
      return started;
    } catch (IOException | IllegalStateException | SQLException e) {
      throw new StackException(
          "PostgreSQL did not start on port "
              + port
              + ": "
              + e.getMessage()
              + ". The end of "
              + log
              + ":\n"
              + ChildJvm.tail(log),
          e);
    }
  }

  private static void makeDatabase(EmbeddedPostgres server) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      boolean there;
      try (ResultSet found =
          statement.executeQuery("select 1 from pg_database where datname = '" + DATABASE + "'")) {
        there = found.next();
      }
      if (!there) {
        statement.execute("create database " + DATABASE);
      }
    }
  }

  private static Path ownerFile(Path folder) {
    return folder.resolve("owner");
  }

  /** The first process of the server on this data, proved by its command line. */
  private static Optional<ProcessHandle> postmaster(Path data) {
    Path file = data.resolve("postmaster.pid");
    try {
      List<String> lines = Files.readAllLines(file);
      if (lines.isEmpty()) {
        return Optional.empty();
      }
      return ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
          .filter(ProcessHandle::isAlive)
          .filter(
              handle ->
                  handle.info().commandLine().filter(c -> c.contains(data.toString())).isPresent());
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** SIGINT asks PostgreSQL to end now; SIGTERM would wait for its clients to leave. */
  private static void stopFast(ProcessHandle postmaster) {
    try {
      new ProcessBuilder("/bin/sh", "-c", "kill -INT \"$0\"", Long.toString(postmaster.pid()))
          .start()
          .waitFor();
      for (long end = System.nanoTime() + STOP_GRACE.toNanos();
          postmaster.isAlive() && System.nanoTime() < end; ) {
        Thread.sleep(50);
      }
    } catch (IOException e) {
      throw new StackException("Could not stop PostgreSQL " + postmaster.pid(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while PostgreSQL stopped", e);
    }
    if (postmaster.isAlive()) {
      ProcessRecord.end(postmaster, STOP_GRACE);
    }
  }
}
