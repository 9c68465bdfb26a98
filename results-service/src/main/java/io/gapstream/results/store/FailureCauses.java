package io.gapstream.results.store;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** What a failure came from. */
public final class FailureCauses {

  /** Classes of SQLSTATE: a value that cannot be stored, and a row that breaks a constraint. */
  private static final Set<String> REFUSED_VALUES = Set.of("22", "23");

  private FailureCauses() {}

  /** The failure itself, its causes, and what these suppressed; each once. */
  public static List<Throwable> of(Throwable failure) {
    List<Throwable> found = new ArrayList<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Throwable> open = new ArrayDeque<>(List.of(failure));
    while (!open.isEmpty()) {
      Throwable next = open.pop();
      if (!seen.add(next)) {
        continue;
      }
      found.add(next);
      if (next.getCause() != null) {
        open.push(next.getCause());
      }
      // The transaction manager hides what the commit ran into among the suppressed ones.
      for (Throwable suppressed : next.getSuppressed()) {
        open.push(suppressed);
      }
    }
    return found;
  }

  /** Whether the database refused the values themselves, and will whenever they come again. */
  public static boolean valuesWereRefused(Throwable failure) {
    return of(failure).stream()
        .anyMatch(
            cause ->
                cause instanceof SQLException sql
                    && sql.getSQLState() != null
                    && sql.getSQLState().length() > 2
                    && REFUSED_VALUES.contains(sql.getSQLState().substring(0, 2)));
  }
}
