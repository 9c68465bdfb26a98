package io.gapstream.results.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.contracts.InvalidMessageException;
import jakarta.transaction.RollbackException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** States and their meaning are taken from PostgreSQL's documentation, appendix A. */
class DatabaseOutageTest {

  @ParameterizedTest
  @CsvSource({
    "08006, true", // connection failure
    "40P01, true", // deadlock detected
    "53300, true", // too many connections
    "57P01, true", // admin shutdown
    ", true", // the pool had no connection in time
    "23505, false", // unique violation
    "23514, false", // check violation
    "22021, false", // a character that no text holds
    "54000, false", // program limit exceeded
    "P0001, false", // raised by a trigger of the schema
    "42P01, true", // undefined table: the schema is not there
    "3D000, true", // the database is not there
    "28P01, true", // another password
    "25006, true", // read-only transaction, after a failover
    "XX000, true", // internal error
  })
  void tellsWhatPassesFromWhatStays(String state, boolean passes) {
    // Given
    RuntimeException failure = new IllegalStateException("outer", new SQLException("inner", state));
    // When
    boolean outage = DatabaseOutage.isCauseOf(failure);
    boolean refused = DatabaseOutage.refusedValues(failure);
    // Then
    assertThat(outage).isEqualTo(passes);
    assertThat(refused).isEqualTo(!passes);
  }

  @Test
  void seesALostConnectionThatTheCommitHides() {
    // Given
    RollbackException hidden = new RollbackException("could not commit");
    hidden.addSuppressed(new SQLException("This connection has been closed.", "08003"));
    // When
    boolean outage = DatabaseOutage.isCauseOf(new IllegalStateException(hidden));
    // Then
    assertThat(outage).isTrue();
  }

  @Test
  void neverTakesABadMessageForAnOutage() {
    // When
    boolean outage = DatabaseOutage.isCauseOf(new InvalidMessageException("n is missing"));
    // Then
    assertThat(outage).isFalse();
  }
}
