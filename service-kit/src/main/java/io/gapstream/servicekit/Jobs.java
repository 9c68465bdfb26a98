package io.gapstream.servicekit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Runs the jobs of a worker service, one a record, and watches them. The connector does not watch
 * the age of records here, because a job may take a day; the gauge {@code gapstream.job.age} does.
 */
@Singleton
public final class Jobs {

  private static final Logger LOG = Logger.getLogger(Jobs.class);

  private final Map<Object, Long> startNanos = new ConcurrentHashMap<>();
  private final MeterRegistry registry;
  private final Shutdown shutdown;

  /** Registers the gauges. */
  public Jobs(MeterRegistry registry, Shutdown shutdown) {
    this.registry = registry;
    this.shutdown = shutdown;
    registry.gaugeMapSize("gapstream.jobs.running", List.of(), startNanos);
    Gauge.builder("gapstream.job.age", this, Jobs::oldestSeconds)
        .baseUnit("seconds")
        .description("Age of the oldest running job; 0 when none runs")
        .register(registry);
  }

  /**
   * Does a job on the calling thread.
   *
   * @param work returns once everything it sent is acknowledged
   * @return what the channel is to wait for before it acknowledges the record: completed, or never
   *     completing when the service stops before the job ends
   */
  public CompletionStage<Void> run(String experimentId, Runnable work) {
    Object job = new Object();
    long start = System.nanoTime();
    startNanos.put(job, start);
    LOG.infof("Job started: experimentId=%s", experimentId);
    String outcome = "failed";
    try {
      work.run();
      outcome = "finished";
      return CompletableFuture.completedFuture(null);
    } catch (JobStoppedException e) {
      outcome = "stopped";
      return new CompletableFuture<>();
    } catch (RuntimeException e) {
      if (!shutdown.begun()) {
        throw e;
      }
      // What fails while everything around it is being closed says nothing about the record.
      outcome = "stopped";
      return new CompletableFuture<>();
    } finally {
      startNanos.remove(job);
      Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
      Timer.builder("gapstream.job")
          .description("Jobs by outcome and how long they took")
          .tag("outcome", outcome)
          .register(registry)
          .record(elapsed);
      LOG.infof(
          "Job ended: experimentId=%s, outcome=%s, elapsed=%s", experimentId, outcome, elapsed);
    }
  }

  /** Counts a result that the broker has. */
  public void countResult(String method, String status) {
    registry.counter("gapstream.results", "method", method, "status", status).increment();
  }

  /** Shows how many jobs may run at the same time, for the share of it that is in use. */
  public void showCapacity(int workers) {
    Gauge.builder("gapstream.jobs.capacity", () -> workers).register(registry);
  }

  private double oldestSeconds() {
    long now = System.nanoTime();
    return startNanos.values().stream().mapToLong(start -> now - start).max().orElse(0) * 1e-9;
  }
}
