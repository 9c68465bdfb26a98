package io.gapstream.results;

import io.gapstream.contracts.CloudEvents;
import io.gapstream.contracts.Message;
import io.gapstream.contracts.Topic;
import io.gapstream.servicekit.Events;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Sends to and reads from {@link Servers#broker()} with Kafka's plain client. */
public final class Records implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaProducer<String, byte[]> producer =
      new KafkaProducer<>(
          Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, Servers.broker().bootstrapServers()),
          new StringSerializer(),
          new ByteArraySerializer());

  /** Sends a message as the other services do; returns when the broker has it. */
  public <M extends Message> void send(Topic<M> topic, M message) throws Exception {
    CloudEvents.Event event = CloudEvents.write(topic, message, "test", Instant.now());
    sendRaw(event.topic(), event.key(), event.headers(), event.value());
  }

  /** Sends anything; returns when the broker has it. */
  public void sendRaw(String topic, String key, Map<String, String> headers, byte[] value)
      throws Exception {
    ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, key, value);
    headers.forEach(
        (name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
    producer.send(record).get(30, TimeUnit.SECONDS);
  }

  /** The messages that the topic holds now; of one experiment in the order they were sent. */
  public static <M extends Message> List<M> held(Topic<M> topic) {
    return heldRaw(topic.topicName()).stream()
        .map(record -> Events.incoming(topic, record))
        .toList();
  }

  /** The records that the topic holds now. */
  public static List<ConsumerRecord<String, byte[]>> heldRaw(String topic) {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, Servers.broker().bootstrapServers()),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
      while (partitions.stream()
          .anyMatch(partition -> consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
        consumer.poll(POLL).forEach(records::add);
      }
      return records;
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
