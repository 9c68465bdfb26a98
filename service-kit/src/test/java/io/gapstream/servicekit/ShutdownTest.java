package io.gapstream.servicekit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The expected values follow from the contract alone; no clock is compared with itself. */
@Timeout(value = 10, unit = TimeUnit.SECONDS)
final class ShutdownTest {

  private final Shutdown shutdown = new Shutdown();

  @Test
  void leapsPastEveryDeadlineOnceBegun() {
    // Given
    long before = shutdown.nanoClock().getAsLong();
    // When
    shutdown.begin();
    // Then
    assertThat(shutdown.nanoClock().getAsLong() - before)
        .isGreaterThan(Duration.ofHours(24).toNanos());
  }

  @Test
  void endsAWaitThatWouldNeverEnd() {
    // Given
    CompletableFuture<Void> never = new CompletableFuture<>();
    CompletableFuture.runAsync(
        shutdown::begin, CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS));
    // When / Then
    assertThatThrownBy(() -> shutdown.await(never)).isInstanceOf(JobStoppedException.class);
  }

  @Test
  void passesAFailureOnEvenWhileStopping() {
    // Given
    CompletableFuture<Void> failed =
        CompletableFuture.failedFuture(new IllegalStateException("no broker"));
    shutdown.begin();
    // When / Then
    assertThatThrownBy(() -> shutdown.await(failed))
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("no broker");
  }

  @Test
  void returnsWhenWhatItWaitsForIsDone() {
    // Given
    CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
    shutdown.begin();
    // When / Then
    assertThatCode(() -> shutdown.await(done)).doesNotThrowAnyException();
  }
}
