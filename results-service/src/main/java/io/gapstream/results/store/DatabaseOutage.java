package io.gapstream.results.store;

import io.gapstream.servicekit.FailureCauses;
import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
import java.sql.SQLException;
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
    List<Throwable> causes = FailureCauses.of(failure);
    List<SQLException> refusals = sql(causes);
    return refusals.isEmpty()
        ? causes.stream()
            .anyMatch(
                cause -> cause instanceof RollbackException || cause instanceof SystemException)
        : refusals.stream().anyMatch(DatabaseOutage::passes);
  }

  /** Whether the database refused the values of a message, and will whenever they come again. */
  public static boolean refusedValues(Throwable failure) {
    List<SQLException> refusals = sql(FailureCauses.of(failure));
    return !refusals.isEmpty() && refusals.stream().noneMatch(DatabaseOutage::passes);
  }

  private static List<SQLException> sql(List<Throwable> causes) {
    return causes.stream()
        .filter(SQLException.class::isInstance)
        .map(SQLException.class::cast)
        .toList();
  }

  private static boolean passes(SQLException failure) {
    // The pool's own failures, such as no connection in time, come without a state.
    String state = failure.getSQLState();
    return state == null
        || !OF_THE_MESSAGE.contains(state.substring(0, Math.min(2, state.length())));
  }
}
