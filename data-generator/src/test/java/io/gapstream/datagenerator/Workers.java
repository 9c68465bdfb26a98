package io.gapstream.datagenerator;

import io.gapstream.contracts.Topic;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/** Does to the broker what workers and operators do, with Kafka's own administration client. */
final class Workers {

  static final List<String> GROUPS = List.of("relaxation-service", "trainer-service");

  private static final String TOPIC = Topic.DATASETS.topicName();
  private static final ConfigResource RESOURCE =
      new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);

  private Workers() {}

  /** Commits everything that is on the topic of datasets, as these groups. */
  static void finishAll(List<String> groups) {
    with(
        admin -> {
          TopicDescription topic =
              Objects.requireNonNull(
                  admin.describeTopics(List.of(TOPIC)).allTopicNames().get().get(TOPIC));
          List<TopicPartition> partitions =
              topic.partitions().stream()
                  .map(partition -> new TopicPartition(TOPIC, partition.partition()))
                  .toList();
          Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
          admin
              .listOffsets(
                  partitions.stream().collect(Collectors.toMap(p -> p, p -> OffsetSpec.latest())))
              .all()
              .get()
              .forEach(
                  (partition, end) -> ends.put(partition, new OffsetAndMetadata(end.offset())));
          for (String group : groups) {
            admin.alterConsumerGroupOffsets(group, ends).all().get();
          }
          return ends;
        });
  }

  /** As if these services had never run. */
  static void forget(List<String> groups) {
    with(admin -> admin.deleteConsumerGroups(groups).all().get());
  }

  /** Milliseconds. */
  static long retention() {
    Config config =
        with(
            admin ->
                Objects.requireNonNull(
                    admin.describeConfigs(List.of(RESOURCE)).all().get().get(RESOURCE)));
    return Long.parseLong(config.get("retention.ms").value());
  }

  static void keepFor(long millis) {
    with(
        admin ->
            admin
                .incrementalAlterConfigs(
                    Map.of(
                        RESOURCE,
                        List.of(
                            new AlterConfigOp(
                                new ConfigEntry("retention.ms", "" + millis),
                                AlterConfigOp.OpType.SET))))
                .all()
                .get());
  }

  private interface Action<T> {
    T on(Admin admin) throws ExecutionException, InterruptedException;
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> T with(Action<T> action) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", Broker.bootstrapServers()))) {
      return action.on(admin);
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
