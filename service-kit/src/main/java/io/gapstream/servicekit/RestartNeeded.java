package io.gapstream.servicekit;

import jakarta.enterprise.inject.Default;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.jboss.logging.Logger;

/**
 * The liveness of a service: up, unless something has happened that only a new process ends. A
 * broker or a database that does not answer is no such thing; both are waited for.
 */
@Liveness
@Default
@Singleton
final class RestartNeeded implements HealthCheck {

  private static final Logger LOG = Logger.getLogger(RestartNeeded.class);
  private static final int MOST_REASONS = 10;

  private final List<String> reasons = new CopyOnWriteArrayList<>();
  private final List<Supplier<List<String>>> overdue = new CopyOnWriteArrayList<>();

  /**
   * Has more to look at each time somebody asks.
   *
   * @param overdue what takes longer than it may, in words; empty while all is well
   */
  void watch(Supplier<List<String>> overdue) {
    this.overdue.add(overdue);
  }

  /** From here on the service is not live. */
  void because(String reason) {
    LOG.errorf("Restart needed: reason=%s", reason);
    if (reasons.size() < MOST_REASONS) {
      reasons.add(reason);
    }
  }

  @Override
  public HealthCheckResponse call() {
    List<String> all = new ArrayList<>(reasons);
    overdue.forEach(more -> all.addAll(more.get()));
    HealthCheckResponseBuilder answer = HealthCheckResponse.named("work").status(all.isEmpty());
    return all.isEmpty()
        ? answer.build()
        : answer.withData("restartNeeded", String.join("; ", all)).build();
  }
}
