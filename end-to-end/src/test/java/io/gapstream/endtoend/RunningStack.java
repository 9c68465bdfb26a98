package io.gapstream.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gapstream.contracts.CloudEvents;
import io.gapstream.contracts.Message;
import io.gapstream.contracts.Topic;
import io.gapstream.localstack.Home;
import io.gapstream.localstack.PostgresServer;
import io.gapstream.localstack.StackState;
import io.gapstream.localstack.Supervisor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The stack as {@code gap up} runs it, and the ways by which a user reaches it: HTTP, plain Kafka
 * clients and SQL. Uses no code of the services.
 */
final class RunningStack implements AutoCloseable {

  /** A cold start of six processes on two busy processors, or a job of some seconds after it. */
  static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Supervisor supervisor;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, Object> clients;
  private final Admin admin;
  private final String databasePassword;

  private RunningStack(Supervisor supervisor, String databasePassword) {
    this.supervisor = supervisor;
    this.databasePassword = databasePassword;
    this.clients = Map.of("bootstrap.servers", part("kafka").url(), "max.request.size", 26_214_400);
    this.admin = Admin.create(clients);
  }

  static RunningStack start(Path folder) {
    Home home = new Home(folder);
    return new RunningStack(
        Supervisor.start(home, System.out::println, Clock.systemUTC()), home.databasePassword());
  }

  /** A part as the supervisor sees it now. */
  StackState.PartState part(String name) {
    return supervisor.state().parts().stream()
        .filter(part -> part.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Sends a request body to data-generator, which must accept it. */
  JsonNode post(String path, String mediaType, byte[] body) {
    HttpResponse<byte[]> response =
        send(
            HttpRequest.newBuilder(URI.create(part("data-generator").url() + path))
                .header("Content-Type", mediaType)
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
    assertThat(response.statusCode()).as(new String(response.body())).isEqualTo(202);
    return json(response.body());
  }

  /**
   * Sends an experiment that data-generator may refuse, or not answer; its id if it was accepted.
   */
  Optional<String> offer(String request) {
    HttpRequest offered =
        HttpRequest.newBuilder(URI.create(part("data-generator").url() + "/api/v1/experiments"))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(20))
            .POST(HttpRequest.BodyPublishers.ofString(request))
            .build();
    try {
      HttpResponse<byte[]> response = http.send(offered, HttpResponse.BodyHandlers.ofByteArray());
      return response.statusCode() == 202
          ? Optional.of(json(response.body()).path("experimentId").asText())
          : Optional.empty();
    } catch (IOException | InterruptedException e) {
      return Optional.empty(); // nobody promised anything
    }
  }

  /** The number of records in dead-letter topics. */
  long deadLetters() throws Exception {
    long letters = 0;
    for (String topic : admin.listTopics().names().get()) {
      if (topic.contains(".dlq.")) {
        letters += ends(topic).values().stream().mapToLong(Long::longValue).sum();
      }
    }
    return letters;
  }

  /** Asks results-service. */
  JsonNode get(String path) {
    return json(getFile(path));
  }

  /** Asks results-service for a file. */
  byte[] getFile(String path) {
    HttpResponse<byte[]> response = send(request(path));
    assertThat(response.statusCode()).as(new String(response.body())).isEqualTo(200);
    return response.body();
  }

  /** An experiment's certificate once every planned result is in. */
  JsonNode awaitComplete(String experimentId) {
    String path = "/api/v1/certificates/" + experimentId;
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              HttpResponse<byte[]> response = send(request(path));
              return response.statusCode() == 200
                  && json(response.body()).path("complete").asBoolean();
            });
    return get(path);
  }

  /** The lines of the live stream from now on. */
  List<String> listen() {
    List<String> lines = new CopyOnWriteArrayList<>();
    var unused =
        http.sendAsync(request("/api/v1/events"), HttpResponse.BodyHandlers.ofLines())
            .thenAccept(response -> response.body().forEach(lines::add));
    // The first heartbeat says that the stream is open.
    await().atMost(PATIENCE).until(() -> !lines.isEmpty());
    return lines;
  }

  /** Every record of a topic, up to its end as it is now. */
  List<ConsumerRecord<String, byte[]>> records(String topic) {
    Map<TopicPartition, Long> ends = ends(topic);
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(clients, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(ends.keySet());
      consumer.seekToBeginning(ends.keySet());
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                return ends.entrySet().stream()
                    .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
              });
    }
    return records;
  }

  /** The records of a topic that belong to an experiment. */
  List<ConsumerRecord<String, byte[]>> records(String topic, String experimentId) {
    return records(topic).stream().filter(record -> experimentId.equals(record.key())).toList();
  }

  /** Sends records a second time: same topic, partition, key, headers and value. */
  void sendAgain(List<ConsumerRecord<String, byte[]>> records) {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(clients, new StringSerializer(), new ByteArraySerializer())) {
      for (ConsumerRecord<String, byte[]> record : records) {
        producer
            .send(
                new ProducerRecord<>(
                    record.topic(),
                    record.partition(),
                    record.key(),
                    record.value(),
                    record.headers()))
            .get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("Records could not be sent again.", e);
    }
  }

  /** Sends a message as the services do. */
  <M extends Message> void send(Topic<M> topic, M message) {
    CloudEvents.Event event = CloudEvents.write(topic, message, "test", Instant.now());
    send(topic, event.key(), event.headers(), event.value());
  }

  /** Sends what no record of the project would hold, under the headers of a message. */
  void sendJson(Topic<?> topic, String key, JsonNode message) {
    send(
        topic,
        key,
        Map.of("ce_type", topic.eventType(), "ce_id", "test", "ce_source", "test"),
        message.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void send(Topic<?> topic, String key, Map<String, String> headers, byte[] value) {
    ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic.topicName(), key, value);
    headers.forEach(
        (name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(clients, new StringSerializer(), new ByteArraySerializer())) {
      producer.send(record).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("A message could not be sent.", e);
    }
  }

  /** Sends a value to every partition of a topic, so that whatever comes next comes after it. */
  void sendEverywhere(Topic<?> topic, String key, byte[] value) {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(clients, new StringSerializer(), new ByteArraySerializer())) {
      for (TopicPartition partition : ends(topic.topicName()).keySet()) {
        ProducerRecord<String, byte[]> record =
            new ProducerRecord<>(topic.topicName(), partition.partition(), key, value);
        record.headers().add("ce_type", topic.eventType().getBytes());
        producer.send(record).get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("A record could not be sent.", e);
    }
  }

  /**
   * Waits until everybody has acknowledged everything. A worker acknowledges after its results are
   * sent, so once the workers have, and then results-service has, nothing is under way.
   */
  void awaitQuiet() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(250))
        .until(
            () ->
                hasRead("relaxation-service", Topic.DATASETS)
                    && hasRead("trainer-service", Topic.DATASETS)
                    && hasRead("results-service", Topic.DATASETS)
                    && hasRead("results-service", Topic.RELAXATIONS)
                    && hasRead("results-service", Topic.TRAININGS));
  }

  private boolean hasRead(String group, Topic<?> topic) throws Exception {
    Map<TopicPartition, Long> ends = ends(topic.topicName());
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
    return ends.entrySet().stream()
        .allMatch(
            end -> {
              OffsetAndMetadata read = committed.get(end.getKey());
              return end.getValue() == 0 || (read != null && read.offset() >= end.getValue());
            });
  }

  private Map<TopicPartition, Long> ends(String topic) {
    try {
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
      for (TopicDescription described :
          admin.describeTopics(List.of(topic)).allTopicNames().get().values()) {
        for (TopicPartitionInfo partition : described.partitions()) {
          latest.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest());
        }
      }
      Map<TopicPartition, ListOffsetsResultInfo> offsets = admin.listOffsets(latest).all().get();
      return offsets.entrySet().stream()
          .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset()));
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("The broker did not say how long " + topic + " is.", e);
    }
  }

  /** The first column of what a statement finds. */
  List<String> query(String sql) {
    try (Connection connection =
            DriverManager.getConnection(
                part("postgresql").url(), PostgresServer.USER, databasePassword);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException("The database does not answer: " + sql, e);
    }
  }

  /** Waits for something that the parts do. */
  static <T> T awaitThat(Callable<T> look, Predicate<T> enough) {
    return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(look, enough::test);
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(URI.create(part("results-service").url() + path)).build();
  }

  private HttpResponse<byte[]> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("No answer from " + request.uri(), e);
    }
  }

  private static JsonNode json(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new IllegalStateException("An answer is not JSON.", e);
    }
  }

  @Override
  public void close() {
    admin.close();
    supervisor.close();
  }
}
