package io.gapstream.datagenerator.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gapstream.contracts.Limits;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who passes and who waits; the oracle is arithmetic on the sizes written down here. */
final class MemoryGateTest {

  private static final long SMALL_HEAP = 64L * 1024 * 1024;

  @Test
  void letsTheLargestDatasetPassOnTheSmallestHeap() {
    // Given
    MemoryGate gate = new MemoryGate(SMALL_HEAP, Duration.ofMillis(10));
    // When
    try (MemoryGate.Pass pass = gate.enter(Limits.MAX_VALUES)) {
      // Then
      assertThat(pass).isNotNull();
    }
  }

  @Test
  void refusesWhoWaitsTooLong() {
    // Given
    MemoryGate gate = new MemoryGate(SMALL_HEAP, Duration.ofMillis(10));
    // When
    try (MemoryGate.Pass pass = gate.enter(Limits.MAX_VALUES)) {
      // Then
      assertThat(pass).isNotNull();
      assertThatThrownBy(() -> gate.enter(1))
          .isInstanceOf(MemoryGate.BusyException.class)
          .hasMessageContaining("repeat the request");
    }
  }

  @Test
  void letsTheNextPassOnceThereIsRoom() throws Exception {
    // Given
    MemoryGate gate = new MemoryGate(SMALL_HEAP, Duration.ofSeconds(30));
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<?> first =
          threads.submit(
              () -> {
                try (MemoryGate.Pass pass = gate.enter(Limits.MAX_VALUES)) {
                  inside.countDown();
                  return leave.await(30, TimeUnit.SECONDS) && pass != null;
                }
              });
      assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
      Future<Boolean> second =
          threads.submit(
              () -> {
                try (MemoryGate.Pass pass = gate.enter(Limits.MAX_VALUES)) {
                  return pass != null;
                }
              });
      assertThat(second.isDone()).isFalse();
      // When
      leave.countDown();
      // Then
      assertThat(second.get(30, TimeUnit.SECONDS)).isTrue();
      assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(true);
    } finally {
      threads.shutdownNow();
    }
  }
}
