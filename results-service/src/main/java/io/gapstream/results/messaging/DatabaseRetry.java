package io.gapstream.results.messaging;

import io.gapstream.results.store.DatabaseOutage;
import io.gapstream.servicekit.JobStoppedException;
import io.gapstream.servicekit.Shutdown;
import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Carries out {@link UntilDatabaseAnswers}. */
@UntilDatabaseAnswers
@Interceptor
@Priority(Interceptor.Priority.APPLICATION)
class DatabaseRetry {

  private static final Logger LOG = Logger.getLogger(DatabaseRetry.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Shutdown shutdown;

  DatabaseRetry(Shutdown shutdown) {
    this.shutdown = shutdown;
  }

  @AroundInvoke
  Object untilDatabaseAnswers(InvocationContext call) throws Exception {
    long pause = FIRST_PAUSE.toMillis();
    while (true) {
      try {
        return call.proceed();
      } catch (RuntimeException e) {
        // While the service stops, the channel's failure strategy gives the record back.
        if (shutdown.begun() || !DatabaseOutage.isCauseOf(e)) {
          throw e;
        }
        LOG.warnf(
            "Database does not answer, trying again: method=%s, pause=%d ms, reason=%s",
            call.getMethod().getName(), pause, e.getMessage());
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        // Only the end of the service interrupts its workers.
        Thread.currentThread().interrupt();
        throw new JobStoppedException("The service ended while it waited for the database.");
      }
      pause = Math.min(2 * pause, LONGEST_PAUSE.toMillis());
    }
  }
}
