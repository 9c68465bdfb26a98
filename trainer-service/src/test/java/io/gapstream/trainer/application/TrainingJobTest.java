package io.gapstream.trainer.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.groups.Tuple.tuple;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Environment;
import io.gapstream.contracts.InvalidMessageException;
import io.gapstream.contracts.Status;
import io.gapstream.contracts.TrainingMessage;
import io.gapstream.contracts.TrainingMethod;
import io.gapstream.contracts.TrainingPlan;
import io.gapstream.contracts.TrainingPrecision;
import io.gapstream.servicekit.DatasetProblem;
import io.gapstream.servicekit.JobControl;
import io.gapstream.servicekit.JobStoppedException;
import io.gapstream.servicekit.ProgressReporter;
import io.gapstream.trainer.Evidence;
import io.gapstream.trainer.TestDatasets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs real training and judges each result by its network alone: {@link Evidence} evaluates (P)
 * itself and asks the verifier, which knows nothing of training.
 */
final class TrainingJobTest {

  private final List<TrainingMessage> sent = new ArrayList<>();
  private JobControl control = new JobControl();

  @Test
  void sendsOneProvedResultOfEveryRun() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(40, 4, List.of(3, 10), 300, 60);
    // When
    job(dataset, this::acknowledged).run();
    // Then
    assertThat(sent)
        .extracting(TrainingMessage::run)
        .containsExactlyElementsOf(dataset.plan().training().runs());
    sent.forEach(result -> Evidence.assertHolds(dataset, result));
    assertThat(sent).allMatch(result -> result.steps() > 0 && result.learningRate() > 0);
  }

  @Test
  void sendsNetworksInTheColumnsOfTheDatasetWhereItHasMoreThanRows() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(10, 200, List.of(5), 500, 60);
    // When
    job(dataset, this::acknowledged).run();
    // Then
    sent.forEach(result -> Evidence.assertHolds(dataset, result));
    assertThat(sent)
        .allSatisfy(
            result ->
                assertThat(Objects.requireNonNull(result.network()).d())
                    .as(result.run().toString())
                    .isEqualTo(200));
  }

  @Test
  void trainsInThePlannedPrecisionAndBatches() {
    // Given
    List<TrainingMethod> adam = List.of(TrainingMethod.ADAM);
    List<TrainingPlan> plans =
        List.of(
            new TrainingPlan(adam, List.of(5), List.of(1L), 200, 60),
            new TrainingPlan(
                adam, List.of(5), List.of(1L), 200, 60, TrainingPrecision.FLOAT32, null),
            new TrainingPlan(
                adam, List.of(5), List.of(1L), 200, 60, TrainingPrecision.FLOAT64, 10));
    for (TrainingPlan plan : plans) {
      DatasetMessage dataset = TestDatasets.gaussian(40, 4, plan);
      // When
      job(dataset, this::acknowledged).run();
      // Then
      Evidence.assertHolds(dataset, sent.get(sent.size() - 1));
    }
    assertThat(sent).extracting(TrainingMessage::value).doesNotHaveDuplicates();
    double whole = Objects.requireNonNull(sent.get(0).value());
    assertThat(sent.get(1).value()).isCloseTo(whole, within(1e-3 * whole));
  }

  @Test
  void sendsAResultOfEveryRunEvenWithoutTime() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(40, 4, List.of(3, 10), 1_000_000, 1e-6);
    // When
    job(dataset, this::acknowledged).run();
    // Then
    assertThat(sent)
        .extracting(TrainingMessage::run)
        .containsExactlyElementsOf(dataset.plan().training().runs());
    assertThat(sent).extracting(TrainingMessage::status).containsOnly(Status.TIME_LIMIT);
    sent.forEach(result -> Evidence.assertHolds(dataset, result));
  }

  @Test
  void dividesTheBudgetOverItsRuns() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(400, 20, List.of(50), 100_000_000, 3);
    // When
    job(dataset, this::acknowledged).run();
    // Then
    assertThat(sent).hasSize(8);
    // L-BFGS may be done sooner.
    assertThat(sent)
        .filteredOn(result -> result.method() != TrainingMethod.LBFGS)
        .hasSize(6)
        .extracting(TrainingMessage::status)
        .containsOnly(Status.TIME_LIMIT);
    // An eighth of the budget is less than half a second; a run that took all would take three.
    assertThat(sent.get(0).elapsedSeconds()).isLessThan(2);
  }

  @Test
  void givesNoValueWhereThereIsNone() {
    // Given
    DatasetMessage dataset = TestDatasets.scaled(1e200, 10, 2, List.of(2), 50, 20);
    // When
    job(dataset, this::acknowledged).run();
    // Then
    assertThat(sent)
        .hasSize(8)
        .allSatisfy(
            result -> {
              assertThat(result.status()).isIn(Status.DIVERGED, Status.FAILED);
              assertThat(result.value()).isNull();
              assertThat(result.network()).isNull();
            });
  }

  @Test
  void saysSoWhenAResultCannotBeSent() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(10, 2, List.of(2), 10, 20);
    // When
    job(
            dataset,
            result -> {
              sent.add(result);
              return result.status() == Status.FAILED
                  ? CompletableFuture.completedFuture(null)
                  : CompletableFuture.failedFuture(new IllegalStateException("too large"));
            })
        .run();
    // Then
    assertThat(sent)
        .filteredOn(result -> result.status() == Status.FAILED)
        .hasSize(8)
        .allSatisfy(result -> assertThat(result.reason()).contains("too large"));
  }

  @Test
  void sendsTheSameResultsWhenTheJobIsDoneAgain() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(20, 3, List.of(4), 50, 60);
    job(dataset, this::acknowledged).run();
    List<TrainingMessage> first = List.copyOf(sent);
    sent.clear();
    // When
    job(dataset, this::acknowledged).run();
    // Then
    assertThat(sent)
        .extracting(TrainingMessage::eventId, TrainingMessage::value, TrainingMessage::network)
        .containsExactlyElementsOf(
            first.stream()
                .map(result -> tuple(result.eventId(), result.value(), result.network()))
                .toList());
  }

  @Test
  void sendsNothingMoreOnceTheServiceStops() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(20, 3, List.of(4), 50, 60);
    TrainingJob job =
        job(
            dataset,
            result -> {
              sent.add(result);
              control.stop(JobControl.Stop.SHUTDOWN);
              return new CompletableFuture<>();
            });
    // When / Then
    assertThatThrownBy(job::run).isInstanceOf(JobStoppedException.class);
    assertThat(sent).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void handsInTheNetworkThatItHasWhenItIsStopped(TrainingMethod method) {
    // Given: more than can be done in this time
    DatasetMessage dataset =
        TestDatasets.gaussian(
            1000,
            50,
            new TrainingPlan(List.of(method), List.of(200), List.of(1L, 2L), 100_000_000, 120));
    stopIn(3);
    // When / Then
    assertThatThrownBy(job(dataset, this::acknowledged)::run)
        .isInstanceOf(JobStoppedException.class);
    assertThat(sent).hasSize(1).noneMatch(TrainingMessage::endsRun);
    TrainingMessage result = sent.get(0);
    Evidence.assertHolds(dataset, result);
    assertThat(result.run()).isEqualTo(dataset.plan().training().runs().get(0));
    assertThat(result.status()).isEqualTo(Status.TIME_LIMIT);
    assertThat(result.steps()).isPositive();
    assertThat(result.elapsedSeconds()).isLessThan(60);
  }

  @Test
  void sendsTheLastResultOfAStoppedRunWhenItIsDoneAgain() {
    // Given
    DatasetMessage dataset =
        TestDatasets.gaussian(
            400,
            20,
            new TrainingPlan(
                List.of(TrainingMethod.ADAM), List.of(50), List.of(1L), 100_000_000, 5));
    stopIn(1);
    assertThatThrownBy(job(dataset, this::acknowledged)::run)
        .isInstanceOf(JobStoppedException.class);
    control = new JobControl();
    // When
    job(dataset, this::acknowledged).run();
    // Then
    assertThat(sent).extracting(TrainingMessage::endsRun).containsExactly(false, true);
    assertThat(sent).extracting(TrainingMessage::eventId).doesNotHaveDuplicates();
    assertThat(sent.get(1).run()).isEqualTo(sent.get(0).run());
    // Which of them is better is chance: Adam hands in where it stands.
    for (TrainingMessage result : sent) {
      Evidence.assertHolds(dataset, result);
    }
  }

  @Test
  void handsInNothingOfARunThatHasNoNetwork() {
    // Given
    DatasetMessage dataset = TestDatasets.scaled(1e200, 10, 2, List.of(2), 50, 20);
    control.stop(JobControl.Stop.SHUTDOWN);
    // When / Then
    assertThatThrownBy(job(dataset, this::acknowledged)::run)
        .isInstanceOf(JobStoppedException.class);
    assertThat(sent).isEmpty();
  }

  @Test
  void countsNoTimeInWhichItWaitsForTheBroker() {
    // Given: one acknowledgement takes longer than the whole budget
    DatasetMessage dataset = TestDatasets.gaussian(40, 4, List.of(3), 200, 4);
    TrainingJob job =
        job(
            dataset,
            result -> {
              sent.add(result);
              return sent.size() == 1
                  ? new CompletableFuture<Void>().completeOnTimeout(null, 5, TimeUnit.SECONDS)
                  : CompletableFuture.completedFuture(null);
            });
    // When
    job.run();
    // Then
    assertThat(sent).hasSize(8).allMatch(result -> result.steps() > 0);
    assertThat(sent).extracting(TrainingMessage::status).doesNotContain(Status.TIME_LIMIT);
  }

  @Test
  void failsOnlyTheRunsThatHaveNoLastResultYet() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(10, 2, List.of(2), 10, 20);
    job(dataset, this::acknowledged).run();
    List<TrainingMessage> before = List.of(sent.get(0), sent.get(1), sent.get(2).withMoreToCome());
    // When
    List<TrainingMessage> failures =
        TrainingJob.failures(
            dataset, before, "it died", new Environment("test", "17", "localhost", 1));
    // Then
    assertThat(failures)
        .extracting(TrainingMessage::run)
        .containsExactlyElementsOf(dataset.plan().training().runs().subList(2, 8));
    assertThat(failures)
        .allMatch(failure -> failure.status() == Status.FAILED)
        .allMatch(failure -> "it died".equals(failure.reason()));
  }

  @Test
  void refusesDataThatAreNotThoseOfTheirHash() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(5, 2, List.of(1), 1, 1);
    dataset.x().values()[0] += 1;
    // When / Then
    assertThatThrownBy(() -> DatasetProblem.of(dataset))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessageContaining(dataset.sha256());
  }

  private TrainingJob job(
      DatasetMessage dataset, Function<TrainingMessage, CompletableFuture<Void>> send) {
    return new TrainingJob(
        dataset,
        DatasetProblem.of(dataset),
        new Environment("test", "17", "localhost", 1),
        control,
        send,
        new ProgressReporter(
            dataset.experimentId(), "trainer-service", System::nanoTime, message -> {}));
  }

  private void stopIn(long seconds) {
    JobControl stopped = control;
    CompletableFuture.runAsync(
        () -> stopped.stop(JobControl.Stop.PARTITION_LOST),
        CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS));
  }

  private CompletableFuture<Void> acknowledged(TrainingMessage message) {
    sent.add(message);
    return CompletableFuture.completedFuture(null);
  }
}
