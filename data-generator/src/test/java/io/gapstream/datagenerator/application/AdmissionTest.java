package io.gapstream.datagenerator.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The clock is the test's, and so is what is seen on the topic. */
final class AdmissionTest {

  private static final Optional<Duration> WEEK = Optional.of(Duration.ofDays(7));

  private long nanos = 1;
  private final Admission admission =
      new Admission(Duration.ofSeconds(100), 10, Duration.ZERO, () -> nanos);

  @Test
  void takesNothingBeforeItHasSeenTheTopicNorLongAfter() {
    // When
    // Then
    assertUnknown();
    // When
    see(0, 0, WEEK);
    // Then
    assertThat(admission.enter(new Work(1, 1))).isNotNull();
    // When
    nanos += Admission.FRESH.toNanos();
    // Then
    assertUnknown();
    assertThat(admission.waiting(WorkerGroup.TRAINING)).isEmpty();
  }

  private void assertUnknown() {
    assertThatThrownBy(() -> admission.enter(new Work(1, 1)))
        .isInstanceOf(QueueUnknownException.class)
        .hasMessageContaining("did not acknowledge")
        .hasMessageContaining("repeat the request");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 86400, true, 0",
    "0, 99, 1, true, 0",
    "1, 99, 1, true, 0",
    "1, 99, 1.5, false, 1",
    "5, 100, 1, false, 1",
    "5, 100, 60, false, 60",
    "5, 300, 60, false, 260",
    "5, 50, 500, false, 50",
    "5, 1000000, 1, false, 3600",
    "9, 0, 1, true, 0",
    "10, 0, 1, false, 1",
    "12, 60, 1, false, 15"
  })
  void weighsWhatWaitsAndWhatIsAskedFor(
      long datasets, double waiting, double own, boolean taken, long retryAfter) {
    // Given
    see(datasets, waiting, WEEK);
    // When
    // Then
    if (taken) {
      assertThat(admission.enter(new Work(own, 0))).isNotNull();
    } else {
      assertThatThrownBy(() -> admission.enter(new Work(own, 0)))
          .isInstanceOfSatisfying(
              TooMuchWaitingException.class,
              refusal -> assertThat(refusal.retryAfter()).hasSeconds(retryAfter));
    }
  }

  @Test
  void letsNoMoreWaitThanAQuarterOfTheRetention() {
    // Given
    see(1, 20, Optional.of(Duration.ofSeconds(100)));
    // When
    // Then
    assertThat(admission.limitSeconds()).isEqualTo(25);
    assertThat(admission.enter(new Work(5, 0))).isNotNull();
    assertThatThrownBy(() -> admission.enter(new Work(1, 0)))
        .hasMessageContaining("the 25 s that may wait");
    // When
    see(1, 20, Optional.empty());
    // Then
    assertThat(admission.limitSeconds()).isEqualTo(100);
  }

  @Test
  void countsWhatItTookUntilALookThatBeganLaterHasSeenIt() {
    // Given
    see(0, 0, WEEK);
    long during = admission.beginLook();
    try (Admission.Pass pass = admission.enter(new Work(60, 0))) {
      pass.sent();
    }
    // When
    // The broker may have answered before the dataset came.
    admission.endLook(
        during, Map.of(WorkerGroup.RELAXATION, none(), WorkerGroup.TRAINING, none()), WEEK);
    // Then
    assertThatThrownBy(() -> admission.enter(new Work(60, 0)))
        .isInstanceOf(TooMuchWaitingException.class);
    // When
    see(0, 0, WEEK);
    // Then
    assertThat(admission.enter(new Work(60, 0))).isNotNull();
  }

  @Test
  void forgetsWorkThatWasNotSent() {
    // Given
    see(0, 0, WEEK);
    try (Admission.Pass pass = admission.enter(new Work(60, 0))) {
      assertThat(pass).isNotNull();
    }
    // When
    Admission.Pass next = admission.enter(new Work(60, 0));
    // Then
    assertThat(next).isNotNull();
    assertThatThrownBy(() -> admission.enter(new Work(60, 0)))
        .isInstanceOf(TooMuchWaitingException.class);
  }

  @Test
  void refusesLimitsThatLetNothingIn() {
    assertThatThrownBy(() -> new Admission(Duration.ZERO, 10, Duration.ZERO, () -> 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Admission(Duration.ofHours(1), 0, Duration.ZERO, () -> 0))
        .hasMessageContaining("0 datasets")
        .hasMessageEndingWith("set both above 0.");
  }

  /** The relaxation group has this waiting, the other nothing. */
  private void see(long datasets, double seconds, Optional<Duration> retention) {
    admission.endLook(
        admission.beginLook(),
        Map.of(
            WorkerGroup.RELAXATION,
            new Waiting(datasets, seconds, seconds, null, 1),
            WorkerGroup.TRAINING,
            none()),
        retention);
  }

  private static Waiting none() {
    return new Waiting(0, 0, 0, null, 1);
  }
}
