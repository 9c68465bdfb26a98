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
@Timeout(value = 20, unit = TimeUnit.SECONDS)
final class JobControlTest {

  private final JobControl control = new JobControl();

  @Test
  void leapsPastEveryDeadlineOnceItIsToStop() {
    // Given
    long before = control.nanoClock().getAsLong();
    // When
    control.stop(JobControl.Stop.SHUTDOWN);
    // Then
    assertThat(control.nanoClock().getAsLong() - before)
        .isGreaterThan(Duration.ofHours(24).toNanos());
    assertThat(control.workedNanos()).isLessThan(Duration.ofHours(1).toNanos());
  }

  @Test
  void leavesAMomentForHandingInOnceItIsToStop() throws InterruptedException {
    // Given
    control.stop(JobControl.Stop.SHUTDOWN);
    // When
    long atOnce = control.handInClock().getAsLong();
    Thread.sleep(JobControl.PATIENCE.toMillis());
    long afterwards = control.handInClock().getAsLong();
    // Then
    assertThat(atOnce).isLessThan(Duration.ofHours(1).toNanos());
    assertThat(afterwards).isGreaterThan(Duration.ofHours(24).toNanos());
  }

  @Test
  void countsNoTimeInWhichItWaits() {
    // Given
    long start = System.nanoTime();
    long worked = control.workedNanos();
    // When
    control.await(new CompletableFuture<Void>().completeOnTimeout(null, 2, TimeUnit.SECONDS));
    // Then
    assertThat(System.nanoTime() - start).isGreaterThan(Duration.ofSeconds(2).toNanos());
    assertThat(control.workedNanos() - worked).isLessThan(Duration.ofSeconds(1).toNanos());
  }

  @Test
  void standsStillForWhoeverLooksWhileItWaits() throws InterruptedException {
    // Given
    CompletableFuture<Void> acknowledgement = new CompletableFuture<>();
    Thread job = new Thread(() -> control.await(acknowledgement));
    job.start();
    Thread.sleep(300);
    // When
    long first = control.workedNanos();
    Thread.sleep(300);
    long second = control.workedNanos();
    acknowledgement.complete(null);
    job.join();
    // Then
    assertThat(second).isEqualTo(first);
  }

  @Test
  void endsAWaitThatWouldNeverEndSoonAfterItIsToStop() {
    // Given
    CompletableFuture<Void> never = new CompletableFuture<>();
    CompletableFuture.runAsync(
        () -> control.stop(JobControl.Stop.PARTITION_LOST),
        CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS));
    // When / Then
    assertThatThrownBy(() -> control.await(never))
        .isInstanceOf(JobStoppedException.class)
        .hasMessageContaining("another worker has its partition");
  }

  @Test
  void waitsAMomentMoreForWhatIsOnItsWayWhenItIsToStop() {
    // Given
    control.stop(JobControl.Stop.SHUTDOWN);
    CompletableFuture<Void> soon =
        new CompletableFuture<Void>().completeOnTimeout(null, 1, TimeUnit.SECONDS);
    // When / Then
    assertThatCode(() -> control.await(soon)).doesNotThrowAnyException();
    assertThat(soon).isCompleted();
  }

  @Test
  void passesAFailureOnEvenWhileStopping() {
    // Given
    CompletableFuture<Void> failed =
        CompletableFuture.failedFuture(new IllegalStateException("no broker"));
    control.stop(JobControl.Stop.SHUTDOWN);
    // When / Then
    assertThatThrownBy(() -> control.await(failed))
        .isInstanceOf(CompletionException.class)
        .hasMessageContaining("no broker");
  }

  @Test
  void givesTheFirstReasonForStopping() {
    // Given
    control.stop(JobControl.Stop.PARTITION_LOST);
    // When
    control.stop(JobControl.Stop.SHUTDOWN);
    // Then
    assertThatThrownBy(control::check)
        .isInstanceOf(JobStoppedException.class)
        .hasMessageContaining("another worker has its partition");
  }
}
