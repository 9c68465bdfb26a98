package io.gapstream.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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
