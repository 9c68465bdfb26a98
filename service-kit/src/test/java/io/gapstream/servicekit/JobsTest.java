package io.gapstream.servicekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Reads the metrics back through Micrometer's own registry. What the broker decides is told here as
 * the connector tells it; on a real broker it is seen in the tests of relaxation-service.
 */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class JobsTest {

  private static final String ID = "0123456789abcdef0123456789abcdef";
  private static final TopicPartition PARTITION = new TopicPartition("topic", 3);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Shutdown shutdown = new Shutdown();
  private final RestartNeeded restart = new RestartNeeded();
  private final Jobs jobs = new Jobs(registry, shutdown, restart, Duration.ofMillis(200));
  private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");

  @Test
  void countsAJobThatEnded() {
    // When
    run(control -> {});
    // Then
    assertThat(ended("finished")).isEqualTo(1);
  }

  @Test
  void passesOnWhatAJobThrows() {
    // When / Then
    assertThatThrownBy(
            () ->
                run(
                    control -> {
                      throw new IllegalStateException("broken");
                    }))
        .hasMessage("broken");
    assertThat(ended("failed")).isEqualTo(1);
  }

  @Test
  void stopsEveryJobWhenTheServiceStopsAndWaitsForIt() throws Exception {
    // Given
    Running job = start();
    // When
    jobs.onStop(new ShutdownEvent());
    // Then
    assertThat(job.end()).isInstanceOf(JobStoppedException.class);
    assertThat(ended("stopped")).isEqualTo(1);
  }

  @Test
  void beginsNoJobOnceTheServiceStops() {
    // Given
    shutdown.begin();
    // When / Then
    assertThatThrownBy(() -> run(control -> {})).isInstanceOf(JobStoppedException.class);
  }

  @Test
  void stopsTheJobsOfARevokedPartitionBeforeAnotherGetsIt() throws Exception {
    // Given
    Running job = start();
    // When
    jobs.onPartitionsRevoked(consumer, List.of(PARTITION));
    // Then
    assertThat(job.thread().isAlive() && registry.get("gapstream.jobs.running").gauge().value() > 0)
        .isFalse();
    assertThat(job.end()).isInstanceOf(JobStoppedException.class);
    assertThatThrownBy(() -> run(control -> {})).isInstanceOf(JobStoppedException.class);
  }

  @Test
  void worksOnAPartitionThatCameBack() {
    // Given
    jobs.onPartitionsRevoked(consumer, List.of(PARTITION));
    consumer.assign(Set.of(PARTITION));
    // When
    jobs.onPartitionsAssigned(consumer, List.of(PARTITION));
    run(control -> {});
    // Then
    assertThat(ended("finished")).isEqualTo(1);
  }

  @Test
  void stopsTheJobsOfAPartitionThatWasLostUntold() throws Exception {
    // Given
    Running job = start();
    TopicPartition other = new TopicPartition("topic", 5);
    consumer.assign(Set.of(other));
    // When
    jobs.onPartitionsAssigned(consumer, List.of(other));
    // Then
    assertThat(job.end()).isInstanceOf(JobStoppedException.class);
  }

  @Test
  void leavesTheJobsOfOtherPartitionsAlone() throws Exception {
    // Given
    Running job = start();
    // When
    jobs.onPartitionsRevoked(consumer, List.of(new TopicPartition("topic", 4)));
    // Then
    assertThat(job.control().stopped()).isFalse();
    jobs.onStop(new ShutdownEvent());
  }

  @Test
  void isNotLiveWhileAJobRunsFarPastItsBudget() throws Exception {
    // Given
    Running job = start();
    assertThat(restart.call().getStatus()).isEqualTo(Status.UP);
    // When
    job.control().allow(jobs.allowed(0.1));
    Thread.sleep(500);
    // Then
    assertThat(restart.call().getStatus()).isEqualTo(Status.DOWN);
    assertThat(String.valueOf(restart.call().getData())).contains(ID);
    jobs.onStop(new ShutdownEvent());
    job.end();
    assertThat(restart.call().getStatus()).isEqualTo(Status.UP);
  }

  @Test
  void isLiveWhileAJobWaitsForTheBrokerHoweverLong() throws Exception {
    // Given
    AtomicReference<Status> status = new AtomicReference<>();
    // When
    run(
        control -> {
          control.allow(Duration.ofMillis(400));
          control.await(new CompletableFuture<Void>().completeOnTimeout(null, 1, TimeUnit.SECONDS));
          status.set(restart.call().getStatus());
        });
    // Then
    assertThat(status.get()).isEqualTo(Status.UP);
  }

  @Test
  void showsTheAgeOfARunningJobAndNoneAfterwards() {
    // Given
    AtomicReference<Double> ageWhileRunning = new AtomicReference<>();
    // When
    run(control -> ageWhileRunning.set(registry.get("gapstream.job.age").gauge().value()));
    // Then
    assertThat(ageWhileRunning.get()).isPositive();
    assertThat(registry.get("gapstream.job.age").gauge().value()).isZero();
    assertThat(registry.get("gapstream.jobs.running").gauge().value()).isZero();
  }

  private record Running(Thread thread, JobControl control, CompletableFuture<Throwable> ending) {
    Throwable end() throws Exception {
      return ending.get(10, TimeUnit.SECONDS);
    }
  }

  /** A job that works until it is stopped. */
  private Running start() throws InterruptedException {
    AtomicReference<JobControl> control = new AtomicReference<>();
    CompletableFuture<Throwable> ending = new CompletableFuture<>();
    CountDownLatch begun = new CountDownLatch(1);
    Thread thread =
        new Thread(
            () -> {
              try {
                run(
                    own -> {
                      control.set(own);
                      begun.countDown();
                      while (true) {
                        own.check();
                        Thread.onSpinWait();
                      }
                    });
              } catch (RuntimeException e) {
                ending.complete(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    begun.await();
    return new Running(thread, Objects.requireNonNull(control.get()), ending);
  }

  private void run(Consumer<JobControl> work) {
    jobs.run(
        new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), 7, ID, new byte[0]), work);
  }

  private long ended(String outcome) {
    return registry.get("gapstream.job").tag("outcome", outcome).timer().count();
  }
}
