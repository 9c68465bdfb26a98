package io.gapstream.datagenerator;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.RelaxationMethod;
import io.gapstream.contracts.RelaxationPlan;
import io.gapstream.contracts.RunPlan;
import io.gapstream.contracts.Topic;
import io.gapstream.contracts.TrainingMethod;
import io.gapstream.contracts.TrainingPlan;
import io.gapstream.datagenerator.application.Experiments;
import io.gapstream.datagenerator.application.Order;
import io.gapstream.datagenerator.application.Penalty;
import io.gapstream.datagenerator.application.Source;
import io.gapstream.numerics.data.Data;
import io.gapstream.servicekit.TestTopics;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * No worker runs: what waits is what the tests sent, and a worker's progress is what they commit as
 * its consumer group. The limits are small, and the budgets are counted here by hand.
 */
@QuarkusTest
@TestProfile(WaitingWorkTest.SmallLimits.class)
@WithTestResource(value = Broker.class, scope = TestResourceScope.GLOBAL)
class WaitingWorkTest {

  /** At most 100 s of work, in at most 12 datasets. */
  public static final class SmallLimits implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("gapstream.waiting.max-time", "100s", "gapstream.waiting.max-datasets", "12");
    }
  }

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final long WEEK = Duration.ofDays(7).toMillis();
  private static final AtomicLong SEED = new AtomicLong(1);

  @BeforeEach
  void nothingWaits() {
    Workers.keepFor(WEEK);
    // Seen after all that earlier tests sent, so that a gauge of 0 below is not one from before.
    Workers.finishAll(Workers.GROUPS);
    TestTopics.send(Topic.DATASETS, dataset(0.125, 0.125));
    awaitGauge("gapstream_waiting_work_seconds{group=\"relaxation-service\"}", 0.125);
    awaitGauge("gapstream_waiting_work_seconds{group=\"trainer-service\"}", 0.125);
    Workers.finishAll(Workers.GROUPS);
    awaitGauge("gapstream_waiting_datasets{group=\"relaxation-service\"}", 0);
    awaitGauge("gapstream_waiting_datasets{group=\"trainer-service\"}", 0);
    awaitGauge("gapstream_waiting_limit_seconds", 100);
  }

  @Test
  void takesNoMoreThanTheWorkersDoInTimeAndEverythingItTookIsOnTheTopic() {
    // When
    List<String> taken = new ArrayList<>();
    Response refused = post(20, 10);
    while (refused.statusCode() == 202 && taken.size() < 50) {
      taken.add(refused.jsonPath().getString("experimentId"));
      refused = post(20, 10);
    }
    // Then
    assertThat(taken).hasSize(5);
    assertThat(refused.statusCode()).as(refused.asString()).isEqualTo(429);
    assertThat(refused.contentType()).startsWith("application/problem+json");
    assertThat(refused.header("Retry-After")).isEqualTo("20");
    assertThat(refused.jsonPath().getString("detail"))
        .isEqualTo(
            "relaxation-service has up to 100 s of work waiting for one replica, and 20 s on top of"
                + " that are more than the 100 s that may wait; none of its replicas runs: start"
                + " relaxation-service, and repeat the request in 20 s.");
    for (String id : taken) {
      assertThat(DatasetTopic.records(id)).hasSize(1);
    }
    assertThat(post(0, 10).statusCode())
        .as("nothing for the group that has too much")
        .isEqualTo(202);
    // When
    Workers.finishAll(List.of("relaxation-service"));
    // Then
    awaitGauge("gapstream_waiting_work_seconds{group=\"relaxation-service\"}", 0);
    assertThat(post(20, 45).jsonPath().getString("detail"))
        .startsWith("trainer-service has up to 60 s of work");
    // When
    Workers.finishAll(List.of("trainer-service"));
    // Then
    await().atMost(SOON).until(() -> post(20, 45).statusCode() == 202);
  }

  @Test
  void countsWhatOthersSentAndWhatWasThereBefore() {
    // Given
    TestTopics.send(Topic.DATASETS, dataset(70, 0));
    TestTopics.send(Topic.DATASETS, dataset(15, 5));
    // When
    awaitGauge("gapstream_waiting_work_seconds{group=\"relaxation-service\"}", 85);
    awaitGauge("gapstream_waiting_work_seconds{group=\"trainer-service\"}", 5);
    // Then
    assertThat(post(20, 1).statusCode()).isEqualTo(429);
    assertThat(gauge("gapstream_waiting_age_seconds{group=\"relaxation-service\"}")).isPositive();
    assertThat(post(15, 1).statusCode()).isEqualTo(202);
    // When
    Workers.forget(Workers.GROUPS);
    // Then
    await()
        .atMost(SOON)
        .until(
            () ->
                gauge("gapstream_waiting_datasets{group=\"trainer-service\"}")
                    == DatasetTopic.size());
  }

  @Test
  void takesMoreWhenMoreReplicasShareTheWork() throws Exception {
    // Given
    for (int k = 0; k < 10; k++) {
      TestTopics.send(Topic.DATASETS, dataset(9.5, 0));
    }
    awaitGauge("gapstream_waiting_work_seconds{group=\"relaxation-service\"}", 95);
    assertThat(post(10, 0).statusCode()).isEqualTo(429);
    // When
    try (Worker first = new Worker("relaxation-service")) {
      // Then
      await()
          .atMost(SOON)
          .until(() -> detail(post(10, 0)).endsWith(" s, or start more of relaxation-service."));
      // When
      try (Worker second = new Worker("relaxation-service")) {
        // Then
        await().atMost(SOON).until(() -> post(10, 0).statusCode() == 202);
        assertThat(first).isNotSameAs(second);
      }
    }
  }

  private static String detail(Response response) {
    return response.jsonPath().getString("detail");
  }

  @Test
  void countsDatasetsWhateverTheirBudget() {
    // When
    for (int k = 0; k < 12; k++) {
      assertThat(post(0.01, 0).statusCode()).isEqualTo(202);
    }
    Response refused = post(0.01, 0);
    // Then
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).isEqualTo("1");
    assertThat(refused.jsonPath().getString("detail"))
        .startsWith("relaxation-service has 12 datasets waiting, and no more than 12 may wait");
  }

  @Test
  void takesAJobOfAnyBudgetWhenNothingWaitsForIt() {
    // When
    // Then
    assertThat(post(86_400, 50).statusCode()).isEqualTo(202);
    assertThat(post(1, 50).statusCode()).isEqualTo(429);
  }

  @Test
  void answersAnOverloadWith202And429Only() throws Exception {
    // Given
    ExecutorService clients = Executors.newFixedThreadPool(12);
    List<Future<Response>> answers = new ArrayList<>();
    // When
    for (int k = 0; k < 120; k++) {
      answers.add(clients.submit(() -> post(10, 10)));
    }
    // Then
    List<String> taken = new ArrayList<>();
    for (Future<Response> answer : answers) {
      Response response = answer.get();
      assertThat(response.statusCode()).as(response.asString()).isIn(202, 429);
      if (response.statusCode() == 202) {
        taken.add(response.jsonPath().getString("experimentId"));
      }
    }
    clients.shutdown();
    assertThat(taken).hasSize(10);
    for (String id : taken) {
      assertThat(DatasetTopic.records(id)).hasSize(1);
    }
  }

  @Test
  void takesNoMoreThanAQuarterOfTheRetentionAndKeepsWhatWaitsForLonger() {
    // Given
    Workers.finishAll(List.of("results-service"));
    Response taken = post(1, 1);
    assertThat(taken.statusCode()).as(taken.asString()).isEqualTo(202);
    // When
    Workers.keepFor(40_000);
    // Then
    awaitGauge("gapstream_waiting_limit_seconds", 10);
    assertThat(post(9.5, 1).jsonPath().getString("detail")).contains("the 10 s that may wait");
    assertThat(post(8.5, 1).statusCode()).isEqualTo(202);
    await().atMost(SOON).until(() -> Workers.retention() >= 80_000);
    assertThat(DatasetTopic.records(taken.jsonPath().getString("experimentId"))).hasSize(1);
  }

  private static DatasetMessage dataset(double relaxation, double training) {
    double seed = SEED.getAndIncrement();
    return new Experiments()
        .prepare(
            new Order(
                "other replica",
                null,
                Source.Given.inline(new Data(2, 1, new double[] {1, seed}, new double[] {1, 2})),
                false,
                false,
                new Penalty.Absolute(0.1),
                new RunPlan(
                    new RelaxationPlan(List.of(RelaxationMethod.GATED), 5, 1, relaxation),
                    new TrainingPlan(
                        training == 0 ? List.of() : List.of(TrainingMethod.ADAM),
                        List.of(3),
                        List.of(1L),
                        10,
                        training == 0 ? 1 : training))));
  }

  /** A budget of 0 stands for a plan without methods. */
  private static Response post(double relaxation, double training) {
    return given()
        .contentType("application/json")
        .body(
            """
            {"name": "waits", "generator": {"n": 5, "d": 2, "labels": "noise", "seed": %d}, "beta": 0.1,
             "plan": {"relaxation": {"methods": [%s], "budgetSeconds": %s},
                      "training": {"methods": [%s], "budgetSeconds": %s}}}
            """
                .formatted(
                    SEED.getAndIncrement(),
                    relaxation == 0 ? "" : "\"gated\"",
                    relaxation == 0 ? 1 : relaxation,
                    training == 0 ? "" : "\"adam\"",
                    training == 0 ? 1 : training))
        .post("/api/v1/experiments");
  }

  private static void awaitGauge(String name, double value) {
    await().atMost(SOON).untilAsserted(() -> assertThat(gauge(name)).isEqualTo(value));
  }

  private static double gauge(String name) {
    String line = name + " ";
    return given()
        .get("/q/metrics")
        .asString()
        .lines()
        .filter(text -> text.startsWith(line))
        .mapToDouble(text -> Double.parseDouble(text.substring(line.length())))
        .findFirst()
        .orElse(Double.NaN);
  }
}
