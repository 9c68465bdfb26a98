package io.gapstream.servicekit;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.ProgressMessage;
import io.gapstream.contracts.ProgressMessage.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Time stands still unless the test moves it, so every expected message is known beforehand. */
final class ProgressReporterTest {

  private final List<ProgressMessage> told = new ArrayList<>();
  private long nanos = 17;
  private final ProgressReporter progress =
      new ProgressReporter(
          "0123456789abcdef0123456789abcdef", "trainer-service", () -> nanos, told::add);

  @Test
  void tellsHowAnActivityRunsAtMostTwiceASecond() {
    // Given
    progress.started("adam");
    // When
    for (int i = 0; i < 21; i++) {
      progress.running("adam", 100 - i, BoundKind.UPPER);
      nanos += Duration.ofMillis(100).toNanos();
    }
    progress.finished("adam", 79.0, BoundKind.UPPER);
    // Then
    assertThat(told)
        .extracting(ProgressMessage::phase)
        .containsExactly(
            Phase.STARTED,
            Phase.RUNNING,
            Phase.RUNNING,
            Phase.RUNNING,
            Phase.RUNNING,
            Phase.RUNNING,
            Phase.FINISHED);
    assertThat(told)
        .extracting(ProgressMessage::sequence)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
    assertThat(told.get(2).value()).isEqualTo(95);
    assertThat(told.get(2).elapsedSeconds()).isEqualTo(0.5);
  }

  @Test
  void leavesOutAValueThatIsNotANumber() {
    // When
    progress.finished("adam", Double.NaN, BoundKind.UPPER);
    // Then
    assertThat(told.get(0).value()).isNull();
    assertThat(told.get(0).kind()).isNull();
  }
}
