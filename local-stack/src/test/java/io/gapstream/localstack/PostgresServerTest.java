package io.gapstream.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The oracle is PostgreSQL's own driver: what another connection reads was really stored. */
@Timeout(180)
final class PostgresServerTest {

  @Test
  void keepsCommittedRowsAcrossAStopAndAKill(@TempDir Path folder) throws SQLException {
    // Given
    Path home = folder.resolve("with a space");
    try (PostgresServer first = PostgresServer.start(home, 0)) {
      run(first, "create table kept (value int)");
      run(first, "insert into kept values (1)");
    }
    try (PostgresServer second = PostgresServer.start(home, 0)) {
      run(second, "insert into kept values (2)");
      second.kill();
    }

    // When
    String sum;
    String fsync;
    try (PostgresServer third = PostgresServer.start(home, 0)) {
      sum = query(third, "select sum(value) from kept");
      fsync = query(third, "show fsync");
    }

    // Then
    assertThat(sum).isEqualTo("3");
    assertThat(fsync).isEqualTo("on");
  }

  @Test
  void namesATakenPort(@TempDir Path folder) throws IOException {
    // Given
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress("127.0.0.1", 0));
      int port = taken.getLocalPort();

      // When
      // Then
      assertThatThrownBy(() -> PostgresServer.start(folder, port).close())
          .isInstanceOf(StackException.class)
          .hasMessageContaining("Port " + port + " for PostgreSQL is taken");
    }
  }

  @Test
  void refusesAFolderThatARunningServerUses(@TempDir Path folder) throws SQLException {
    // Given
    try (PostgresServer server = PostgresServer.start(folder, 0)) {

      // When
      // Then
      assertThatThrownBy(() -> PostgresServer.start(folder, 0).close())
          .isInstanceOf(StackException.class)
          .hasMessageContaining("already uses");
      assertThat(query(server, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void letsNobodyInWithoutThePassword(@TempDir Path folder) throws SQLException {
    // Given
    try (PostgresServer server = PostgresServer.start(folder, 0)) {
      for (String user : List.of("postgres", "gapstream", System.getProperty("user.name"))) {
        for (String guess : List.of("postgres", "gapstream", "", "x")) {

          // When
          // Then
          assertThatThrownBy(
                  () -> DriverManager.getConnection(server.jdbcUrl(), user, guess).close())
              .as("%s with '%s'", user, guess)
              .isInstanceOf(SQLException.class)
              .hasMessageContaining("password");
        }
      }
      assertThat(server.password()).hasSize(48);
    }
  }

  @Test
  void givesTheServicesARoleThatOwnsItsDatabaseAndCannotRunPrograms(@TempDir Path folder)
      throws SQLException {
    // Given
    try (PostgresServer server = PostgresServer.start(folder, 0)) {

      // When
      String powers =
          query(
              server,
              "select concat_ws(' ', rolsuper, rolcreaterole, rolcreatedb, rolreplication,"
                  + " rolbypassrls) from pg_roles where rolname = current_user");
      String owned =
          query(
              server,
              "select string_agg(datname, ' ') from pg_database"
                  + " where pg_get_userbyid(datdba) = current_user");

      // Then
      assertThat(powers).isEqualTo("f f f f f");
      assertThat(owned).isEqualTo("gapstream");
      assertThatThrownBy(() -> run(server, "copy (select 1) to program 'cat'"))
          .hasMessageContaining("permission denied");
      assertThatThrownBy(() -> run(server, "alter role postgres password 'x'"))
          .hasMessageContaining("permission denied");
    }
  }

  @Test
  void keepsWhatItWritesFromOtherUsers(@TempDir Path folder) throws Exception {
    // When
    try (PostgresServer server = PostgresServer.start(folder, 0)) {

      // Then
      assertThat(server.isAlive()).isTrue();
      assertThat(mode(folder)).isEqualTo("rwx------");
      for (String file : List.of("postgres.password", "gapstream.password")) {
        assertThat(mode(folder.resolve(file))).as(file).isEqualTo("rw-------");
      }
      Path program = folder.resolve("program");
      if (Files.isDirectory(program)) {
        assertThat(mode(program)).isEqualTo("rwx------");
        try (Stream<Path> versions = Files.list(program)) {
          assertThat(versions).allSatisfy(v -> assertThat(mode(v)).isEqualTo("rwx------"));
        }
      }
    }
  }

  @Test
  void bringsAFolderOfTheVersionThatTrustedEverybodyUpToDateWithoutLoss(@TempDir Path folder)
      throws Exception {
    // Given: what that version made, by the means of that version
    int port = Ports.free();
    try (EmbeddedPostgres old =
            EmbeddedPostgres.builder()
                .setOverrideWorkingDirectory(folder.resolve("program").toFile())
                .setDataDirectory(folder.resolve("data"))
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setLocaleConfig("locale", "C")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("unix_socket_directories", "")
                .start();
        Connection trusted = old.getPostgresDatabase().getConnection();
        Statement statement = trusted.createStatement()) {
      statement.execute("create database gapstream");
      try (Connection inside =
              DriverManager.getConnection(PostgresServer.jdbcUrl(port), "postgres", "postgres");
          Statement made = inside.createStatement()) {
        made.execute("create type kind as enum ('a', 'b')");
        made.execute(
            "create table kept (id serial primary key, value int, k kind, check (value > 0))");
        made.execute("create view seen as select value from kept");
        made.execute("create sequence alone");
        made.execute(
            "create function keep() returns trigger language plpgsql as"
                + " $$ begin return new; end $$");
        made.execute(
            "create trigger keeps before update on kept for each row execute function keep()");
        made.execute("insert into kept (value, k) values (7, 'a'), (8, 'b')");
      }
    }

    // When
    try (PostgresServer server = PostgresServer.start(folder, 0)) {

      // Then
      assertThat(query(server, "select sum(value) from seen")).isEqualTo("15");
      run(server, "update kept set value = value + 1");
      run(server, "insert into kept (value, k) values (9, 'a')");
      run(server, "alter table kept add column more int");
      run(
          server,
          "create or replace function keep() returns trigger language plpgsql as"
              + " $$ begin return new; end $$");
      run(server, "alter type kind add value 'c'");
      run(server, "drop sequence alone");
      assertThat(query(server, "select sum(value) from seen")).isEqualTo("26");
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () ->
                  assertThatThrownBy(
                          () ->
                              DriverManager.getConnection(server.jdbcUrl(), "postgres", "x")
                                  .close())
                      .hasMessageContaining("password"));
    }
    try (PostgresServer again = PostgresServer.start(folder, 0)) {
      assertThat(query(again, "select sum(value) from seen")).isEqualTo("26");
    }
  }

  @Test
  void makesNewPasswordsWhereTheirFilesAreLost(@TempDir Path folder) throws Exception {
    // Given
    String first;
    try (PostgresServer server = PostgresServer.start(folder, 0)) {
      run(server, "create table kept as select 5 as value");
      first = server.password();
    }
    Files.delete(folder.resolve("postgres.password"));
    Files.delete(folder.resolve("gapstream.password"));

    // When
    try (PostgresServer server = PostgresServer.start(folder, 0)) {

      // Then
      assertThat(server.password()).isNotEqualTo(first);
      assertThat(query(server, "select value from kept")).isEqualTo("5");
    }
  }

  @Test
  void startsAnewAfterAStartThatWasKilledHalfway(@TempDir Path folder) throws Exception {
    // Given: a folder that initdb has begun, as the file beside it says
    Files.createDirectories(folder.resolve("data/base"));
    Files.writeString(folder.resolve("data/postgresql.conf"), "");
    Files.writeString(folder.resolve("initialising"), "");

    // When
    try (PostgresServer server = PostgresServer.start(folder, 0)) {

      // Then
      assertThat(query(server, "select 1")).isEqualTo("1");
      assertThat(folder.resolve("initialising")).doesNotExist();
    }
  }

  @Test
  void noticesThatItIsFrozenAndStopsAllTheSameInAFewSeconds(@TempDir Path folder) throws Exception {
    // Given
    PostgresServer server = PostgresServer.start(folder, 0);
    boolean before = server.answers();
    Signals.freeze(server.pid());

    // When
    long start = System.nanoTime();
    boolean after = server.answers();
    Duration asked = Duration.ofNanos(System.nanoTime() - start);
    start = System.nanoTime();
    server.close();
    Duration stopped = Duration.ofNanos(System.nanoTime() - start);

    // Then
    assertThat(before).isTrue();
    assertThat(after).isFalse();
    assertThat(server.isAlive()).isFalse();
    assertThat(asked).isLessThan(Duration.ofSeconds(8));
    assertThat(stopped).isLessThan(Duration.ofSeconds(9));
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static void run(PostgresServer server, String sql) throws SQLException {
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(PostgresServer server, String sql) throws SQLException {
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      assertThat(result.next()).isTrue();
      return result.getString(1);
    }
  }

  private static Connection connect(PostgresServer server) throws SQLException {
    return DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
  }
}
