package io.gapstream.results;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gapstream.contracts.CloudEvents;
import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Topic;
import io.gapstream.results.application.Intake;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** One experiment under several names and in several studies. */
@QuarkusTest
@WithTestResource(Servers.class)
class LabelsTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Instant FIRST = Instant.parse("2026-01-02T03:04:05Z");

  @Inject Intake intake;
  @Inject Tables tables;

  private final String unique = UUID.randomUUID().toString();
  private final Sample sample = Sample.named("first " + unique, "study one " + unique);
  private final DatasetMessage second = sample.called("Second " + unique, "study two " + unique);
  private final DatasetMessage third = sample.called("third " + unique, null);

  @Test
  void takesTheSameExperimentUnderAnotherName() throws Exception {
    try (Records topics = new Records()) {
      // Given
      send(topics, sample.dataset(), FIRST);
      await().atMost(PATIENCE).until(() -> name().equals("first " + unique));
      // When
      send(topics, second, FIRST.plusSeconds(60));
      // Then
      await().atMost(PATIENCE).until(() -> name().equals("Second " + unique));
      assertThat(shown().getString("studyId")).isEqualTo("study two " + unique);
      assertThat(shown().getString("dataSha256")).isEqualTo(sample.dataset().sha256());
      assertThat(Records.heldRaw(Topic.DATASETS.deadLetterTopic("results-service")))
          .noneMatch(record -> sample.id().equals(record.key()));
    }
  }

  @Test
  void refusesWhatBearsTheIdOfAnotherAndTakesTheTrueOneAfterIt() throws Exception {
    try (Records topics = new Records()) {
      // Given
      DatasetMessage honest = sample.dataset();
      DatasetMessage forged =
          new DatasetMessage(
              honest.experimentId(),
              honest.studyId(),
              honest.name(),
              honest.origin(),
              honest.preprocessing(),
              honest.n(),
              honest.d(),
              honest.x(),
              honest.y(),
              honest.sha256(),
              2 * honest.beta(),
              honest.betaFraction(),
              honest.betaMax(),
              honest.plan());
      // When
      send(topics, forged, FIRST);
      send(topics, honest, FIRST.plusSeconds(1));
      // Then
      await().atMost(PATIENCE).until(() -> name().equals(honest.name()));
      assertThat(shown().getDouble("beta")).isEqualTo(honest.beta());
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(Records.heldRaw(Topic.DATASETS.deadLetterTopic("results-service")))
                      .filteredOn(record -> sample.id().equals(record.key()))
                      .hasSize(1));
    }
  }

  @Test
  void showsTheLabelGivenLastWhateverTheOrderAndHoweverOften() throws Exception {
    // Given
    List<Runnable> deliveries = new ArrayList<>();
    deliveries.add(() -> intake.dataset(sample.dataset(), FIRST));
    deliveries.add(() -> intake.dataset(second, FIRST.plusSeconds(60)));
    deliveries.add(() -> intake.dataset(third, FIRST.plusSeconds(120)));
    deliveries.add(() -> intake.dataset(sample.dataset(), FIRST.plusSeconds(90)));
    deliveries.addAll(List.copyOf(deliveries));
    for (int order = 0; order < 5; order++) {
      tables.forget(sample.id());
      Collections.shuffle(deliveries, new Random(order));
      // When
      deliveries.forEach(Runnable::run);
      // Then
      assertThat(name()).as("order %s", order).isEqualTo("third " + unique);
      assertThat(shown().getMap("$")).doesNotContainKey("studyId");
      assertThat(
              tables.query(
                  "select name from experiment_label where experiment_id = ? order by given_at",
                  sample.id()))
          .containsExactly("Second " + unique, "first " + unique, "third " + unique);
    }
  }

  @Test
  void findsAnExperimentByAnyOfItsLabels() {
    // Given
    intake.dataset(sample.dataset(), FIRST);
    intake.dataset(second, FIRST.plusSeconds(60));
    intake.dataset(third, FIRST.plusSeconds(120));
    // When
    List<List<String>> found =
        List.of(
            found("studyId", "study one " + unique),
            found("studyId", "study two " + unique),
            found("name", "FIRST " + unique),
            found("name", "second " + unique),
            found("name", unique));
    // Then
    assertThat(found).allSatisfy(ids -> assertThat(ids).containsExactly(sample.id()));
    assertThat(found("studyId", unique)).isEmpty();
  }

  @Test
  void givesNobodyTheLastLabelForGood() {
    // Given
    intake.dataset(sample.dataset(), Instant.parse("9999-01-01T00:00:00Z"));
    // When
    intake.dataset(second, Instant.now().plusSeconds(5));
    // Then
    assertThat(name()).isEqualTo("Second " + unique);
  }

  private static void send(Records topics, DatasetMessage message, Instant time) throws Exception {
    CloudEvents.Event event = CloudEvents.write(Topic.DATASETS, message, "test", time);
    topics.sendRaw(event.topic(), event.key(), event.headers(), event.value());
  }

  private JsonPath shown() {
    return given().get("/api/v1/certificates/" + sample.id()).jsonPath();
  }

  private String name() {
    return String.valueOf(shown().getString("name"));
  }

  private static List<String> found(String parameter, String value) {
    return given()
        .queryParams(Map.of(parameter, value))
        .get("/api/v1/certificates")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath()
        .getList("items.experimentId");
  }
}
