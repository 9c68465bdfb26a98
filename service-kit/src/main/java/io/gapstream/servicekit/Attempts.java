package io.gapstream.servicekit;

import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * How often the job of a record was begun without coming to an end. The count outlives the process:
 * it stands in a compacted topic, and is there before the job begins. Safe for use by many threads.
 */
@Singleton
public final class Attempts {

  /** The topic: key service, topic, partition and offset; value the count in digits. */
  static final String TOPIC = "gap.attempts.v1";

  private static final Logger LOG = Logger.getLogger(Attempts.class);
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

  /** Short, because whoever waits here must notice soon that the service stops. */
  private static final int TIMEOUT_MS = 3000;

  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Map<String, Object> broker;
  private final Map<String, Integer> counts = new HashMap<>();
  private @Nullable KafkaConsumer<String, byte[]> consumer;
  private @Nullable KafkaProducer<String, byte[]> producer;

  Attempts(@Identifier("default-kafka-broker") Map<String, Object> broker) {
    this.broker = broker;
  }

  /** How the broker is reached. */
  Map<String, Object> broker() {
    return broker;
  }

  /**
   * Counts an attempt; returns when the broker has it.
   *
   * @return how many there were of this record, this one included
   * @throws JobStoppedException if the job is stopped meanwhile
   */
  int begin(String service, ConsumerRecord<?, ?> record, JobControl control) {
    String key = key(service, record);
    int count = untilDone(control, () -> count(key)) + 1;
    try {
      untilDone(
          control,
          () -> {
            control.await(write(key, count));
            return count;
          });
      control.check();
      return count;
    } catch (JobStoppedException e) {
      tryOnce(() -> write(key, count - 1));
      throw e;
    }
  }

  private static <T> T untilDone(JobControl control, Supplier<T> step) {
    while (true) {
      control.check();
      try {
        return step.get();
      } catch (KafkaException | CompletionException e) {
        LOG.warnf("Attempt not counted, trying again: topic=%s, reason=%s", TOPIC, e);
        control.pause(PAUSE);
      }
    }
  }

  /** The job came to its end, whatever that was: nothing is counted of this record any more. */
  void end(String service, ConsumerRecord<?, ?> record) {
    tryOnce(() -> write(key(service, record), 0));
  }

  /** The job was stopped in order: the attempt does not count. */
  void giveBack(String service, ConsumerRecord<?, ?> record) {
    String key = key(service, record);
    tryOnce(() -> write(key, count(key) - 1));
  }

  /** Waits for a moment at most: a count that stays is better than a job that does not end. */
  private static void tryOnce(Supplier<CompletableFuture<Void>> write) {
    try {
      write.get().orTimeout(TIMEOUT_MS, TimeUnit.MILLISECONDS).join();
    } catch (KafkaException | CompletionException e) {
      LOG.warnf("Attempt stays counted: topic=%s, reason=%s", TOPIC, e);
    }
  }

  /** As the topic says now, whoever wrote it. */
  private synchronized int count(String key) {
    if (consumer == null) {
      consumer = newConsumer();
      consumer.assign(List.of(PARTITION));
      consumer.seekToBeginning(List.of(PARTITION));
    }
    TopicTail.read(consumer, this::take);
    return counts.getOrDefault(key, 0);
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    if (record.value() == null) {
      counts.remove(record.key());
    } else {
      counts.put(record.key(), count(record.value()));
    }
  }

  private static int count(byte[] digits) {
    try {
      return Integer.parseInt(new String(digits, StandardCharsets.US_ASCII));
    } catch (NumberFormatException e) {
      return 0; // Not written here.
    }
  }

  private synchronized CompletableFuture<Void> write(String key, int count) {
    if (producer == null) {
      producer = newProducer();
    }
    byte[] value = count > 0 ? Integer.toString(count).getBytes(StandardCharsets.US_ASCII) : null;
    CompletableFuture<Void> acknowledged = new CompletableFuture<>();
    producer.send(
        new ProducerRecord<>(TOPIC, PARTITION.partition(), key, value),
        (metadata, failure) -> {
          if (failure == null) {
            acknowledged.complete(null);
          } else {
            acknowledged.completeExceptionally(failure);
          }
        });
    return acknowledged;
  }

  private KafkaConsumer<String, byte[]> newConsumer() {
    Map<String, Object> config = new HashMap<>(broker);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, "attempts-consumer");
    return new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
  }

  private KafkaProducer<String, byte[]> newProducer() {
    Map<String, Object> config = new HashMap<>(broker);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIMEOUT_MS);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MS);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 2 * TIMEOUT_MS);
    config.put(ProducerConfig.CLIENT_ID_CONFIG, "attempts-producer");
    return new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
  }

  private static String key(String service, ConsumerRecord<?, ?> record) {
    return service + "/" + record.topic() + "/" + record.partition() + "/" + record.offset();
  }

  @PreDestroy
  synchronized void close() {
    try {
      if (producer != null) {
        producer.close(Duration.ofMillis(TIMEOUT_MS));
      }
      if (consumer != null) {
        consumer.close();
      }
    } catch (KafkaException e) {
      LOG.debugf("Not closed in order: topic=%s, reason=%s", TOPIC, e);
    }
  }
}
