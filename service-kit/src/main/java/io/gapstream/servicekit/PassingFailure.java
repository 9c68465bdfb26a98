package io.gapstream.servicekit;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;

/** Tells failures of what is around a record from those that the record carries with it. */
final class PassingFailure {

  private static final List<Class<? extends Throwable>> PASSING =
      List.of(
          JobStoppedException.class,
          RejectedExecutionException.class,
          InterruptedException.class,
          InterruptException.class,
          CancellationException.class,
          TimeoutException.class,
          RetriableException.class,
          OutOfMemoryError.class);

  private PassingFailure() {}

  /** Whether the same record may succeed when it comes again. */
  static boolean is(Throwable failure) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Throwable> open = new ArrayDeque<>(List.of(failure));
    while (!open.isEmpty()) {
      Throwable next = open.pop();
      if (!seen.add(next)) {
        continue;
      }
      if (PASSING.stream().anyMatch(kind -> kind.isInstance(next))) {
        return true;
      }
      if (next.getCause() != null) {
        open.push(next.getCause());
      }
      for (Throwable suppressed : next.getSuppressed()) {
        open.push(suppressed);
      }
    }
    return false;
  }
}
