package io.gapstream.relaxation.application;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Environment;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.RelaxationMethod;
import io.gapstream.contracts.Status;
import io.gapstream.numerics.lifted.LiftedSolver;
import io.gapstream.relaxation.Evidence;
import io.gapstream.relaxation.TestDatasets;
import io.gapstream.servicekit.DatasetProblem;
import io.gapstream.servicekit.JobControl;
import io.gapstream.servicekit.ProgressReporter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class JobMemoryTest {

  private static final double MEGABYTE = 1e6;

  @Test
  void refusesWhatDoesNotFitWithTheNumbersAndTheFix() {
    // Given
    JobMemory memory = new JobMemory(2_000_000);

    // When / Then
    assertThatCode(() -> memory.require("A method", 2e6, 30, 3, "use less"))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> memory.require("A method", 2.5e6, 30, 3, "use less"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "A method on 30 rows and 3 columns takes about 3 MB of memory and 2 MB are free for it;"
                + " use less or give the service a larger heap.");
  }

  @Test
  void countsTheMatricesOfTheOrderOfTheColumns() {
    // Eight of 200 MB: the solver's, and those of both signs while they are checked.
    assertThat(JobMemory.lifted(390, 4_999)).isBetween(1_600 * MEGABYTE, 1_900 * MEGABYTE);
    assertThat(JobMemory.coneDecomposition(390, 4_999)).isGreaterThan(200 * MEGABYTE);
    assertThat(JobMemory.gated(390, 4_999)).isGreaterThan(500 * MEGABYTE);
    assertThat(JobMemory.lifted(100, 10)).isLessThan(MEGABYTE);
  }

  @Test
  void endsWhatDoesNotFitAndGoesOnWithTheOthers() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(30, 3, 20, 40, RelaxationMethod.values());
    List<RelaxationMessage> sent = new ArrayList<>();

    // When
    new RelaxationJob(
            dataset,
            DatasetProblem.of(dataset),
            new RelaxationJob.Settings(Duration.ofHours(1), 1L << 30, 2, 1_000),
            new Environment("test", "17", "localhost", 1),
            new JobControl(),
            message -> {
              sent.add(message);
              return CompletableFuture.completedFuture(null);
            },
            new ProgressReporter(
                dataset.experimentId(), "relaxation-service", System::nanoTime, message -> {}))
        .run();

    // Then the bound that takes no matrices is there all the same
    assertThat(sent).extracting(RelaxationMessage::method).isEqualTo(BudgetShare.ORDER);
    assertThat(sent.get(0).status()).isEqualTo(Status.ITERATION_LIMIT);
    assertThat(sent.get(0).value())
        .isEqualTo(LiftedSolver.triangle(TestDatasets.problem(dataset)).value())
        .isPositive();
    assertThat(sent.get(0).measures()).containsKeys("bytesNeeded", "bytesFree");
    Evidence.assertHolds(dataset, sent.get(0));
    assertThat(sent.subList(1, 4))
        .allSatisfy(
            message -> {
              assertThat(message.status()).isEqualTo(Status.FAILED);
              assertThat(message.reason())
                  .contains("MB of memory and 0 MB are free")
                  .endsWith("or give the service a larger heap.");
            });
  }
}
