package io.gapstream.results.rest;

import io.gapstream.results.application.Export;
import io.gapstream.servicekit.Problem;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response.Status;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Keeps exports from filling the memory, however many are asked for: the largest network takes some
 * two hundred megabytes until it is a file of sixteen.
 */
@Singleton
class ExportGate {

  /** Files of at least so many bytes count as large. */
  private static final int LARGE = 1 << 20;

  private static final int LARGE_AT_ONCE = 4;

  /** Long enough for a queue of large files, each of which takes a second or so. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Semaphore making = new Semaphore(1, true);
  private final Semaphore sending = new Semaphore(LARGE_AT_ONCE);

  /**
   * Makes a file once no other is being made. A large one has a place among those being sent until
   * its exchange ends, whether its client read it or left.
   */
  Export make(Supplier<Export> work, RoutingContext exchange) {
    enterMaking();
    try {
      Export export = work.get();
      if (export instanceof Export.File file && file.content().length >= LARGE) {
        if (!sending.tryAcquire()) {
          throw busy();
        }
        exchange.addEndHandler(ended -> sending.release());
      }
      return export;
    } finally {
      making.release();
    }
  }

  private void enterMaking() {
    try {
      if (!making.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw busy();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw busy();
    }
  }

  private static RuntimeException busy() {
    return Problem.of(
            Status.SERVICE_UNAVAILABLE,
            "Too many large files are asked for at a time; try again in some seconds.")
        .toException();
  }
}
