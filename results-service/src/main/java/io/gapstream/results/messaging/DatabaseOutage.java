package io.gapstream.results.messaging;

import java.sql.SQLException;
import java.util.Set;

/** Tells failures that pass by themselves from those that a message carries with it. */
final class DatabaseOutage {

  /**
   * Classes of SQLSTATE: connection, transaction rollback (deadlock, serialisation), resources,
   * wait or lock, operator intervention, system, and PostgreSQL's configuration file in use. See
   * PostgreSQL's appendix A.
   */
  private static final Set<String> PASSING = Set.of("08", "40", "53", "55", "57", "58", "F0");

  private DatabaseOutage() {}

  static boolean isCauseOf(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql) {
        // The pool's own failures, such as no connection in time, come without a state.
        return sql.getSQLState() == null || PASSING.contains(sql.getSQLState().substring(0, 2));
      }
    }
    return false;
  }
}
