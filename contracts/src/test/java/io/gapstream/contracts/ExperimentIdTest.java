package io.gapstream.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The expected ids were computed by a script in another language from the form in docs/messages.md
 * and the golden files.
 */
class ExperimentIdTest {

  @ParameterizedTest
  @CsvSource({
    "dataset.v1.generated, d55872c1b1eb708a14dd813b49b06ee8",
    "dataset.v1.uploaded, 749396796247c860a592e82f28a0248e",
    "dataset.v1.float32, 73836c731842a77386c3994e46930d70",
  })
  void isTheHashOfWhatTheMessageSays(String name, String expected) {
    // Given
    DatasetMessage message = (DatasetMessage) Golden.message(name);
    // When
    String id = ExperimentId.of(message);
    // Then
    assertThat(id).isEqualTo(expected);
  }

  @Test
  void changesWithWhateverDecidesWhatIsSolvedAndNotWithLabels() {
    // Given
    DatasetMessage golden = (DatasetMessage) Golden.message("dataset.v1.uploaded");
    Double fraction = golden.betaFraction();
    // When
    List<DatasetMessage> others =
        List.of(
            with(golden, Math.nextUp(golden.beta()), fraction, golden.betaMax(), golden.plan()),
            with(golden, golden.beta(), 0.625, golden.betaMax(), golden.plan()),
            with(golden, golden.beta(), fraction, Math.nextUp(golden.betaMax()), golden.plan()),
            with(
                golden,
                golden.beta(),
                fraction,
                golden.betaMax(),
                ((DatasetMessage) Golden.message("dataset.v1.float32")).plan()));
    DatasetMessage renamed =
        DatasetMessage.of(
            "another study",
            "another name",
            Origin.upload("another file.csv"),
            golden.preprocessing(),
            golden.x(),
            golden.y(),
            golden.sha256(),
            golden.beta(),
            fraction,
            golden.betaMax(),
            golden.plan());
    // Then
    String id = ExperimentId.of(golden);
    assertThat(others).extracting(ExperimentId::of).doesNotContain(id).doesNotHaveDuplicates();
    assertThat(renamed.experimentId()).isEqualTo(id);
    assertThatCode(() -> ExperimentId.require(renamed)).doesNotThrowAnyException();
    assertThatThrownBy(() -> ExperimentId.require(golden))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessageContainingAll(golden.experimentId(), id);
  }

  private static DatasetMessage with(
      DatasetMessage golden, double beta, @Nullable Double fraction, double betaMax, RunPlan plan) {
    return DatasetMessage.of(
        golden.studyId(),
        golden.name(),
        golden.origin(),
        golden.preprocessing(),
        golden.x(),
        golden.y(),
        golden.sha256(),
        beta,
        fraction,
        betaMax,
        plan);
  }
}
