package io.gapstream.trainer.application;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Environment;
import io.gapstream.contracts.Status;
import io.gapstream.contracts.TrainingMessage;
import io.gapstream.servicekit.DatasetProblem;
import io.gapstream.servicekit.JobControl;
import io.gapstream.servicekit.ProgressReporter;
import io.gapstream.trainer.TestDatasets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class TrainingMemoryTest {

  @Test
  void refusesARunThatDoesNotFitWithTheNumbersAndGoesOnWithTheOthers() {
    // Given room for the narrow network and not for the wide one
    DatasetMessage dataset = TestDatasets.gaussian(20, 3, List.of(4, 400_000), 20, 60);
    long room = (long) TrainingJob.bytes(20, 3, 1_000);
    List<TrainingMessage> sent = new ArrayList<>();

    // When
    new TrainingJob(
            dataset,
            DatasetProblem.of(dataset),
            new Environment("test", "17", "localhost", 1),
            new JobControl(),
            message -> {
              sent.add(message);
              return CompletableFuture.completedFuture(null);
            },
            new ProgressReporter(
                dataset.experimentId(), "trainer-service", System::nanoTime, message -> {}),
            room)
        .run();

    // Then
    assertThat(sent)
        .filteredOn(message -> message.width() == 4)
        .hasSize(8)
        .noneMatch(message -> message.status() == Status.FAILED);
    assertThat(sent)
        .filteredOn(message -> message.width() == 400_000)
        .hasSize(8)
        .allSatisfy(
            message -> {
              assertThat(message.status()).isEqualTo(Status.FAILED);
              assertThat(message.reason())
                  .startsWith("Training a network of width 400000 on 20 rows of 3 columns")
                  .endsWith("lower the width or give the service a larger heap.");
            });
  }

  @Test
  void fitsTheWidestNetworkIntoTheHeapOfTheLocalStack() {
    assertThat(TrainingJob.bytes(390, 4_999, 400)).isLessThan(608e6);
    assertThat(TrainingJob.bytes(500_000, 3, 500_000)).isLessThan(608e6);
    assertThat(TrainingJob.bytes(2, 1, 1_000_000)).isLessThan(608e6);
  }
}
