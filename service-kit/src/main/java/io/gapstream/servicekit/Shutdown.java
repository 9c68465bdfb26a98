package io.gapstream.servicekit;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;

/** Whether the service is stopping, for work that takes long. */
@Singleton
public final class Shutdown {

  /** Longer than any budget, so that a leap of it lies past every deadline. */
  private static final long LEAP_NANOS = Duration.ofDays(30).toNanos();

  private final CompletableFuture<Void> begun = new CompletableFuture<>();

  void onStop(@Observes ShutdownEvent event) {
    begin();
  }

  /** From here on the service is stopping. */
  public void begin() {
    begun.complete(null);
  }

  /** Whether the service is stopping. */
  public boolean begun() {
    return begun.isDone();
  }

  /**
   * Ends a job whose results are no longer to be trusted to be whole.
   *
   * @throws JobStoppedException if the service is stopping
   */
  public void check() {
    if (begun()) {
      throw new JobStoppedException();
    }
  }

  /**
   * Waits.
   *
   * @throws JobStoppedException if the service stops before the future completes
   * @throws CompletionException if the future fails
   */
  public void await(CompletableFuture<Void> future) {
    CompletableFuture.anyOf(future, begun).join();
    if (!future.isDone()) {
      throw new JobStoppedException();
    }
    future.join();
  }

  /**
   * A clock for deadlines, in nanoseconds: it leaps past all of them when the service stops, so
   * that long computations return at once.
   */
  public LongSupplier nanoClock() {
    return () -> begun() ? System.nanoTime() + LEAP_NANOS : System.nanoTime();
  }
}
