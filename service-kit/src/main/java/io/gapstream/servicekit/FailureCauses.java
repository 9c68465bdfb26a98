package io.gapstream.servicekit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** What a failure came from. */
public final class FailureCauses {

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
      // A transaction manager hides what the commit ran into among the suppressed ones.
      for (Throwable suppressed : next.getSuppressed()) {
        open.push(suppressed);
      }
    }
    return found;
  }
}
