package io.gapstream.servicekit;

import io.gapstream.contracts.InvalidMessageException;
import io.gapstream.contracts.Message;
import io.gapstream.contracts.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;

/**
 * What this service has sent about an experiment, by this process or by ones before it: the topic
 * is the only memory of it. Reading it takes a while, so only experiments that failed are looked
 * up.
 *
 * @param <M> the results
 */
final class SentResults<M extends Message> {

  private static final Logger LOG = Logger.getLogger(SentResults.class);

  /** Clocks of producers may differ by this much. */
  private static final Duration CLOCK_SKEW = Duration.ofHours(1);

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Topic<M> topic;
  private final Map<String, Object> broker;

  SentResults(Topic<M> topic, Map<String, Object> broker) {
    this.topic = topic;
    this.broker = broker;
  }

  /**
   * The results of an experiment; waits for the broker.
   *
   * @param sinceMillis nothing was sent before this time
   * @throws JobStoppedException if the job is stopped meanwhile
   */
  List<M> of(String experimentId, long sinceMillis, JobControl control) {
    while (true) {
      control.check();
      try {
        return read(experimentId, sinceMillis - CLOCK_SKEW.toMillis());
      } catch (RuntimeException e) {
        LOG.warnf("Results not read, trying again: topic=%s, reason=%s", topic, e);
        control.pause(PAUSE);
      }
    }
  }

  private List<M> read(String experimentId, long sinceMillis) {
    List<M> results = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer = newConsumer()) {
      Map<TopicPartition, Long> times = new HashMap<>();
      consumer
          .partitionsFor(topic.topicName())
          .forEach(
              info ->
                  times.put(
                      new TopicPartition(info.topic(), info.partition()),
                      Math.max(0, sinceMillis)));
      consumer.assign(times.keySet());
      consumer.seekToEnd(times.keySet());
      for (Map.Entry<TopicPartition, OffsetAndTimestamp> first :
          consumer.offsetsForTimes(times).entrySet()) {
        if (first.getValue() != null) {
          consumer.seek(first.getKey(), first.getValue().offset());
        }
      }
      TopicTail.read(
          consumer,
          record -> {
            if (experimentId.equals(record.key())) {
              take(record, results);
            }
          });
    }
    return results;
  }

  private void take(ConsumerRecord<String, byte[]> record, List<M> results) {
    try {
      results.add(Events.incoming(topic, record));
    } catch (InvalidMessageException e) {
      LOG.debugf("Not a result: topic=%s, offset=%d", topic, record.offset());
    }
  }

  private KafkaConsumer<String, byte[]> newConsumer() {
    Map<String, Object> config = new HashMap<>(broker);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, "sent-results-consumer");
    // Records of other experiments pass by; few of them are held at a time.
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 16);
    return new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
  }
}
