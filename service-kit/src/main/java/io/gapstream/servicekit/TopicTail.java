package io.gapstream.servicekit;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads what a topic holds now, and no more. */
final class TopicTail {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private TopicTail() {}

  /**
   * Reads from where the consumer stands to where its partitions end at the time of the call.
   *
   * @param consumer with partitions assigned; no other thread uses it meanwhile
   * @throws org.apache.kafka.common.KafkaException if the broker does not answer in time
   */
  static void read(
      KafkaConsumer<String, byte[]> consumer, Consumer<ConsumerRecord<String, byte[]>> each) {
    Collection<TopicPartition> partitions = consumer.assignment();
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    long last = System.nanoTime();
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      boolean came = false;
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        each.accept(record);
        came = true;
      }
      if (came) {
        last = System.nanoTime();
      } else if (System.nanoTime() - last > PATIENCE.toNanos()) {
        throw new TimeoutException(
            partitions + " are not readable to their end; is the broker up?");
      }
    }
  }
}
