package io.gapstream.servicekit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Default;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Runs the jobs of a worker service, one a record, watches them, and stops those whose record is no
 * longer this service's to work on. The connector does not watch the age of records here, because a
 * job may take a day; the gauge {@code gapstream.job.age} and the service's liveness do.
 */
@Singleton
@Default
@Identifier(Jobs.LISTENER)
public final class Jobs implements KafkaConsumerRebalanceListener {

  /** The name under which channels find their rebalance listener. */
  static final String LISTENER = "jobs";

  private static final Logger LOG = Logger.getLogger(Jobs.class);

  /** Right after it is known that the service stops, and while everything can still be sent. */
  private static final int AFTER_SHUTDOWN_BEGUN = Shutdown.FIRST + 1;

  /** How long jobs that are to stop are waited for: what {@link JobControl} allows, and a bit. */
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(6);

  private static final Duration PAUSE = Duration.ofMillis(20);

  private record Job(String experimentId, TopicPartition partition, long startNanos) {}

  private final Map<JobControl, Job> running = new ConcurrentHashMap<>();
  private final Set<TopicPartition> gone = ConcurrentHashMap.newKeySet();
  private final MeterRegistry registry;
  private final Shutdown shutdown;
  private final Duration grace;

  /**
   * Registers the gauges.
   *
   * @param grace how long a job may go on past its budget before the service counts as stuck
   */
  Jobs(
      MeterRegistry registry,
      Shutdown shutdown,
      RestartNeeded restart,
      @ConfigProperty(name = "gapstream.job-grace") Duration grace) {
    this.registry = registry;
    this.shutdown = shutdown;
    this.grace = grace;
    restart.watch(this::overdue);
    registry.gaugeMapSize("gapstream.jobs.running", List.of(), running);
    Gauge.builder("gapstream.job.age", this, Jobs::oldestSeconds)
        .baseUnit("seconds")
        .description("Age of the oldest running job; 0 when none runs")
        .register(registry);
  }

  /**
   * Does a job on the calling thread.
   *
   * @param work returns once everything it sent is acknowledged
   * @throws JobStoppedException if the job is stopped before its end
   */
  void run(ConsumerRecord<String, byte[]> record, Consumer<JobControl> work) {
    JobControl control = new JobControl();
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    Job job = new Job(String.valueOf(record.key()), partition, System.nanoTime());
    running.put(control, job);
    String outcome = "failed";
    try {
      // Asked after the job can be found by whoever stops jobs, so that one of both sees the other.
      if (shutdown.begun()) {
        control.stop(JobControl.Stop.SHUTDOWN);
      } else if (gone.contains(partition)) {
        control.stop(JobControl.Stop.PARTITION_LOST);
      }
      control.check();
      LOG.infof("Job started: experimentId=%s", job.experimentId());
      work.accept(control);
      outcome = "finished";
    } catch (JobStoppedException e) {
      outcome = "stopped";
      throw e;
    } finally {
      running.remove(control);
      Duration elapsed = Duration.ofNanos(System.nanoTime() - job.startNanos());
      Timer.builder("gapstream.job")
          .description("Jobs by outcome and how long they took")
          .tag("outcome", outcome)
          .register(registry)
          .record(elapsed);
      LOG.infof(
          "Job ended: experimentId=%s, outcome=%s, elapsed=%s",
          job.experimentId(), outcome, elapsed);
    }
  }

  /** How long a job of this budget may work before it counts as stuck. */
  Duration allowed(double budgetSeconds) {
    // A tenth over the budget is within what is promised.
    return grace.plusNanos((long) (1.1e9 * budgetSeconds));
  }

  private List<String> overdue() {
    return running.entrySet().stream()
        .filter(entry -> entry.getKey().overdue())
        .map(entry -> "the job of " + entry.getValue().experimentId() + " does not end")
        .toList();
  }

  /** Counts a result that the broker has. */
  public void countResult(String method, String status) {
    registry.counter("gapstream.results", "method", method, "status", status).increment();
  }

  /** Shows how many jobs may run at the same time, for the share of it that is in use. */
  public void showCapacity(int workers) {
    Gauge.builder("gapstream.jobs.capacity", () -> workers).register(registry);
  }

  void onStop(@Observes @Priority(AFTER_SHUTDOWN_BEGUN) ShutdownEvent event) {
    stop(job -> true, JobControl.Stop.SHUTDOWN);
  }

  @Override
  public void onPartitionsAssigned(
      org.apache.kafka.clients.consumer.Consumer<?, ?> consumer,
      Collection<TopicPartition> partitions) {
    // Whoever is assigned a partition anew had lost it, told or not.
    Set<TopicPartition> assigned = consumer.assignment();
    stop(
        job -> !assigned.contains(job.partition()) || partitions.contains(job.partition()),
        JobControl.Stop.PARTITION_LOST);
    gone.removeAll(partitions);
  }

  /** The next owner gets the partitions when this returns: no job runs twice at the same time. */
  @Override
  public void onPartitionsRevoked(
      org.apache.kafka.clients.consumer.Consumer<?, ?> consumer,
      Collection<TopicPartition> partitions) {
    gone.addAll(partitions);
    stop(job -> partitions.contains(job.partition()), JobControl.Stop.PARTITION_LOST);
  }

  /** Stops jobs and waits, for a few seconds at most, until they have handed in what they have. */
  private void stop(Predicate<Job> which, JobControl.Stop reason) {
    List<JobControl> stopping =
        running.entrySet().stream()
            .filter(entry -> which.test(entry.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    stopping.forEach(control -> control.stop(reason));
    long start = System.nanoTime();
    while (stopping.stream().anyMatch(running::containsKey)) {
      if (System.nanoTime() - start > STOP_PATIENCE.toNanos()) {
        LOG.warnf("Jobs do not stop; their records come again all the same: reason=%s", reason);
        return;
      }
      try {
        Thread.sleep(PAUSE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private double oldestSeconds() {
    long now = System.nanoTime();
    return running.values().stream().mapToLong(job -> now - job.startNanos()).max().orElse(0)
        * 1e-9;
  }
}
