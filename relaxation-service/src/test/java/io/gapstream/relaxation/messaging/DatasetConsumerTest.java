package io.gapstream.relaxation.messaging;

import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.ProgressMessage;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.RelaxationMethod;
import io.gapstream.contracts.Status;
import io.gapstream.contracts.Topic;
import io.gapstream.relaxation.Evidence;
import io.gapstream.relaxation.TestDatasets;
import io.gapstream.servicekit.TestServers;
import io.gapstream.servicekit.TestTopics;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * The service on a real broker. What it sends is read back by a plain Kafka consumer and judged by
 * {@link Evidence}, which shares nothing with the solvers.
 */
@QuarkusTest
@WithTestResource(value = TestServers.class, scope = TestResourceScope.GLOBAL)
@TestProfile(DatasetConsumerTest.RareImprovements.class)
final class DatasetConsumerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int METHODS = RelaxationMethod.values().length;

  /** One improvement and one last result, however fast the machine is. */
  public static final class RareImprovements implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("gapstream.result-interval", "1h");
    }
  }

  @Test
  void answersADatasetWithEveryPlannedResult() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(30, 3, 20, 40, RelaxationMethod.values());
    // When
    TestTopics.send(Topic.DATASETS, dataset);
    // Then
    List<ConsumerRecord<String, byte[]>> records = recordsUntilLasts(dataset, METHODS);
    for (ConsumerRecord<String, byte[]> record : records) {
      RelaxationMessage result = TestTopics.read(Topic.RELAXATIONS, record);
      assertThat(record.key()).isEqualTo(dataset.experimentId());
      assertThat(header(record, "ce_id")).isEqualTo(result.eventId());
      assertThat(header(record, "ce_type")).isEqualTo("gap.relaxation.v1");
      assertThat(header(record, "ce_source")).isEqualTo("/gapstream/relaxation-service");
      assertThat(header(record, "ce_subject")).isEqualTo(dataset.experimentId());
      assertThat(header(record, "content-type")).isEqualTo("application/json");
      assertThat(result.status()).isNotEqualTo(Status.FAILED);
      assertThat(result.environment().software()).startsWith("relaxation-service ");
      Evidence.assertHolds(dataset, result);
    }
    assertThat(progress(dataset))
        .extracting(ProgressMessage::phase)
        .contains(ProgressMessage.Phase.STARTED, ProgressMessage.Phase.FINISHED);
  }

  @Test
  void answersWithinATinyBudget() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(100, 5, 0.001, 40, RelaxationMethod.values());
    // When
    TestTopics.send(Topic.DATASETS, dataset);
    // Then
    List<RelaxationMessage> lasts =
        messages(recordsUntilLasts(dataset, METHODS)).stream()
            .filter(RelaxationMessage::last)
            .toList();
    assertThat(lasts)
        .extracting(RelaxationMessage::method)
        .containsExactlyInAnyOrder(RelaxationMethod.values());
    assertThat(lasts.stream().mapToDouble(RelaxationMessage::elapsedSeconds).sum()).isLessThan(10);
    lasts.forEach(result -> Evidence.assertHolds(dataset, result));
  }

  @Test
  void answersADuplicateWithTheSameEvents() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(30, 3, 60, 40, RelaxationMethod.values());
    TestTopics.send(Topic.DATASETS, dataset);
    List<RelaxationMessage> first = messages(recordsUntilLasts(dataset, METHODS));
    // When
    TestTopics.send(Topic.DATASETS, dataset);
    // Then
    List<RelaxationMessage> both = messages(recordsUntilLasts(dataset, 2 * METHODS));
    List<RelaxationMessage> second = both.subList(first.size(), both.size());
    assertThat(second)
        .extracting(RelaxationMessage::eventId)
        .containsExactlyElementsOf(first.stream().map(RelaxationMessage::eventId).toList());
    assertThat(second)
        .extracting(RelaxationMessage::value)
        .containsExactlyElementsOf(first.stream().map(RelaxationMessage::value).toList());
  }

  @Test
  void putsWhatIsNoDatasetAsideAndGoesOn() {
    // Given
    DatasetMessage good = TestDatasets.gaussian(10, 2, 5, 10, RelaxationMethod.COLUMN_GENERATION);
    byte[] garbage = "no dataset ".repeat(300_000).getBytes(StandardCharsets.UTF_8);
    // When
    TestTopics.sendRaw(
        Topic.DATASETS.topicName(),
        good.experimentId(),
        Map.of("ce_type", Topic.DATASETS.eventType()),
        garbage);
    TestTopics.send(Topic.DATASETS, good);
    // Then
    assertThat(recordsUntilLasts(good, 1)).isNotEmpty();
    ConsumerRecord<String, byte[]> letter =
        records(Topic.DATASETS.deadLetterTopic("relaxation-service"), good, 1).get(0);
    assertThat(letter.value()).isEqualTo(garbage);
    assertThat(header(letter, "dead-letter-reason")).contains("Not a valid DatasetMessage");
    assertThat(header(letter, "dead-letter-topic")).isEqualTo(Topic.DATASETS.topicName());
  }

  @Test
  void isReadyAndCountsItsJobs() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(10, 2, 5, 10, RelaxationMethod.GATED);
    // When
    TestTopics.send(Topic.DATASETS, dataset);
    recordsUntilLasts(dataset, 1);
    // Then
    get("/q/health/live").then().statusCode(200);
    get("/q/health/ready").then().statusCode(200);
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(get("/q/metrics").asString())
                    .contains("gapstream_job_seconds_count{outcome=\"finished\"}")
                    .contains("gapstream_results_total{method=\"gated\"")
                    .contains("gapstream_job_age_seconds 0.0")
                    .contains("gapstream_jobs_capacity 1.0"));
  }

  private static List<ConsumerRecord<String, byte[]>> recordsUntilLasts(
      DatasetMessage dataset, int lasts) {
    return of(
        dataset,
        TestTopics.await(
            Topic.RELAXATIONS.topicName(),
            records ->
                messages(of(dataset, records)).stream().filter(RelaxationMessage::last).count()
                    >= lasts,
            PATIENCE));
  }

  private static List<ProgressMessage> progress(DatasetMessage dataset) {
    return records(Topic.PROGRESS.topicName(), dataset, 2 * METHODS).stream()
        .map(record -> TestTopics.read(Topic.PROGRESS, record))
        .toList();
  }

  private static List<ConsumerRecord<String, byte[]>> records(
      String topic, DatasetMessage dataset, int count) {
    return of(
        dataset,
        TestTopics.await(topic, records -> of(dataset, records).size() >= count, PATIENCE));
  }

  private static List<ConsumerRecord<String, byte[]>> of(
      DatasetMessage dataset, List<ConsumerRecord<String, byte[]>> records) {
    return records.stream().filter(r -> dataset.experimentId().equals(r.key())).toList();
  }

  private static List<RelaxationMessage> messages(List<ConsumerRecord<String, byte[]>> records) {
    return records.stream().map(record -> TestTopics.read(Topic.RELAXATIONS, record)).toList();
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
