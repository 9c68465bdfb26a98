package io.gapstream.relaxation.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.Environment;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.RelaxationMethod;
import io.gapstream.contracts.Status;
import io.gapstream.relaxation.TestDatasets;
import io.gapstream.servicekit.JobControl;
import io.gapstream.servicekit.JobStoppedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The channel is a list, so what was sent, and in which order, is seen as it is. */
final class MethodResultsTest {

  private final List<RelaxationMessage> sent = new ArrayList<>();
  private final JobControl control = new JobControl();

  @Test
  void sendsTheFirstImprovementAtOnceAndSpacesTheOthers() {
    // Given
    MethodResults results = results(Duration.ofHours(1), this::acknowledged);
    // When
    results.improved(() -> estimate(3));
    results.improved(() -> estimate(2));
    results.last(estimate(1));
    // Then
    assertThat(sent).extracting(RelaxationMessage::value).containsExactly(3.0, 1.0);
    assertThat(sent).extracting(RelaxationMessage::revision).containsExactly(1, 2);
    assertThat(sent).extracting(RelaxationMessage::last).containsExactly(false, true);
  }

  @Test
  void passesOverImprovementsWhileOneIsOnItsWay() {
    // Given
    CompletableFuture<Void> acknowledgement = new CompletableFuture<>();
    MethodResults results =
        results(
            Duration.ZERO,
            message -> {
              sent.add(message);
              return acknowledgement;
            });
    // When
    results.improved(() -> estimate(3));
    results.improved(() -> estimate(2));
    acknowledgement.complete(null);
    results.improved(() -> estimate(1));
    // Then
    assertThat(sent).extracting(RelaxationMessage::value).containsExactly(3.0, 1.0);
  }

  @Test
  void saysSoWhenTheLastResultCannotBeSent() {
    // Given
    MethodResults results =
        results(
            Duration.ZERO,
            message -> {
              sent.add(message);
              return message.status() == Status.FAILED
                  ? CompletableFuture.completedFuture(null)
                  : CompletableFuture.failedFuture(new IllegalStateException("too large"));
            });
    // When
    results.last(estimate(1));
    // Then
    RelaxationMessage last = sent.get(sent.size() - 1);
    assertThat(last.last()).isTrue();
    assertThat(last.status()).isEqualTo(Status.FAILED);
    assertThat(last.reason()).contains("too large");
    assertThat(last.value()).isNull();
  }

  @Test
  void saysSoWhenNoMessageTakesTheValue() {
    // Given
    MethodResults results = results(Duration.ZERO, this::acknowledged);
    // When
    results.improved(() -> estimate(Double.POSITIVE_INFINITY));
    results.last(estimate(Double.POSITIVE_INFINITY));
    // Then
    assertThat(sent).extracting(RelaxationMessage::status).containsExactly(Status.FAILED);
    assertThat(sent.get(0).reason()).contains("Infinity");
    assertThat(sent.get(0).revision()).isEqualTo(1);
  }

  @Test
  void sendsWhatThereIsButNoLastResultOnceTheJobIsStopped() {
    // Given
    MethodResults results = results(Duration.ZERO, this::acknowledged);
    control.stop(JobControl.Stop.SHUTDOWN);
    // When / Then
    assertThatThrownBy(() -> results.last(estimate(1))).isInstanceOf(JobStoppedException.class);
    assertThat(sent).extracting(RelaxationMessage::value).containsExactly(1.0);
    assertThat(sent).extracting(RelaxationMessage::last).containsExactly(false);
  }

  @Test
  void sendsNothingOfAMethodThatHasNothingOnceTheJobIsStopped() {
    // Given
    MethodResults results = results(Duration.ZERO, this::acknowledged);
    control.stop(JobControl.Stop.PARTITION_LOST);
    // When / Then
    assertThatThrownBy(() -> results.last(Outcome.failed(BoundKind.ESTIMATE, "cut off")))
        .isInstanceOf(JobStoppedException.class);
    assertThat(sent).isEmpty();
  }

  private CompletableFuture<Void> acknowledged(RelaxationMessage message) {
    sent.add(message);
    return CompletableFuture.completedFuture(null);
  }

  private MethodResults results(
      Duration interval, Function<RelaxationMessage, CompletableFuture<Void>> send) {
    return new MethodResults(
        TestDatasets.gaussian(4, 2, 1, 5, RelaxationMethod.GATED),
        RelaxationMethod.GATED,
        new Environment("test", "17", "localhost", 1),
        interval,
        control,
        send);
  }

  private static Outcome estimate(double value) {
    return Outcome.estimate(Status.CONVERGED, value, 1);
  }
}
