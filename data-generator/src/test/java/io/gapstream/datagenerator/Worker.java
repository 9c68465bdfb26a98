package io.gapstream.datagenerator;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A replica of a worker that gets its share of the partitions and never ends a job. */
final class Worker implements AutoCloseable {

  private final Thread thread;
  private volatile boolean stopped;

  Worker(String group) {
    thread = new Thread(() -> work(group), "worker");
    thread.start();
  }

  private void work(String group) {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                Broker.bootstrapServers(),
                "group.id",
                group,
                "group.protocol",
                "consumer",
                "enable.auto.commit",
                "false"),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.subscribe(List.of("gap.datasets.v1"));
      while (!stopped) {
        consumer.poll(Duration.ofMillis(100));
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    stopped = true;
    thread.join();
  }
}
