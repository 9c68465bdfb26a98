package io.gapstream.results.messaging;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gapstream.contracts.CertificateMessage;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.Topic;
import io.gapstream.contracts.TrainingMessage;
import io.gapstream.results.Records;
import io.gapstream.results.Sample;
import io.gapstream.results.Servers;
import io.gapstream.results.Tables;
import io.gapstream.results.application.Intake;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Kills the database and the broker under the running service and starts them again on the same
 * data.
 */
@QuarkusTest
@WithTestResource(Servers.class)
class OutageTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @Inject Intake intake;
  @Inject Tables tables;

  private final Sample sample = Sample.named("outage " + UUID.randomUUID());

  @Test
  void losesNoMessageThatComesWhileTheDatabaseIsDown() throws Exception {
    try (Records topics = new Records()) {
      // Given
      topics.send(Topic.DATASETS, sample.dataset());
      awaitRows("select id from experiment where id = ?", 1);
      Servers.postgres().kill();
      await().atMost(PATIENCE).until(() -> !Servers.postgres().isAlive());
      // When
      topics.send(Topic.RELAXATIONS, sample.lower(1, 1));
      topics.send(Topic.TRAININGS, sample.trainedWell(1));
      await().atMost(PATIENCE).until(() -> health("ready") == 503);
      int live = health("live");
      Response list = given().get("/api/v1/certificates");
      Servers.restartPostgres();
      // Then
      assertThat(live).isEqualTo(200);
      assertThat(list.statusCode()).isEqualTo(503);
      assertThat(list.header("Retry-After")).isEqualTo("5");
      assertThat(list.contentType()).startsWith("application/problem+json");
      awaitRows("select version from certificate where experiment_id = ? and version = 1", 1);
      for (Topic<?> topic : List.of(Topic.RELAXATIONS, Topic.TRAININGS)) {
        assertThat(Records.heldRaw(topic.deadLetterTopic("results-service")))
            .noneMatch(record -> sample.id().equals(record.key()));
      }
      await().atMost(PATIENCE).until(() -> health("ready") == 200);
    }
  }

  @Test
  void sendsEveryVersionOnceTheBrokerIsBack() throws Exception {
    // Given
    intake.dataset(sample.dataset());
    TrainingMessage upper = sample.trainedWell(1);
    intake.training(upper, MessageJson.write(upper));
    Servers.broker().kill();
    await().atMost(PATIENCE).until(() -> !Servers.broker().isAlive());
    // When
    for (int revision = 1; revision <= 4; revision++) {
      RelaxationMessage lower = sample.lower(revision, revision / 4.0);
      intake.relaxation(lower, MessageJson.write(lower));
    }
    Thread.sleep(3000); // long enough for the relay to have tried
    List<String> unsent =
        tables.query(
            "select version from outbox where experiment_id = ? and sent_at is null", sample.id());
    int live = health("live");
    Servers.restartBroker();
    // Then
    assertThat(unsent).hasSize(4);
    assertThat(live).isEqualTo(200);
    awaitRows("select version from outbox where experiment_id = ? and sent_at is not null", 4);
    List<Long> versions =
        Records.held(Topic.CERTIFICATES).stream()
            .filter(message -> message.experimentId().equals(sample.id()))
            .map(CertificateMessage::version)
            .distinct() // at least once
            .toList();
    assertThat(versions).containsExactly(1L, 2L, 3L, 4L);
  }

  private void awaitRows(String sql, int count) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(tables.query(sql, sample.id())).hasSize(count));
  }

  private static int health(String kind) {
    return given().get("/q/health/" + kind).statusCode();
  }
}
