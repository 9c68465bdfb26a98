package io.gapstream.results.store;

import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Tells failures that pass by themselves from those that a message carries with it. */
public final class DatabaseOutage {

  /**
   * Classes of SQLSTATE that the values of a message can cause: data, integrity constraint, check
   * option, program limit, and what the schema's own triggers raise. Everything else lies in the
   * database or on the way to it: no connection, a server that only reads or wants another
   * password, a table or a database that is not there yet. See PostgreSQL's appendix A.
   */
  private static final Set<String> OF_THE_MESSAGE = Set.of("22", "23", "44", "54", "P0");

  private DatabaseOutage() {}

  /** Whether the same call may succeed once the database answers again. */
  public static boolean isCauseOf(Throwable failure) {
    List<SQLException> causes = new ArrayList<>();
    boolean rolledBack = false;
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Throwable> open = new ArrayDeque<>(List.of(failure));
    while (!open.isEmpty()) {
      Throwable next = open.pop();
      if (!seen.add(next)) {
        continue;
      }
      rolledBack |= next instanceof RollbackException || next instanceof SystemException;
      if (next instanceof SQLException sql) {
        causes.add(sql);
      }
      if (next.getCause() != null) {
        open.push(next.getCause());
      }
      // The transaction manager hides what the commit ran into among the suppressed ones.
      for (Throwable suppressed : next.getSuppressed()) {
        open.push(suppressed);
      }
    }
    return causes.isEmpty() ? rolledBack : causes.stream().anyMatch(DatabaseOutage::passes);
  }

  private static boolean passes(SQLException failure) {
    // The pool's own failures, such as no connection in time, come without a state.
    String state = failure.getSQLState();
    return state == null
        || !OF_THE_MESSAGE.contains(state.substring(0, Math.min(2, state.length())));
  }
}
