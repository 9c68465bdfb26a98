package io.gapstream.trainer.messaging;

import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.ProgressMessage;
import io.gapstream.contracts.Status;
import io.gapstream.contracts.Topic;
import io.gapstream.contracts.TrainingMessage;
import io.gapstream.servicekit.TestServers;
import io.gapstream.servicekit.TestTopics;
import io.gapstream.trainer.Evidence;
import io.gapstream.trainer.TestDatasets;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * The service on a real broker. What it sends is read back by a plain Kafka consumer and judged by
 * {@link Evidence}, which shares nothing with training.
 */
@QuarkusTest
@WithTestResource(value = TestServers.class, scope = TestResourceScope.GLOBAL)
final class DatasetConsumerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @Test
  void answersADatasetWithTheResultOfEveryRun() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(30, 3, List.of(2, 8), 100, 30);
    // When
    TestTopics.send(Topic.DATASETS, dataset);
    // Then
    List<ConsumerRecord<String, byte[]>> records = records(dataset, 16);
    assertThat(messages(records))
        .extracting(TrainingMessage::run)
        .containsExactlyElementsOf(dataset.plan().training().runs());
    for (ConsumerRecord<String, byte[]> record : records) {
      TrainingMessage result = TestTopics.read(Topic.TRAININGS, record);
      assertThat(record.key()).isEqualTo(dataset.experimentId());
      assertThat(header(record, "ce_id")).isEqualTo(result.eventId());
      assertThat(header(record, "ce_type")).isEqualTo("gap.training.v1");
      assertThat(header(record, "ce_source")).isEqualTo("/gapstream/trainer-service");
      assertThat(header(record, "ce_subject")).isEqualTo(dataset.experimentId());
      assertThat(header(record, "content-type")).isEqualTo("application/json");
      assertThat(result.environment().software()).startsWith("trainer-service ");
      Evidence.assertHolds(dataset, result);
    }
    assertThat(progress(dataset, 32))
        .extracting(ProgressMessage::phase)
        .contains(ProgressMessage.Phase.STARTED, ProgressMessage.Phase.FINISHED);
  }

  @Test
  void answersWithinATinyBudget() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(100, 5, List.of(20), 100_000_000, 0.001);
    // When
    TestTopics.send(Topic.DATASETS, dataset);
    // Then
    List<TrainingMessage> results = messages(records(dataset, 8));
    assertThat(results).extracting(TrainingMessage::status).containsOnly(Status.TIME_LIMIT);
    assertThat(results.stream().mapToDouble(TrainingMessage::elapsedSeconds).sum()).isLessThan(5);
    results.forEach(result -> Evidence.assertHolds(dataset, result));
  }

  @Test
  void answersADuplicateWithTheSameEvents() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(20, 3, List.of(4), 50, 60);
    TestTopics.send(Topic.DATASETS, dataset);
    List<TrainingMessage> first = messages(records(dataset, 8));
    // When
    TestTopics.send(Topic.DATASETS, dataset);
    // Then
    List<TrainingMessage> second = messages(records(dataset, 16)).subList(8, 16);
    assertThat(second)
        .extracting(TrainingMessage::eventId)
        .containsExactlyElementsOf(first.stream().map(TrainingMessage::eventId).toList());
    assertThat(second)
        .extracting(TrainingMessage::value)
        .containsExactlyElementsOf(first.stream().map(TrainingMessage::value).toList());
  }

  @Test
  void putsWhatIsNoDatasetAsideAndGoesOn() {
    // Given
    DatasetMessage good = TestDatasets.gaussian(10, 2, List.of(1), 5, 5);
    byte[] garbage = "no dataset ".repeat(300_000).getBytes(StandardCharsets.UTF_8);
    // When
    TestTopics.sendRaw(
        Topic.DATASETS.topicName(),
        good.experimentId(),
        Map.of("ce_type", Topic.DATASETS.eventType()),
        garbage);
    TestTopics.send(Topic.DATASETS, good);
    // Then
    assertThat(records(good, 8)).hasSize(8);
    ConsumerRecord<String, byte[]> letter =
        records(Topic.DATASETS.deadLetterTopic("trainer-service"), good, 1).get(0);
    assertThat(letter.value()).isEqualTo(garbage);
    assertThat(header(letter, "dead-letter-reason")).contains("Not a valid DatasetMessage");
    assertThat(header(letter, "dead-letter-topic")).isEqualTo(Topic.DATASETS.topicName());
  }

  @Test
  void isReadyAndCountsItsJobs() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(10, 2, List.of(1), 5, 5);
    // When
    TestTopics.send(Topic.DATASETS, dataset);
    records(dataset, 8);
    // Then
    get("/q/health/live").then().statusCode(200);
    get("/q/health/ready").then().statusCode(200);
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(get("/q/metrics").asString())
                    .contains("gapstream_job_seconds_count{outcome=\"finished\"}")
                    .contains("gapstream_results_total{method=\"adam\"")
                    .contains("gapstream_job_age_seconds 0.0")
                    .contains("gapstream_jobs_capacity 1.0"));
  }

  private static List<ConsumerRecord<String, byte[]>> records(DatasetMessage dataset, int count) {
    return records(Topic.TRAININGS.topicName(), dataset, count);
  }

  private static List<ProgressMessage> progress(DatasetMessage dataset, int count) {
    return records(Topic.PROGRESS.topicName(), dataset, count).stream()
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

  private static List<TrainingMessage> messages(List<ConsumerRecord<String, byte[]>> records) {
    return records.stream().map(record -> TestTopics.read(Topic.TRAININGS, record)).toList();
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
