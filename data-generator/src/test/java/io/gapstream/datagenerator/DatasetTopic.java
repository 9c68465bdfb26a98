package io.gapstream.datagenerator;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Topic;
import io.gapstream.servicekit.Events;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/** What is on the topic of datasets, read by a plain consumer without a group. */
public final class DatasetTopic {

  private static final Duration POLL = Duration.ofMillis(200);

  private static @Nullable KafkaConsumer<String, byte[]> sizes;

  private DatasetTopic() {}

  /** The number of records. */
  public static synchronized long size() {
    // Asked before and after every bad request, so with one client for all of them.
    KafkaConsumer<String, byte[]> consumer = sizes;
    if (consumer == null) {
      consumer = consumer();
      sizes = consumer;
    }
    return consumer.endOffsets(partitions(consumer)).values().stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  /** Every record with this key, in the order of its partition. */
  public static List<ConsumerRecord<String, byte[]>> records(String experimentId) {
    try (KafkaConsumer<String, byte[]> consumer = consumer()) {
      List<TopicPartition> partitions = partitions(consumer);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
      while (partitions.stream()
          .anyMatch(p -> consumer.position(p) < Objects.requireNonNull(ends.get(p)))) {
        consumer
            .poll(POLL)
            .forEach(
                record -> {
                  if (record.key().equals(experimentId)) {
                    records.add(record);
                  }
                });
      }
      return records;
    }
  }

  /** The one message of an experiment, decoded and validated as every service does it. */
  public static DatasetMessage message(String experimentId) {
    List<ConsumerRecord<String, byte[]>> records = records(experimentId);
    if (records.size() != 1) {
      throw new AssertionError(records.size() + " records of experiment " + experimentId);
    }
    return Events.incoming(Topic.DATASETS, records.get(0));
  }

  private static KafkaConsumer<String, byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", Broker.bootstrapServers()),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }

  private static List<TopicPartition> partitions(KafkaConsumer<String, byte[]> consumer) {
    String topic = Topic.DATASETS.topicName();
    return consumer.partitionsFor(topic).stream()
        .map(partition -> new TopicPartition(topic, partition.partition()))
        .toList();
  }
}
