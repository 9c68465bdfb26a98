package io.gapstream.localstack;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A real PostgreSQL on 127.0.0.1, with the database {@value #DATABASE}. Its data stay in the folder
 * it is given, survive a kill, and are there again when a server is started in the same folder.
 *
 * <p>Every user of the machine can reach the port, so whoever connects shows a password: two random
 * ones, in files of the folder that only its owner can read. The services' role {@value #USER} owns
 * the database and may do nothing else; the superuser is for this class. A folder from before there
 * were passwords is brought to this at its next start.
 */
public final class PostgresServer implements RunningPart {

  private static final String DATABASE = "gapstream";

  /** Who the services log in as. */
  public static final String USER = "gapstream";

  private static final String SUPERUSER = "postgres";

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_GRACE = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final String PROBE_SECONDS = "5";
  private static final int TRIES_WITH_FREE_PORTS = 3;

  /** What {@code pg_ctl} prints when the server ended while it started. */
  private static final String GAVE_UP = "could not start server";

  private static final String ACCESS =
      """
      # Written at every start. Nobody connects without a password.
      host all all 127.0.0.1/32 scram-sha-256
      """;

  /** Until the superuser has a password, for the moments that it takes to give it one. */
  private static final String ACCESS_WITHOUT_PASSWORD =
      """
      # A password is being set; replaced in a moment.
      host all postgres 127.0.0.1/32 trust
      """;

  /** What the superuser made in the database before the services had a role of their own. */
  private static final String HAND_OVER =
      """
      do $$
      declare
        statement text;
      begin
        for statement in
          select format('alter schema %I owner to gapstream', nspname)
            from pg_namespace
            where nspname not like 'pg\\_%' and nspname not in ('information_schema', 'public')
          union all
          select format('alter table %s owner to gapstream', c.oid::regclass)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
              and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
              and not exists (select from pg_depend where classid = 'pg_class'::regclass
                and objid = c.oid and c.relkind = 'S' and deptype in ('a', 'i'))
          union all
          select format('alter routine %s owner to gapstream', p.oid::regprocedure)
            from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
          union all
          select format('alter type %s owner to gapstream', t.oid::regtype)
            from pg_type t join pg_namespace n on n.oid = t.typnamespace
            where n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
              and t.typtype in ('e', 'd')
        loop
          execute statement;
        end loop;
      end
      $$
      """;

  private final EmbeddedPostgres server;
  private final int port;
  private final String password;
  private final ProcessHandle postmaster;
  private final Thread closer;

  private PostgresServer(
      EmbeddedPostgres server, int port, String password, ProcessHandle postmaster) {
    this.server = server;
    this.port = port;
    this.password = password;
    this.postmaster = postmaster;
    this.closer = new Thread(this::closeQuietly, "postgres-closer");
  }

  /**
   * Starts a server and returns when it answers.
   *
   * @param dataDir holds its program files, its data, its passwords and its log; made if absent
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
      PrivateFiles.makeFolder(folder);
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
    return password;
  }

  /**
   * The password of {@link #USER} in a server's folder; made if there is none yet.
   *
   * @throws StackException if its file cannot be read or written
   */
  static String password(Path dataDir) {
    Path file = dataDir.resolve(USER + ".password");
    try {
      PrivateFiles.makeFolder(dataDir);
      return PrivateFiles.password(file);
    } catch (IOException e) {
      throw new StackException(
          "Could not read or write the database's password in " + file + ": " + e.getMessage(), e);
    }
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** The process id of its first process. */
  @Override
  public long pid() {
    return postmaster.pid();
  }

  /** Whether its first process runs. */
  @Override
  public boolean isAlive() {
    return postmaster.isAlive();
  }

  @Override
  public boolean answers() {
    try (Connection connection = connect(port, DATABASE, USER, password);
        Statement statement = connection.createStatement();
        ResultSet one = statement.executeQuery("select 1")) {
      return one.next();
    } catch (SQLException e) {
      return false;
    }
  }

  /** Kills its first process without warning; for tests of recovery. */
  @Override
  public void kill() {
    killAll(postmaster);
  }

  /** Stops it in order, and kills it where that takes too long. Its data stay. */
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
    close(server, postmaster);
  }

  private static void close(EmbeddedPostgres server, ProcessHandle postmaster) {
    // The library gives up on a server that does not stop, and leaves it.
    stopFast(postmaster);
    try {
      server.close();
    } catch (IOException e) {
      throw new StackException("Could not stop PostgreSQL", e);
    }
  }

  private static PostgresServer startOn(Path folder, Path log, int port) {
    Path data = folder.resolve("data");
    Path initialising = folder.resolve("initialising");
    long logged = log.toFile().length();
    try {
      removeHalfMade(folder, data, initialising);
      boolean fresh = !Files.exists(data.resolve("postgresql.conf"));
      Path superuserFile = folder.resolve(SUPERUSER + ".password");
      boolean locked =
          fresh
              || (Files.exists(superuserFile) && ACCESS.equals(read(data.resolve("pg_hba.conf"))));
      String superuser = PrivateFiles.password(superuserFile);
      String password = password(folder);
      if (fresh) {
        Files.writeString(initialising, "");
      } else if (!locked) {
        PrivateFiles.write(data.resolve("pg_hba.conf"), ACCESS_WITHOUT_PASSWORD);
      }
      ProcessRecord.write(ownerFile(folder), ProcessHandle.current());
      EmbeddedPostgres server = launch(builder(folder, log, port, superuserFile, superuser), log);
      Optional<ProcessHandle> postmaster = postmaster(data);
      if (postmaster.isEmpty()) {
        server.close();
        throw new IOException("it ended as soon as it had started");
      }
      try {
        closeToOthers(folder.resolve("program"));
        requireOwn(port, superuser, data);
        makeRoles(port, superuser, password);
        makeDatabase(port, superuser);
        if (fresh || !locked) {
          PrivateFiles.write(data.resolve("pg_hba.conf"), ACCESS);
          execute(port, SUPERUSER, superuser, "select pg_reload_conf()");
        }
        Files.deleteIfExists(initialising);
        return new PostgresServer(server, port, password, postmaster.get());
      } catch (IOException | SQLException | RuntimeException e) {
        close(server, postmaster.get());
        throw e;
      }
    } catch (IOException | IllegalStateException | SQLException e) {
      throw new StackException(
          "PostgreSQL did not start on port "
              + port
              + ": "
              + e.getMessage()
              + ". "
              + LogTail.of(log, logged),
          e);
    }
  }

  private static EmbeddedPostgres.Builder builder(
      Path folder, Path log, int port, Path superuserFile, String superuser) {
    return EmbeddedPostgres.builder()
        .setOverrideWorkingDirectory(folder.resolve("program").toFile())
        .setDataDirectory(folder.resolve("data"))
        .setCleanDataDirectory(false)
        .setRegisterShutdownHook(false)
        .setPort(port)
        .setPGStartupWait(START_LIMIT)
        .setLocaleConfig("locale", "C")
        // The library asks initdb for a server that trusts everybody; these come after and count.
        .setLocaleConfig("auth", "scram-sha-256")
        .setLocaleConfig("pwfile", superuserFile.toString())
        .setConnectConfig("password", superuser)
        // The library turns both off; what was committed must outlive a kill and a power cut.
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("listen_addresses", "127.0.0.1")
        // No socket file: it would lie in a folder shared with other users.
        .setServerConfig("unix_socket_directories", "")
        .setServerConfig("password_encryption", "scram-sha-256")
        .setServerConfig("shared_buffers", "32MB")
        .setServerConfig("max_connections", "60")
        .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()));
  }

  /**
   * Starts the server on a thread of its own: the library would wait its full time for a server
   * that has ended, and an interrupt would make it forget the server that it started.
   */
  private static EmbeddedPostgres launch(EmbeddedPostgres.Builder builder, Path log)
      throws IOException {
    long logged = log.toFile().length();
    FutureTask<EmbeddedPostgres> starting = new FutureTask<>(builder::start);
    Thread thread = new Thread(starting, "postgres-start");
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    while (true) {
      try {
        EmbeddedPostgres server = starting.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
        return server;
      } catch (TimeoutException e) {
        if (interrupted || LogTail.since(log, logged).contains(GAVE_UP)) {
          // It stops waiting and returns.
          thread.interrupt();
        }
      } catch (InterruptedException e) {
        interrupted = true;
      } catch (ExecutionException e) {
        throw e.getCause() instanceof IOException cause
            ? cause
            : new IOException(Objects.requireNonNullElse(e.getCause(), e).getMessage(), e);
      }
    }
  }

  /** What a start left that was killed before anything was stored. */
  private static void removeHalfMade(Path folder, Path data, Path initialising) throws IOException {
    if (Files.exists(initialising)) {
      PrivateFiles.deleteFolder(data);
      Files.delete(initialising);
    }
    Path program = folder.resolve("program");
    if (Files.isDirectory(program)) {
      try (Stream<Path> versions = Files.list(program)) {
        for (Path version : (Iterable<Path>) versions::iterator) {
          if (Files.isDirectory(version) && !Files.exists(version.resolve(".exists"))) {
            PrivateFiles.deleteFolder(version);
          }
        }
      }
    }
  }

  /** The library lets everybody write the program's files, which run as the owner of the stack. */
  private static void closeToOthers(Path program) throws IOException {
    if (!Files.isDirectory(program)) {
      // Another server of this process unpacked it, in that one's folder.
      return;
    }
    PrivateFiles.makeFolder(program);
    try (Stream<Path> versions = Files.list(program)) {
      for (Path version : (Iterable<Path>) versions.filter(Files::isDirectory)::iterator) {
        PrivateFiles.makeFolder(version);
      }
    }
  }

  /** Refuses another program's server, which took the port before ours could. */
  private static void requireOwn(int port, String superuser, Path data) throws SQLException {
    try (Connection connection = connect(port, SUPERUSER, SUPERUSER, superuser);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("show data_directory")) {
      String served = found.next() ? found.getString(1) : "nothing";
      if (!data.toString().equals(served)) {
        throw new StackException(
            "Port "
                + port
                + " answers as a PostgreSQL on "
                + served
                + ", not as the one on "
                + data
                + ". Stop that server.");
      }
    }
  }

  private static void makeRoles(int port, String superuser, String password) throws SQLException {
    // Passwords are hexadecimal, so they need no escapes.
    execute(
        port,
        SUPERUSER,
        superuser,
        "alter role postgres password '" + superuser + "'",
        "do $$ begin if not exists (select from pg_roles where rolname = 'gapstream')"
            + " then create role gapstream; end if; end $$",
        "alter role gapstream with login nosuperuser nocreatedb nocreaterole noreplication"
            + " nobypassrls password '"
            + password
            + "'");
  }

  private static void makeDatabase(int port, String superuser) throws SQLException {
    String owner = null;
    try (Connection connection = connect(port, SUPERUSER, SUPERUSER, superuser);
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "select pg_get_userbyid(datdba) from pg_database where datname = 'gapstream'")) {
      if (found.next()) {
        owner = found.getString(1);
      }
    }
    if (owner == null) {
      execute(port, SUPERUSER, superuser, "create database gapstream owner gapstream");
    } else if (!owner.equals(USER)) {
      // The database last: until it has its owner, the next start does this again.
      execute(port, DATABASE, superuser, HAND_OVER, "alter database gapstream owner to gapstream");
    }
  }

  private static void execute(int port, String database, String superuser, String... statements)
      throws SQLException {
    try (Connection connection = connect(port, database, SUPERUSER, superuser);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static Connection connect(int port, String database, String user, String password)
      throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("loginTimeout", PROBE_SECONDS);
    properties.setProperty("connectTimeout", PROBE_SECONDS);
    properties.setProperty("socketTimeout", "30");
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, properties);
  }

  private static String read(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file, StandardCharsets.UTF_8) : "";
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
      if (postmaster.isAlive()) {
        new ProcessBuilder("/bin/sh", "-c", "kill -INT \"$0\"", Long.toString(postmaster.pid()))
            .start()
            .waitFor();
      }
      for (long end = System.nanoTime() + STOP_GRACE.toNanos();
          postmaster.isAlive() && System.nanoTime() < end; ) {
        Thread.sleep(50);
      }
    } catch (IOException e) {
      throw new StackException("Could not stop PostgreSQL " + postmaster.pid(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      killAll(postmaster);
      return;
    }
    if (postmaster.isAlive()) {
      killAll(postmaster);
      ProcessRecord.end(postmaster, STOP_GRACE);
    }
  }

  /** Its other processes would notice its end, but not while they are stopped themselves. */
  private static void killAll(ProcessHandle postmaster) {
    List<ProcessHandle> others = postmaster.descendants().toList();
    postmaster.destroyForcibly();
    others.forEach(ProcessHandle::destroyForcibly);
  }
}
