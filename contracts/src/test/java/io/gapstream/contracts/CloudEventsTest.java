package io.gapstream.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The headers stand in golden files, written by hand from the CloudEvents Kafka binding. */
class CloudEventsTest {

  private static final Instant TIME = Instant.parse("2026-02-03T04:05:06Z");

  @ParameterizedTest
  @CsvSource({
    "dataset.v1.generated,    gap.datasets.v1,     data-generator",
    "relaxation.v1.lower,     gap.relaxations.v1,  relaxation-service",
    "training.v1.converged,   gap.trainings.v1,    trainer-service",
    "training.v1.stopped,     gap.trainings.v1,    trainer-service",
    "certificate.v1,          gap.certificates.v1, results-service",
    "progress.v1.running,     gap.progress.v1,     relaxation-service"
  })
  void writesTheHeadersOfTheGoldenFile(String name, String topic, String source) {
    // When
    CloudEvents.Event event = write(Golden.topic(name), name, source);

    // Then
    assertThat(lines(event.headers()))
        .isEqualTo(new String(Golden.headers(name), StandardCharsets.UTF_8));
    assertThat(event.topic()).isEqualTo(topic);
    assertThat(event.key()).isEqualTo(Golden.EXPERIMENT);
    assertThat(event.value()).isEqualTo(Golden.json(name));
  }

  private static <M extends Message> CloudEvents.Event write(
      Topic<M> topic, String name, String source) {
    M message = MessageJson.read(Golden.json(name), topic.messageClass());
    return CloudEvents.write(topic, message, source, TIME);
  }

  private static String lines(Map<String, String> headers) {
    return headers.entrySet().stream()
        .map(header -> header.getKey() + ": " + header.getValue() + "\n")
        .collect(Collectors.joining());
  }

  @Test
  void readsWhatItWrote() {
    // When
    ProgressMessage read = read("gap.progress.v1", Golden.json("progress.v1.running"));

    // Then
    assertThat(read).isEqualTo(Golden.message("progress.v1.running"));
  }

  @Test
  void refusesTheTypeOfAnotherTopic() {
    assertThatThrownBy(() -> read("gap.training.v1", Golden.json("progress.v1.running")))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessage(
            "ce_type is 'gap.training.v1'; on gap.progress.v1 it must be 'gap.progress.v1'.");
  }

  @Test
  void refusesALaterVersion() {
    assertThatThrownBy(() -> read("gap.progress.v2", Golden.json("progress.v1.running")))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessageContaining("'gap.progress.v2'");
  }

  @Test
  void refusesARecordWithoutType() {
    assertThatThrownBy(() -> read(null, Golden.json("progress.v1.running")))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessageContaining("ce_type");
  }

  @Test
  void refusesARecordWithoutValue() {
    assertThatThrownBy(() -> read("gap.progress.v1", null))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessageContaining("no value");
  }

  @Test
  void refusesTheKeyOfAnotherExperiment() {
    // Given
    String other = "0".repeat(Golden.EXPERIMENT.length());

    // When
    // Then
    assertThatThrownBy(() -> read(other, "gap.progress.v1", Golden.json("progress.v1.running")))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessage(
            "The record's key is '"
                + other
                + "'; it must be the message's experimentId '"
                + Golden.EXPERIMENT
                + "'.");
  }

  @Test
  void refusesARecordWithoutKey() {
    assertThatThrownBy(() -> read(null, "gap.progress.v1", Golden.json("progress.v1.running")))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessageContaining("key is 'null'");
  }

  @Test
  void keepsTheReasonShortWhateverTheKeyHolds() {
    assertThatThrownBy(
            () ->
                read("k".repeat(1_000_000), "gap.progress.v1", Golden.json("progress.v1.running")))
        .isInstanceOf(InvalidMessageException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1_000));
  }

  @Test
  void keepsTheReasonShortWhateverTheTypeHolds() {
    assertThatThrownBy(() -> read("x".repeat(1_000_000), Golden.json("progress.v1.running")))
        .isInstanceOf(InvalidMessageException.class)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1_000));
  }

  private static ProgressMessage read(@Nullable String type, byte @Nullable [] value) {
    return read(Golden.EXPERIMENT, type, value);
  }

  private static ProgressMessage read(
      @Nullable String key, @Nullable String type, byte @Nullable [] value) {
    return CloudEvents.read(
        Topic.PROGRESS, key, type == null ? null : type.getBytes(StandardCharsets.UTF_8), value);
  }
}
