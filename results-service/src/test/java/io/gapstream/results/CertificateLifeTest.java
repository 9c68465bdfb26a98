package io.gapstream.results;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gapstream.contracts.CertificateMessage;
import io.gapstream.contracts.LowerEvidence;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.Topic;
import io.gapstream.contracts.TrainingMessage;
import io.gapstream.contracts.Verdict;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/**
 * Messages in over the broker, certificates out over REST and the broker. What is expected follows
 * from {@link Sample}'s formulas.
 */
@QuarkusTest
@WithTestResource(Servers.class)
class CertificateLifeTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Inject Tables tables;
  @Inject ObjectMapper json;

  private final Sample sample = Sample.named("life " + UUID.randomUUID());

  @Test
  void makesACertificateOfADatasetAndTwoVerifiedBounds() throws Exception {
    try (Records topics = new Records()) {
      // Given
      RelaxationMessage lower = sample.lower(1, 1);
      TrainingMessage upper = sample.trainedWell(1);
      topics.send(Topic.DATASETS, sample.dataset());
      // When
      topics.send(Topic.RELAXATIONS, lower);
      topics.send(Topic.TRAININGS, upper);
      JsonNode certificate = certificateOnce(verdictIs("verified"));
      // Then
      assertThat(certificate.get("lower").doubleValue()).isEqualTo(lower.value());
      assertThat(certificate.get("upper").doubleValue()).isEqualTo(upper.value());
      assertThat(certificate.get("ratio").doubleValue())
          .isEqualTo(value(upper.value()) / value(lower.value()));
      assertThat(certificate.get("rung").asText()).isEqualTo("triangle");
      assertThat(certificate.get("version").asLong()).isEqualTo(1);
      assertThat(certificate.get("bestTraining").doubleValue()).isEqualTo(upper.value());
      assertThat(certificate.get("bestTrainingMethod").asText()).isEqualTo("adam");
      assertThat(certificate.get("completedResults").asInt()).isEqualTo(2);
      assertThat(certificate.get("plannedResults").asInt()).isEqualTo(4);
      assertThat(certificate.get("complete").asBoolean()).isFalse();
      assertThat(certificate.has("estimateGated")).isFalse();
      assertThat(certificate.get("results")).hasSize(2);
    }
  }

  @Test
  void keepsClaimsUntilTheirDatasetComes() throws Exception {
    try (Records topics = new Records()) {
      // Given
      topics.send(Topic.RELAXATIONS, sample.lower(1, 1));
      topics.send(Topic.RELAXATIONS, sample.estimate(0.75));
      topics.send(Topic.TRAININGS, sample.trainedWell(1));
      topics.send(Topic.TRAININGS, sample.trainedToZero(2));
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  tables
                      .query(
                          "select count(*) from pending_claim where experiment_id = ?", sample.id())
                      .equals(List.of("4")));
      // When
      topics.send(Topic.DATASETS, sample.dataset());
      JsonNode certificate = certificateOnce(found -> found.get("complete").asBoolean());
      // Then
      assertThat(certificate.get("verdict").asText()).isEqualTo("verified");
      assertThat(certificate.get("estimateGated").doubleValue()).isEqualTo(0.75);
      assertThat(certificate.get("completedResults").asInt()).isEqualTo(4);
      assertThat(
              tables.query(
                  "select count(*) from pending_claim where experiment_id = ?", sample.id()))
          .containsExactly("0");
    }
  }

  @Test
  void tightensWithBetterBoundsAndNeverLoosens() throws Exception {
    try (Records topics = new Records()) {
      // Given
      topics.send(Topic.DATASETS, sample.dataset());
      topics.send(Topic.RELAXATIONS, sample.lower(1, 0.5));
      topics.send(Topic.TRAININGS, sample.trainedToZero(1));
      certificateOnce(versionIs(1));
      topics.send(Topic.RELAXATIONS, sample.lower(2, 1));
      certificateOnce(versionIs(2));
      topics.send(Topic.TRAININGS, sample.trainedWell(2));
      certificateOnce(versionIs(3));
      // When
      topics.send(Topic.RELAXATIONS, sample.lower(3, 0.7));
      topics.send(Topic.RELAXATIONS, sample.estimate(1));
      JsonNode certificate = certificateOnce(found -> found.has("estimateGated"));
      JsonNode history = json.readTree(get("/api/v1/certificates/" + sample.id() + "/history"));
      // Then
      assertThat(certificate.get("version").asLong()).isEqualTo(3);
      assertThat(certificate.get("lower").doubleValue()).isEqualTo(sample.lower(2, 1).value());
      assertThat(certificate.get("upper").doubleValue()).isEqualTo(sample.trainedWell(2).value());
      assertThat(history.get("items").findValuesAsText("version")).containsExactly("1", "2", "3");
      assertThat(history.get("items").findValuesAsText("cause").subList(1, 3))
          .containsExactly("lifted: lower bound", "adam width 10 seed 2: upper bound");
    }
  }

  @Test
  void publishesEveryVersionInOrder() throws Exception {
    try (Records topics = new Records()) {
      // Given
      topics.send(Topic.DATASETS, sample.dataset());
      topics.send(Topic.TRAININGS, sample.trainedToZero(1));
      // When
      for (int revision = 1; revision <= 5; revision++) {
        topics.send(Topic.RELAXATIONS, sample.lower(revision, revision / 5.0));
        int version = revision;
        certificateOnce(versionIs(version));
      }
      // Then
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(
                          Records.held(Topic.CERTIFICATES).stream()
                              .filter(message -> message.experimentId().equals(sample.id()))
                              .map(message -> message.version()))
                      .containsExactly(1L, 2L, 3L, 4L, 5L));
    }
  }

  @Test
  void keepsRefutedClaimsAndNeverShowsThemAsBounds() throws Exception {
    try (Records topics = new Records()) {
      // Given
      LowerEvidence evidence = sample.triangle(1);
      RelaxationMessage raised =
          sample.lower(1, 1.001 * value(sample.lower(1, 1).value()), evidence);
      TrainingMessage foreign =
          sample.trained(
              1,
              sample.trainedWell(1).value(),
              Sample.named("of another instance").plantedNetwork());
      double before = refutedCounter();
      topics.send(Topic.DATASETS, sample.dataset());
      // When
      for (int times = 0; times < 2; times++) {
        topics.send(Topic.RELAXATIONS, raised);
        topics.send(Topic.TRAININGS, foreign);
      }
      topics.send(Topic.TRAININGS, sample.trainedToZero(2));
      JsonNode certificate = certificateOnce(found -> found.get("completedResults").asInt() == 3);
      // Then
      assertThat(certificate.get("verdict").asText()).isEqualTo("pending");
      assertThat(certificate.has("lower")).isFalse();
      assertThat(certificate.get("upper").doubleValue()).isEqualTo(sample.trainedToZero(2).value());
      assertThat(certificate.get("results").findValuesAsText("verdict"))
          .containsExactly("refuted", "refuted", "verified");
      assertThat(certificate.get("results").get(0).has("value")).isFalse();
      assertThat(certificate.get("results").get(0).get("reason").asText()).isNotEmpty();
      assertThat(
              tables.query(
                  "select kind from refuted_claim where experiment_id = ? order by kind",
                  sample.id()))
          .containsExactly("lower", "upper");
      assertThat(refutedCounter() - before).isEqualTo(2);
    }
  }

  @Test
  void withdrawsACertificateWhoseVerifiedBoundsContradictEachOther() throws Exception {
    try (Records topics = new Records()) {
      // Given
      topics.send(Topic.DATASETS, sample.dataset());
      topics.send(Topic.RELAXATIONS, sample.lower(1, 1));
      certificateOnce(found -> found.has("lower"));
      // A verifier that is wrong cannot be had, so its mistake is put into the table by hand.
      tables.update(
          "update result set value = 1e6 where experiment_id = ? and kind = 'lower'", sample.id());
      // When
      topics.send(Topic.TRAININGS, sample.trainedWell(1));
      JsonNode certificate = certificateOnce(verdictIs("refuted"));
      // Then
      assertThat(certificate.has("lower")).isFalse();
      assertThat(certificate.has("upper")).isFalse();
      assertThat(certificate.get("version").asLong()).isZero();
      assertThat(
              tables.query(
                  "select octet_length(lower_evidence) > 0 and octet_length(upper_evidence) > 0"
                      + " from contradiction where experiment_id = ?",
                  sample.id()))
          .containsExactly("t");
      assertThat(tables.query("select version from outbox where experiment_id = ?", sample.id()))
          .isEmpty();
    }
  }

  @Test
  void tellsTheTopicThatACertificateIsWithdrawnAndPublishesNoOtherAfterIt() throws Exception {
    try (Records topics = new Records()) {
      // Given
      topics.send(Topic.DATASETS, sample.dataset());
      topics.send(Topic.RELAXATIONS, sample.lower(1, 0.5));
      topics.send(Topic.TRAININGS, sample.trainedToZero(1));
      certificateOnce(versionIs(1));
      tables.update(
          "update result set value = 1e6 where experiment_id = ? and kind = 'lower'", sample.id());
      // When
      topics.send(Topic.TRAININGS, sample.trainedWell(1));
      certificateOnce(verdictIs("refuted"));
      tables.update(
          "update result set value = 0 where experiment_id = ? and kind = 'lower'", sample.id());
      topics.send(Topic.RELAXATIONS, sample.lower(2, 1));
      topics.send(Topic.TRAININGS, sample.trainedWell(2));
      JsonNode certificate = certificateOnce(found -> found.get("completedResults").asInt() == 3);
      // Then
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(
                          tables.query(
                              "select 1 from outbox where experiment_id = ? and sent_at is null",
                              sample.id()))
                      .isEmpty());
      List<CertificateMessage> published =
          Records.held(Topic.CERTIFICATES).stream()
              .filter(message -> message.experimentId().equals(sample.id()))
              .distinct() // at least once
              .toList();
      assertThat(published)
          .extracting(CertificateMessage::version, CertificateMessage::verdict)
          .containsExactly(tuple(1L, Verdict.VERIFIED), tuple(2L, Verdict.REFUTED));
      assertThat(published.get(1).lower()).isNull();
      assertThat(published.get(1).upper()).isNull();
      assertThat(certificate.get("verdict").asText()).isEqualTo("refuted");
      assertThat(certificate.has("lower")).isFalse();
    }
  }

  @Test
  void setsWhatItCannotReadAsideAndGoesOn() throws Exception {
    try (Records topics = new Records()) {
      // Given
      String key = sample.id();
      Map<String, String> headers = Map.of("ce_type", Topic.DATASETS.eventType());
      byte[] malformed = ("{\"name\":\"" + key + "\"}").getBytes();
      // When
      topics.sendRaw(Topic.DATASETS.topicName(), key, headers, malformed);
      topics.send(Topic.DATASETS, sample.dataset());
      certificateOnce(verdictIs("pending"));
      // Then
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(Records.heldRaw(Topic.DATASETS.deadLetterTopic("results-service")))
                      .filteredOn(record -> key.equals(record.key()))
                      .singleElement()
                      .satisfies(
                          record -> {
                            assertThat(record.value()).isEqualTo(malformed);
                            assertThat(
                                    new String(
                                        record.headers().lastHeader("dead-letter-reason").value()))
                                .contains("Not a valid DatasetMessage");
                          }));
    }
  }

  @Test
  void refusesADatasetWhoseHashIsNotThatOfItsNumbers() throws Exception {
    try (Records topics = new Records()) {
      // Given
      var honest = sample.dataset();
      var forged =
          new io.gapstream.contracts.DatasetMessage(
              honest.experimentId(),
              null,
              honest.name(),
              honest.origin(),
              honest.preprocessing(),
              honest.n(),
              honest.d(),
              honest.x(),
              honest.y(),
              "0".repeat(64),
              honest.beta(),
              null,
              honest.betaMax(),
              honest.plan());
      // When
      topics.send(Topic.DATASETS, forged);
      // Then
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(Records.heldRaw(Topic.DATASETS.deadLetterTopic("results-service")))
                      .anyMatch(record -> sample.id().equals(record.key())));
      assertThat(tables.query("select id from experiment where id = ?", sample.id())).isEmpty();
    }
  }

  private JsonNode certificateOnce(Predicate<JsonNode> holds) {
    return await()
        .atMost(PATIENCE)
        .until(
            () -> {
              var response = given().get("/api/v1/certificates/" + sample.id());
              return response.statusCode() == 200
                  ? json.readTree(response.asString())
                  : json.createObjectNode();
            },
            found -> found.has("experimentId") && holds.test(found));
  }

  private static Predicate<JsonNode> verdictIs(String verdict) {
    return certificate -> certificate.get("verdict").asText().equals(verdict);
  }

  private static Predicate<JsonNode> versionIs(long version) {
    return certificate -> certificate.get("version").asLong() == version;
  }

  private static String get(String path) {
    return given().get(path).then().statusCode(200).extract().asString();
  }

  private static double refutedCounter() {
    return get("/q/metrics")
        .lines()
        .filter(line -> line.startsWith("gapstream_claims_refuted_total"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static double value(@org.jspecify.annotations.Nullable Double value) {
    return Objects.requireNonNull(value);
  }
}
