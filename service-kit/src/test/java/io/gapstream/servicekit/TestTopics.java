package io.gapstream.servicekit;

import io.gapstream.contracts.CloudEvents;
import io.gapstream.contracts.Message;
import io.gapstream.contracts.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.ConfigProvider;

/** Sends to and reads from the broker of the running test with Kafka's plain clients. */
public final class TestTopics {

  private static final Duration POLL = Duration.ofMillis(200);

  private TestTopics() {}

  /** Sends a message as a service does; returns when the broker has it. */
  public static <M extends Message> void send(Topic<M> topic, M message) {
    CloudEvents.Event event = CloudEvents.write(topic, message, "test", Instant.now());
    sendRaw(event.topic(), event.key(), event.headers(), event.value());
  }

  /** Sends anything; returns when the broker has it. */
  public static void sendRaw(String topic, String key, Map<String, String> headers, byte[] value) {
    send(topic, key, headers, value, Topic.MAX_RECORD_BYTES + 1024 * 1024, "none");
  }

  /** Sends a value that is larger than a record may be, but not once it is compressed. */
  public static void sendCompressed(String topic, String key, byte[] value) {
    send(topic, key, Map.of(), value, 2 * value.length, "gzip");
  }

  private static void send(
      String topic,
      String key,
      Map<String, String> headers,
      byte[] value,
      int largest,
      String compression) {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers(),
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                largest,
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                (long) 2 * largest,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                compression),
            new StringSerializer(),
            new ByteArraySerializer())) {
      ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, value);
      headers.forEach(
          (name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
      producer.send(record).get();
    } catch (Exception e) {
      throw new IllegalStateException("Nothing could be sent to " + topic + ".", e);
    }
  }

  /** The message in a record. */
  public static <M extends Message> M read(Topic<M> topic, ConsumerRecord<String, byte[]> record) {
    return Events.incoming(topic, record);
  }

  /**
   * Reads a topic from its beginning until there is enough; records with one key come in the order
   * in which they were sent.
   *
   * @param enough judges everything read so far
   * @throws AssertionError if it is not enough in time
   */
  public static List<ConsumerRecord<String, byte[]>> await(
      String topic, Predicate<List<ConsumerRecord<String, byte[]>>> enough, Duration patience) {
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    long start = System.nanoTime();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG,
                "test-" + UUID.randomUUID(),
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(topic));
      while (!enough.test(records)) {
        if (System.nanoTime() - start > patience.toNanos()) {
          throw new AssertionError(
              topic + " has " + records.size() + " records after " + patience + "; too few.");
        }
        consumer.poll(POLL).forEach(records::add);
      }
    }
    return records;
  }

  private static String bootstrapServers() {
    return ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
  }
}
