package io.gapstream.relaxation.messaging;

import static io.restassured.RestAssured.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Environment;
import io.gapstream.contracts.InvalidMessageException;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.RelaxationMethod;
import io.gapstream.contracts.Status;
import io.gapstream.contracts.Topic;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.relaxation.Evidence;
import io.gapstream.relaxation.TestDatasets;
import io.gapstream.relaxation.application.RelaxationJob;
import io.gapstream.servicekit.Attempts;
import io.gapstream.servicekit.JobControl;
import io.gapstream.servicekit.JobStoppedException;
import io.gapstream.servicekit.Jobs;
import io.gapstream.servicekit.ProgressReporter;
import io.gapstream.servicekit.TestServers;
import io.gapstream.servicekit.TestTopics;
import io.gapstream.servicekit.Worker;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

/** What becomes of records when something else than the record fails, on a real broker. */
@QuarkusTest
@WithTestResource(value = TestServers.class, scope = TestResourceScope.GLOBAL)
@TestProfile(DeliveryTest.Impatient.class)
final class DeliveryTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String DEAD_LETTERS = Topic.DATASETS.deadLetterTopic("relaxation-service");
  private static final AtomicLong OFFSETS = new AtomicLong(1_000_000);

  /** A producer of dead letters that gives up within seconds, not minutes. */
  public static final class Impatient implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      String deadLetters = "mp.messaging.incoming.datasets.dead-letter-queue.";
      return Map.of(
          "gapstream.result-interval",
          "1h",
          "gapstream.workers",
          "3",
          deadLetters + "max.block.ms",
          "1000",
          deadLetters + "request.timeout.ms",
          "1000",
          deadLetters + "delivery.timeout.ms",
          "2000");
    }
  }

  @Inject Jobs jobs;
  @Inject Attempts attempts;
  @Inject Environment environment;

  @Test
  void waitsUntilADeadLetterCanBeWrittenAndGoesOn() throws Exception {
    // Given: the dead letters' topic is gone
    DatasetMessage good = TestDatasets.gaussian(10, 2, 5, 10, RelaxationMethod.COLUMN_GENERATION);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
      admin.deleteTopics(Set.of(DEAD_LETTERS)).all().get(30, TimeUnit.SECONDS);
      TestTopics.sendRaw(
          Topic.DATASETS.topicName(), good.experimentId(), Map.of(), new byte[] {1, 2, 3});
      Thread.sleep(8000); // several times as long as the producer tries
      // When
      admin
          .createTopics(Set.of(new NewTopic(DEAD_LETTERS, Optional.of(1), Optional.empty())))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
    // Then
    ConsumerRecord<String, byte[]> letter = records(DEAD_LETTERS, good.experimentId(), 1).get(0);
    assertThat(letter.value()).containsExactly(1, 2, 3);
    assertThat(header(letter, "dead-letter-reason")).contains("ce_type");
    assertThat(header(letter, "dead-letter-topic")).isEqualTo(Topic.DATASETS.topicName());
    assertThat(header(letter, "dead-letter-exception-class-name"))
        .isEqualTo(InvalidMessageException.class.getName());
    assertThat(header(letter, "dead-letter-partition")).isNotBlank();
    assertThat(header(letter, "dead-letter-offset")).isNotBlank();
    TestTopics.send(Topic.DATASETS, good);
    assertThat(records(Topic.RELAXATIONS.topicName(), good.experimentId(), 1)).isNotEmpty();
    get("/q/health/live").then().statusCode(200);
  }

  @Test
  void setsARecordAsideThatIsTooLargeToBeSetAsideWhole() {
    // Given: much in little on the way, more than a producer sends
    String key = "zeros";
    byte[] zeros = new byte[40 * 1024 * 1024];
    // When
    TestTopics.sendCompressed(Topic.DATASETS.topicName(), key, zeros);
    // Then
    ConsumerRecord<String, byte[]> letter = records(DEAD_LETTERS, key, 1).get(0);
    assertThat(letter.value()).isNull();
    assertThat(header(letter, "dead-letter-value-left-out")).contains("larger");
    assertThat(header(letter, "dead-letter-reason")).contains("ce_type");
  }

  @Test
  void givesARecordUpThatThreeWorkersDidNotSurvive() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(10, 2, 5, 10, RelaxationMethod.values());
    ConsumerRecord<String, byte[]> record = record(dataset);
    List<RelaxationMessage> sent = new ArrayList<>();
    Worker<RelaxationMessage> deadly = worker(sent, dying());
    for (int attempt = 1; attempt <= 3; attempt++) {
      assertThatThrownBy(() -> deadly.take(record)).isInstanceOf(ProcessDied.class);
    }
    // When
    CompletableFuture<Void> fourth = deadly.take(record).toCompletableFuture();
    // Then
    assertThatThrownBy(fourth::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InvalidMessageException.class)
        .hasMessageContaining("3 times");
    assertThat(sent)
        .extracting(RelaxationMessage::method)
        .containsExactlyInAnyOrder(RelaxationMethod.values());
    assertThat(sent)
        .allMatch(RelaxationMessage::last)
        .allMatch(result -> result.status() == Status.FAILED)
        .allMatch(result -> String.valueOf(result.reason()).contains("3 times"));
    // A fifth time, after a worker that did not even survive this, nothing is decoded.
    assertThatThrownBy(() -> deadly.take(record).toCompletableFuture().get())
        .hasCauseInstanceOf(InvalidMessageException.class);
    assertThat(sent).hasSize(4);
  }

  @Test
  void failsOnlyTheMethodsOfWhichNoLastResultWasSentEarlier() {
    // Given
    DatasetMessage dataset =
        TestDatasets.gaussian(
            10, 2, 5, 10, RelaxationMethod.GATED, RelaxationMethod.CONE_DECOMPOSITION);
    DatasetMessage first = TestDatasets.gaussian(10, 2, 5, 10, RelaxationMethod.GATED);
    List<RelaxationMessage> results = new ArrayList<>();
    new RelaxationJob(
            first,
            new Problem(10, 2, first.x().values(), first.y().values(), first.beta()),
            new RelaxationJob.Settings(Duration.ofHours(1), 1 << 30, 1),
            environment,
            new JobControl(),
            result -> {
              results.add(result);
              return CompletableFuture.completedFuture(null);
            },
            progress(first))
        .run();
    TestTopics.send(Topic.RELAXATIONS, of(dataset, results.get(0)));
    ConsumerRecord<String, byte[]> record = record(dataset);
    List<RelaxationMessage> sent = new ArrayList<>();
    Worker<RelaxationMessage> deadly = worker(sent, dying());
    // When
    for (int attempt = 1; attempt <= 3; attempt++) {
      assertThatThrownBy(() -> deadly.take(record)).isInstanceOf(ProcessDied.class);
    }
    deadly.take(record);
    // Then
    assertThat(sent)
        .extracting(RelaxationMessage::method)
        .containsExactly(RelaxationMethod.CONE_DECOMPOSITION);
  }

  @Test
  void countsNoAttemptThatWasStoppedInOrderOrCameToAnEnd() {
    // Given
    DatasetMessage dataset = TestDatasets.gaussian(10, 2, 5, 10, RelaxationMethod.GATED);
    ConsumerRecord<String, byte[]> record = record(dataset);
    List<RelaxationMessage> sent = new ArrayList<>();
    Worker<RelaxationMessage> deadly = worker(sent, dying());
    Worker<RelaxationMessage> stopped =
        worker(
            sent,
            control -> {
              control.stop(JobControl.Stop.PARTITION_LOST);
              control.check();
            });
    List<String> worked = new ArrayList<>();
    Worker<RelaxationMessage> working = worker(sent, control -> worked.add("once"));
    // When
    assertThatThrownBy(() -> deadly.take(record)).isInstanceOf(ProcessDied.class);
    assertThatThrownBy(() -> deadly.take(record)).isInstanceOf(ProcessDied.class);
    for (int i = 0; i < 4; i++) {
      assertThatThrownBy(() -> stopped.take(record).toCompletableFuture().get())
          .hasCauseInstanceOf(JobStoppedException.class);
    }
    for (int i = 0; i < 4; i++) {
      assertThat(working.take(record).toCompletableFuture()).isCompleted();
    }
    // Then
    assertThat(worked).hasSize(4);
    assertThat(sent).isEmpty();
  }

  @Test
  void stopsAJobWhosePartitionWentToAnotherAndHandsInWhatItHas() {
    // Given: jobs that take long, on several partitions
    List<DatasetMessage> datasets = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      datasets.add(TestDatasets.gaussian(200, 12, 12, 40, RelaxationMethod.COLUMN_GENERATION));
      TestTopics.send(Topic.DATASETS, datasets.get(i));
    }
    Set<String> ids =
        datasets.stream().map(DatasetMessage::experimentId).collect(Collectors.toSet());
    Awaitility.await().atMost(PATIENCE).until(() -> metric("gapstream_jobs_running") == 3);
    Set<String> taken = new HashSet<>();
    // When: others join until a job that runs here has been taken from this service
    List<KafkaConsumer<String, byte[]>> others = new ArrayList<>();
    try {
      Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () -> {
                if (others.size() < 5) {
                  others.add(joined());
                }
                for (KafkaConsumer<String, byte[]> other : others) {
                  other.poll(Duration.ofMillis(300)).forEach(record -> taken.add(record.key()));
                }
                return metric("gapstream_job_seconds_count{outcome=\"stopped\"}") >= 1;
              });
      // Then: what it had came as a result that is not the last (improvements on the way are an
      // hour apart), and whoever has the partition gets the record.
      RelaxationMessage handedIn =
          handedIn(
                  TestTopics.await(
                      Topic.RELAXATIONS.topicName(),
                      records -> !handedIn(records, ids).isEmpty(),
                      PATIENCE),
                  ids)
              .get(0);
      DatasetMessage its =
          datasets.stream()
              .filter(dataset -> dataset.experimentId().equals(handedIn.experimentId()))
              .findFirst()
              .orElseThrow();
      Evidence.assertHolds(its, handedIn);
      Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () -> {
                for (KafkaConsumer<String, byte[]> other : others) {
                  other.poll(Duration.ofMillis(300)).forEach(record -> taken.add(record.key()));
                }
                return taken.contains(handedIn.experimentId());
              });
      get("/q/health/live").then().statusCode(200);
    } finally {
      // What others have is acknowledged, and the rest done, so that nobody works on it any more.
      Awaitility.await()
          .atMost(PATIENCE)
          .ignoreExceptions()
          .until(
              () -> {
                for (KafkaConsumer<String, byte[]> other : others) {
                  other.poll(Duration.ofMillis(100));
                  other.commitSync();
                }
                return metric("gapstream_jobs_running") == 0;
              });
      others.forEach(KafkaConsumer::close);
    }
  }

  private static List<RelaxationMessage> handedIn(
      List<ConsumerRecord<String, byte[]>> records, Set<String> ids) {
    return records.stream()
        .filter(record -> ids.contains(record.key()))
        .map(record -> TestTopics.read(Topic.RELAXATIONS, record))
        .filter(result -> result.revision() >= 2 && !result.last())
        .toList();
  }

  private static KafkaConsumer<String, byte[]> joined() {
    KafkaConsumer<String, byte[]> other =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", bootstrapServers(),
                "group.id", "relaxation-service",
                "group.protocol", "consumer",
                "enable.auto.commit", "false",
                "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    other.subscribe(List.of(Topic.DATASETS.topicName()));
    return other;
  }

  /** As if the process had died: nothing is done any more, in whatever way. */
  private static final class ProcessDied extends Error {
    private static final long serialVersionUID = 1L;
  }

  private interface Doing {
    void with(JobControl control);
  }

  private static Doing dying() {
    return control -> {
      throw new ProcessDied();
    };
  }

  private Worker<RelaxationMessage> worker(List<RelaxationMessage> sent, Doing doing) {
    return new Worker<>(
        "relaxation-service",
        Topic.RELAXATIONS,
        jobs,
        attempts,
        result -> {
          sent.add(result);
          return CompletableFuture.completedFuture(null);
        },
        progress -> {},
        new Worker.Work<>() {
          @Override
          public double budgetSeconds(DatasetMessage dataset) {
            return 1;
          }

          @Override
          public void run(
              DatasetMessage dataset,
              Problem problem,
              JobControl control,
              Function<RelaxationMessage, CompletableFuture<Void>> send,
              ProgressReporter progress) {
            doing.with(control);
          }

          @Override
          public List<RelaxationMessage> failures(
              DatasetMessage dataset, List<RelaxationMessage> had, String reason) {
            return RelaxationJob.failures(dataset, had, reason, environment);
          }
        });
  }

  /** A record that lies nowhere, so that the running service does not take it. */
  private static ConsumerRecord<String, byte[]> record(DatasetMessage dataset) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("ce_type", Topic.DATASETS.eventType().getBytes(StandardCharsets.UTF_8));
    return new ConsumerRecord<>(
        Topic.DATASETS.topicName(),
        0,
        OFFSETS.incrementAndGet(),
        System.currentTimeMillis(),
        TimestampType.CREATE_TIME,
        0,
        0,
        dataset.experimentId(),
        MessageJson.write(dataset),
        headers,
        Optional.empty());
  }

  private static RelaxationMessage of(DatasetMessage dataset, RelaxationMessage result) {
    return new RelaxationMessage(
        dataset.experimentId(),
        dataset.sha256(),
        result.method(),
        result.revision(),
        result.last(),
        result.status(),
        result.reason(),
        result.kind(),
        result.value(),
        result.lower(),
        result.network(),
        result.measures(),
        result.iterations(),
        result.elapsedSeconds(),
        result.environment());
  }

  private static ProgressReporter progress(DatasetMessage dataset) {
    return new ProgressReporter(
        dataset.experimentId(), "relaxation-service", System::nanoTime, message -> {});
  }

  private static double metric(String name) {
    return get("/q/metrics")
        .asString()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .findFirst()
        .orElse(0);
  }

  private static List<ConsumerRecord<String, byte[]>> records(String topic, String key, int count) {
    return TestTopics.await(
            topic,
            records -> records.stream().filter(r -> key.equals(r.key())).count() >= count,
            PATIENCE)
        .stream()
        .filter(record -> key.equals(record.key()))
        .toList();
  }

  private static String bootstrapServers() {
    return ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
