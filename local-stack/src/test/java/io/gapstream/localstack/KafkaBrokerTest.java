package io.gapstream.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gapstream.contracts.Topic;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The oracle is Kafka's own client library: it talks to the broker over the wire. */
@Timeout(180)
final class KafkaBrokerTest {

  private static final String TOPIC = "large.records";

  @Test
  void keepsARecordOf20MebibytesAcrossAKill(@TempDir Path folder) throws Exception {
    // Given
    byte[] value = new byte[20 * 1024 * 1024];
    new Random(7).nextBytes(value);
    Path home = folder.resolve("with a space, and a comma");
    try (KafkaBroker first = KafkaBroker.start(home, 0)) {
      createTopic(first);
      send(first, value);
      first.kill();
    }

    // When
    byte[] received;
    try (KafkaBroker second = KafkaBroker.start(home, 0)) {
      received = receive(second);
    }

    // Then
    assertThat(Arrays.equals(received, value)).isTrue();
  }

  @Test
  void namesATakenPort(@TempDir Path folder) throws IOException {
    // Given
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress("127.0.0.1", 0));
      int port = taken.getLocalPort();

      // When
      // Then
      assertThatThrownBy(() -> KafkaBroker.start(folder, port).close())
          .isInstanceOf(StackException.class)
          .hasMessageContaining("Port " + port + " for the Kafka broker is taken");
    }
  }

  @Test
  void refusesAFolderThatARunningBrokerUses(@TempDir Path folder) {
    // Given
    try (KafkaBroker broker = KafkaBroker.start(folder, 0)) {

      // When
      // Then
      assertThatThrownBy(() -> KafkaBroker.start(folder, 0).close())
          .isInstanceOf(StackException.class)
          .hasMessageContaining("Process " + broker.pid() + " already uses");
      assertThat(broker.isAlive()).isTrue();
    }
  }

  private static void createTopic(KafkaBroker broker) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(TOPIC, 1, (short) 1)
                      .configs(
                          Map.of("max.message.bytes", Integer.toString(Topic.MAX_RECORD_BYTES)))))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  private static void send(KafkaBroker broker, byte[] value) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "max.request.size",
                Topic.MAX_RECORD_BYTES,
                "buffer.memory",
                2L * Topic.MAX_RECORD_BYTES),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, value)).get(30, TimeUnit.SECONDS);
    }
  }

  private static byte[] receive(KafkaBroker broker) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", broker.bootstrapServers(),
                "group.id", "readers",
                "group.protocol", "consumer",
                "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(TOPIC));
      for (int i = 0; i < 60; i++) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(500));
        if (!records.isEmpty()) {
          return records.iterator().next().value();
        }
      }
    }
    throw new AssertionError("No record came within 30 s.");
  }
}
