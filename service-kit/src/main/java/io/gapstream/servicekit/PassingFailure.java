package io.gapstream.servicekit;

import java.util.List;
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
    return FailureCauses.of(failure).stream()
        .anyMatch(cause -> PASSING.stream().anyMatch(kind -> kind.isInstance(cause)));
  }
}
