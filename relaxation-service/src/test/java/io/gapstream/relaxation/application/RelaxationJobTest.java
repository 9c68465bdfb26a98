package io.gapstream.relaxation.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Environment;
import io.gapstream.contracts.InvalidMessageException;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.RelaxationMethod;
import io.gapstream.contracts.Status;
import io.gapstream.relaxation.Evidence;
import io.gapstream.relaxation.TestDatasets;
import io.gapstream.servicekit.DatasetProblem;
import io.gapstream.servicekit.JobControl;
import io.gapstream.servicekit.JobStoppedException;
import io.gapstream.servicekit.ProgressReporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Runs real solvers and judges what they send by its evidence alone: {@link Evidence} evaluates the
 * networks itself and asks the verifier, which knows nothing of the solvers.
 */
final class RelaxationJobTest {

  private static final long GIBIBYTE = 1L << 30;

  private final List<RelaxationMessage> sent = new ArrayList<>();
  private final JobControl control = new JobControl();

  @Test
  void sendsOneLastResultOfEveryMethodWithEvidenceThatHolds() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(30, 3, 20, 40, RelaxationMethod.values());
    // When
    job(dataset, this::acknowledged).run();
    // Then
    assertThat(lasts())
        .extracting(RelaxationMessage::method)
        .containsExactlyElementsOf(BudgetShare.ORDER);
    assertThat(lasts()).noneMatch(result -> result.status() == Status.FAILED);
    sent.forEach(result -> Evidence.assertHolds(dataset, result));
    assertThat(last(RelaxationMethod.LIFTED).value())
        .isLessThanOrEqualTo(last(RelaxationMethod.COLUMN_GENERATION).value());
    assertThat(last(RelaxationMethod.LIFTED).measures()).containsKey("relaxedValue");
    assertThat(last(RelaxationMethod.GATED).measures())
        .containsKeys("relativeGap", "dualValue", "patterns");
    assertThat(last(RelaxationMethod.CONE_DECOMPOSITION).measures()).containsKey("blowUp");
  }

  /** In as many columns as there are rows the interval is narrow; in all of them it was 4 wide. */
  @Test
  void closesTheGapOnMoreColumnsThanRows() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(30, 300, 20, 40, RelaxationMethod.values());
    // When
    job(dataset, this::acknowledged).run();
    // Then: every piece of evidence holds in the columns that were sent
    assertThat(lasts()).noneMatch(result -> result.status() == Status.FAILED);
    sent.forEach(result -> Evidence.assertHolds(dataset, result));
    double lower = Objects.requireNonNull(last(RelaxationMethod.LIFTED).value());
    assertThat(last(RelaxationMethod.COLUMN_GENERATION).value()).isBetween(lower, 1.02 * lower);
  }

  @Test
  void sendsALastResultOfEveryMethodEvenWithoutTime() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(60, 5, 1e-6, 40, RelaxationMethod.values());
    // When
    job(dataset, this::acknowledged).run();
    // Then
    assertThat(lasts())
        .extracting(RelaxationMessage::method)
        .containsExactlyElementsOf(BudgetShare.ORDER);
    assertThat(lasts()).noneMatch(result -> result.status() == Status.FAILED);
    sent.forEach(result -> Evidence.assertHolds(dataset, result));
  }

  @Test
  void solvesTheGatedProgramForASplitThatWasAskedForAlone() {
    // Given
    DatasetMessage dataset =
        TestDatasets.gaussian(30, 3, 20, 40, RelaxationMethod.CONE_DECOMPOSITION);
    // When
    job(dataset, this::acknowledged).run();
    // Then
    assertThat(lasts())
        .extracting(RelaxationMessage::method)
        .containsExactly(RelaxationMethod.CONE_DECOMPOSITION);
    Evidence.assertHolds(dataset, sent.get(0));
  }

  @Test
  void countsRevisionsFromOneAndEndsWithTheLast() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(30, 3, 20, 40, RelaxationMethod.LIFTED);
    // When
    job(dataset, this::acknowledged).run();
    // Then
    for (int i = 0; i < sent.size(); i++) {
      assertThat(sent.get(i).revision()).isEqualTo(i + 1);
      assertThat(sent.get(i).last()).isEqualTo(i == sent.size() - 1);
    }
  }

  @Test
  void sendsTheSameResultsWhenTheJobIsDoneAgain() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(30, 3, 60, 40, RelaxationMethod.values());
    job(dataset, this::acknowledged).run();
    List<RelaxationMessage> first = List.copyOf(sent);
    sent.clear();
    // When
    job(dataset, this::acknowledged).run();
    // Then
    assertThat(sent)
        .extracting(RelaxationMessage::eventId)
        .containsExactlyElementsOf(first.stream().map(RelaxationMessage::eventId).toList());
    assertThat(sent)
        .extracting(RelaxationMessage::value)
        .containsExactlyElementsOf(first.stream().map(RelaxationMessage::value).toList());
  }

  @Test
  void saysWhyAMethodFailsAndGoesOnWithTheOthers() {
    // Given
    DatasetMessage dataset =
        TestDatasets.gaussian(
            30, 3, 20, 1_000_000, RelaxationMethod.GATED, RelaxationMethod.COLUMN_GENERATION);
    // When
    new RelaxationJob(
            dataset,
            DatasetProblem.of(dataset),
            new RelaxationJob.Settings(Duration.ofHours(1), 1_000_000, 2),
            new Environment("test", "17", "localhost", 1),
            control,
            this::acknowledged,
            progress(dataset))
        .run();
    // Then
    assertThat(last(RelaxationMethod.GATED).status()).isEqualTo(Status.FAILED);
    assertThat(last(RelaxationMethod.GATED).reason())
        .startsWith("1000000 patterns of 30 rows")
        .contains("ask for fewer patterns");
    assertThat(last(RelaxationMethod.COLUMN_GENERATION).value()).isPositive();
  }

  @Test
  void sendsNothingMoreOnceTheServiceStops() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(60, 5, 60, 40, RelaxationMethod.values());
    RelaxationJob job =
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

  @Test
  void countsNoTimeInWhichItWaitsForTheBroker() {
    // Given: one acknowledgement takes longer than the whole budget
    DatasetMessage dataset =
        TestDatasets.gaussian(
            30, 3, 4, 40, RelaxationMethod.LIFTED, RelaxationMethod.COLUMN_GENERATION);
    RelaxationJob job =
        job(
            dataset,
            result -> {
              sent.add(result);
              return result.last() && result.method() == RelaxationMethod.LIFTED
                  ? new CompletableFuture<Void>().completeOnTimeout(null, 5, TimeUnit.SECONDS)
                  : CompletableFuture.completedFuture(null);
            });
    // When
    job.run();
    // Then
    RelaxationMessage afterwards = last(RelaxationMethod.COLUMN_GENERATION);
    assertThat(afterwards.status()).isEqualTo(Status.CONVERGED);
    assertThat(afterwards.iterations()).isPositive();
    assertThat(sent.stream().mapToDouble(RelaxationMessage::elapsedSeconds).max().orElseThrow())
        .isLessThan(5);
  }

  @Test
  void handsInTheBestBoundsThatItHasWhenItIsStopped() {
    // Given: more than can be solved in this time
    DatasetMessage dataset =
        TestDatasets.gaussian(200, 12, 600, 40, RelaxationMethod.COLUMN_GENERATION);
    CompletableFuture.runAsync(
        () -> control.stop(JobControl.Stop.PARTITION_LOST),
        CompletableFuture.delayedExecutor(3, TimeUnit.SECONDS));
    // When / Then
    assertThatThrownBy(job(dataset, this::acknowledged)::run)
        .isInstanceOf(JobStoppedException.class);
    assertThat(sent).hasSize(2).noneMatch(RelaxationMessage::last);
    sent.forEach(result -> Evidence.assertHolds(dataset, result));
    assertThat(sent.get(1).value()).isLessThan(sent.get(0).value());
  }

  @Test
  void failsOnlyWhatHasNoLastResultYet() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(30, 3, 20, 40, RelaxationMethod.values());
    job(dataset, this::acknowledged).run();
    List<RelaxationMessage> before =
        sent.stream()
            .filter(result -> result.method() == RelaxationMethod.LIFTED || !result.last())
            .toList();
    // When
    List<RelaxationMessage> failures =
        RelaxationJob.failures(
            dataset, before, "it died", new Environment("test", "17", "localhost", 1));
    // Then
    assertThat(failures)
        .extracting(RelaxationMessage::method)
        .containsExactly(
            RelaxationMethod.COLUMN_GENERATION,
            RelaxationMethod.GATED,
            RelaxationMethod.CONE_DECOMPOSITION);
    assertThat(failures)
        .allMatch(RelaxationMessage::last)
        .allMatch(failure -> failure.status() == Status.FAILED)
        .allMatch(failure -> "it died".equals(failure.reason()));
    assertThat(failures)
        .extracting(RelaxationMessage::eventId)
        .doesNotContainAnyElementsOf(before.stream().map(RelaxationMessage::eventId).toList());
  }

  @Test
  void refusesDataThatAreNotThoseOfTheirHash() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(5, 2, 1, 5, RelaxationMethod.GATED);
    dataset.y().values()[0] += 1;
    // When / Then
    assertThatThrownBy(() -> DatasetProblem.of(dataset))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessageContaining(dataset.sha256());
  }

  private RelaxationJob job(
      DatasetMessage dataset, Function<RelaxationMessage, CompletableFuture<Void>> send) {
    return new RelaxationJob(
        dataset,
        DatasetProblem.of(dataset),
        new RelaxationJob.Settings(Duration.ofHours(1), GIBIBYTE, 2),
        new Environment("test", "17", "localhost", 1),
        control,
        send,
        progress(dataset));
  }

  private static ProgressReporter progress(DatasetMessage dataset) {
    return new ProgressReporter(
        dataset.experimentId(), "relaxation-service", System::nanoTime, message -> {});
  }

  private CompletableFuture<Void> acknowledged(RelaxationMessage message) {
    sent.add(message);
    return CompletableFuture.completedFuture(null);
  }

  private List<RelaxationMessage> lasts() {
    return sent.stream().filter(RelaxationMessage::last).toList();
  }

  private RelaxationMessage last(RelaxationMethod method) {
    return lasts().stream().filter(result -> result.method() == method).findFirst().orElseThrow();
  }
}
