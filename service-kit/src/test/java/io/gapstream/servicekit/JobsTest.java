package io.gapstream.servicekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Reads the metrics back through Micrometer's own registry. */
final class JobsTest {

  private static final String ID = "0123456789abcdef0123456789abcdef";

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Shutdown shutdown = new Shutdown();
  private final Jobs jobs = new Jobs(registry, shutdown);

  @Test
  void acknowledgesAJobThatEnded() {
    // When
    CompletionStage<Void> done = jobs.run(ID, () -> {});
    // Then
    assertThat(done.toCompletableFuture()).isCompleted();
    assertThat(registry.get("gapstream.job").tag("outcome", "finished").timer().count())
        .isEqualTo(1);
  }

  @Test
  void neverAcknowledgesAJobThatTheShutdownCutOff() {
    // When
    CompletionStage<Void> stopped =
        jobs.run(
            ID,
            () -> {
              shutdown.begin();
              shutdown.await(new CompletableFuture<>());
            });
    // Then
    assertThat(stopped.toCompletableFuture()).isNotDone();
    assertThat(registry.get("gapstream.job").tag("outcome", "stopped").timer().count())
        .isEqualTo(1);
  }

  @Test
  void passesOnWhatAJobThrows() {
    // When / Then
    assertThatThrownBy(
            () ->
                jobs.run(
                    ID,
                    () -> {
                      throw new IllegalStateException("broken");
                    }))
        .hasMessage("broken");
    assertThat(registry.get("gapstream.job").tag("outcome", "failed").timer().count()).isEqualTo(1);
  }

  @Test
  void showsTheAgeOfARunningJobAndNoneAfterwards() {
    // Given
    AtomicReference<Double> ageWhileRunning = new AtomicReference<>();
    // When
    jobs.run(ID, () -> ageWhileRunning.set(registry.get("gapstream.job.age").gauge().value()));
    // Then
    assertThat(ageWhileRunning.get()).isPositive();
    assertThat(registry.get("gapstream.job.age").gauge().value()).isZero();
    assertThat(registry.get("gapstream.jobs.running").gauge().value()).isZero();
  }
}
