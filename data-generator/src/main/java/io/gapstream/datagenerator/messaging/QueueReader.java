package io.gapstream.datagenerator.messaging;

import io.gapstream.contracts.Topic;
import io.gapstream.datagenerator.application.Waiting;
import io.gapstream.datagenerator.application.Work;
import io.gapstream.datagenerator.application.WorkerGroup;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Knows what waits on the topic of datasets. It follows the topic itself, so it knows the budgets
 * of datasets that other replicas sent, and of those from before its start: each record is fetched
 * once, and nothing of it is kept but its budgets. A record that a group has committed is done.
 *
 * <p>It also sees to it that what waits is not deleted: see {@link #keepWhatWaits}.
 *
 * <p>For one thread. Any exception leaves it unusable.
 */
final class QueueReader implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(QueueReader.class);
  private static final String TOPIC = Topic.DATASETS.topicName();
  private static final ConfigResource TOPIC_RESOURCE =
      new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(100);

  /** How long one look reads; what it has not read by then is estimated. */
  private static final Duration READING = Duration.ofMillis(500);

  private static final Duration LONGEST_UNTIL_RETENTION_CHECK = Duration.ofSeconds(10);

  /** Whose work must not be deleted: the workers, and the service that registers datasets. */
  private static final String REGISTRY_GROUP = "results-service";

  private final KafkaConsumer<String, Work> consumer;
  private final Admin admin;
  private final Work usual;
  private final Clock clock;
  private final Map<TopicPartition, Backlog> backlogs = new HashMap<>();
  private Optional<Duration> retention = Optional.empty();
  private long nextRetentionCheckMillis;

  /**
   * @param usual what a dataset is taken to ask for while none has been read
   * @throws KafkaException if the addresses do not resolve
   */
  QueueReader(String bootstrapServers, Work usual, Clock clock) {
    this.usual = usual;
    this.clock = clock;
    int patience = (int) PATIENCE.toMillis();
    admin =
        Admin.create(
            Map.of(
                "bootstrap.servers", bootstrapServers,
                "default.api.timeout.ms", patience,
                "request.timeout.ms", patience));
    try {
      consumer =
          new KafkaConsumer<>(
              Map.of(
                  ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                  bootstrapServers,
                  ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                  patience,
                  ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                  patience,
                  ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                  "earliest",
                  ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                  false,
                  // Records have up to 24 MiB; one such is fetched all the same.
                  ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                  1_048_576,
                  ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                  1_048_576),
              new StringDeserializer(),
              new WorkDeserializer());
    } catch (RuntimeException e) {
      admin.close(Duration.ZERO);
      throw e;
    }
  }

  /** How long the topic keeps a dataset, as of the last look; empty for ever. */
  Optional<Duration> retention() {
    return retention;
  }

  /**
   * What waits now, of each group.
   *
   * @throws KafkaException if the broker does not answer in time
   */
  Map<WorkerGroup, Waiting> look() throws InterruptedException {
    List<TopicPartition> partitions = partitions();
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
    Map<WorkerGroup, Map<TopicPartition, Long>> undone = new EnumMap<>(WorkerGroup.class);
    for (WorkerGroup group : WorkerGroup.values()) {
      undone.put(group, firstUndone(group.id(), begins));
    }
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    follow(partitions, undone.values(), ends);
    checkRetention(begins, ends, undone);
    Map<WorkerGroup, Waiting> result = new EnumMap<>(WorkerGroup.class);
    for (WorkerGroup group : WorkerGroup.values()) {
      result.put(group, waiting(group, Objects.requireNonNull(undone.get(group)), ends));
    }
    return result;
  }

  private List<TopicPartition> partitions() {
    List<PartitionInfo> known = consumer.partitionsFor(TOPIC);
    // Nothing waits on a topic that is still to be created.
    return known == null
        ? List.of()
        : known.stream().map(info -> new TopicPartition(TOPIC, info.partition())).toList();
  }

  /** The first offset of each partition that the group has not committed. */
  private Map<TopicPartition, Long> firstUndone(String group, Map<TopicPartition, Long> begins)
      throws InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        groupAnswer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
            .orElse(Map.of());
    Map<TopicPartition, Long> result = new HashMap<>();
    begins.forEach(
        (partition, begin) -> {
          OffsetAndMetadata offset = committed.get(partition);
          result.put(partition, offset == null ? begin : Math.max(begin, offset.offset()));
        });
    return result;
  }

  /** Reads on, from where the group stands that has done least. */
  private void follow(
      List<TopicPartition> partitions,
      Collection<Map<TopicPartition, Long>> undone,
      Map<TopicPartition, Long> ends) {
    if (!backlogs.keySet().equals(Set.copyOf(partitions))) {
      backlogs.clear();
      partitions.forEach(partition -> backlogs.put(partition, new Backlog()));
      consumer.assign(partitions);
      partitions.forEach(partition -> startAt(partition, least(undone, partition)));
    }
    for (TopicPartition partition : partitions) {
      long from = least(undone, partition);
      long position = consumer.position(partition);
      if (from < backlog(partition).first() || from > position || position > end(ends, partition)) {
        // A group was set back, or has overtaken the reading, or the topic is a new one.
        startAt(partition, from);
      } else {
        backlog(partition).forgetBefore(from);
      }
    }
    if (partitions.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    while (System.nanoTime() - start < READING.toNanos()
        && partitions.stream().anyMatch(p -> consumer.position(p) < end(ends, p))) {
      for (ConsumerRecord<String, Work> record : consumer.poll(POLL)) {
        Work work = record.value() == null ? Work.NONE : record.value();
        backlog(new TopicPartition(TOPIC, record.partition()))
            .add(new Backlog.Entry(record.offset(), record.timestamp(), work));
      }
    }
  }

  private void startAt(TopicPartition partition, long offset) {
    backlog(partition).startAt(offset);
    consumer.seek(partition, offset);
  }

  private Backlog backlog(TopicPartition partition) {
    return Objects.requireNonNull(backlogs.get(partition));
  }

  private static long least(
      Collection<Map<TopicPartition, Long>> undone, TopicPartition partition) {
    return undone.stream().mapToLong(offsets -> end(offsets, partition)).min().orElse(0);
  }

  private static long end(Map<TopicPartition, Long> offsets, TopicPartition partition) {
    return Objects.requireNonNull(offsets.get(partition));
  }

  private Waiting waiting(
      WorkerGroup group, Map<TopicPartition, Long> undone, Map<TopicPartition, Long> ends)
      throws InterruptedException {
    Map<TopicPartition, Double> secondsOf = new HashMap<>();
    long datasets = 0;
    long oldest = Long.MAX_VALUE;
    for (TopicPartition partition : backlogs.keySet()) {
      long from = end(undone, partition);
      double seconds = 0;
      for (Backlog.Entry entry : backlog(partition).entries()) {
        if (entry.offset() >= from) {
          seconds += group.secondsOf(entry.work());
          datasets++;
          oldest = Math.min(oldest, entry.sentMillis());
        }
      }
      long unread =
          Math.max(0, end(ends, partition) - Math.max(from, consumer.position(partition)));
      datasets += unread;
      secondsOf.put(partition, seconds + unread * mean(group));
    }
    Collection<MemberDescription> members = members(group.id());
    return new Waiting(
        datasets,
        sum(secondsOf, secondsOf.keySet()),
        longest(secondsOf, members),
        oldest == Long.MAX_VALUE ? null : Instant.ofEpochMilli(oldest),
        members.size());
  }

  /** What a dataset asks of the group on average, of those that are known. */
  private double mean(WorkerGroup group) {
    double seconds = 0;
    long count = 0;
    for (Backlog backlog : backlogs.values()) {
      for (Backlog.Entry entry : backlog.entries()) {
        seconds += group.secondsOf(entry.work());
        count++;
      }
    }
    return count == 0 ? group.secondsOf(usual) : seconds / count;
  }

  /** A replica works off its partitions, whatever the others do; nobody's are somebody's later. */
  private static double longest(
      Map<TopicPartition, Double> secondsOf, Collection<MemberDescription> members) {
    Set<TopicPartition> nobodys = new HashSet<>(secondsOf.keySet());
    double longest = 0;
    for (MemberDescription member : members) {
      Set<TopicPartition> own = member.assignment().topicPartitions();
      longest = Math.max(longest, sum(secondsOf, own));
      nobodys.removeAll(own);
    }
    return Math.max(longest, sum(secondsOf, nobodys));
  }

  private static double sum(
      Map<TopicPartition, Double> secondsOf, Collection<TopicPartition> partitions) {
    return partitions.stream().mapToDouble(p -> secondsOf.getOrDefault(p, 0.0)).sum();
  }

  private Collection<MemberDescription> members(String group) throws InterruptedException {
    return groupAnswer(
            Objects.requireNonNull(
                admin.describeConsumerGroups(List.of(group)).describedGroups().get(group)))
        .map(description -> description.members())
        .orElse(List.of());
  }

  private void checkRetention(
      Map<TopicPartition, Long> begins,
      Map<TopicPartition, Long> ends,
      Map<WorkerGroup, Map<TopicPartition, Long>> undone)
      throws InterruptedException {
    long now = clock.millis();
    if (now < nextRetentionCheckMillis || begins.isEmpty()) {
      return;
    }
    retention = readRetention();
    if (retention.isPresent()) {
      List<Map<TopicPartition, Long>> all = new ArrayList<>(undone.values());
      all.add(firstUndone(REGISTRY_GROUP, begins));
      keepWhatWaits(retention.get(), now, all, ends);
    }
    nextRetentionCheckMillis =
        now
            + Math.min(
                LONGEST_UNTIL_RETENTION_CHECK.toMillis(),
                retention.map(kept -> kept.toMillis() / 8).orElse(Long.MAX_VALUE));
  }

  private Optional<Duration> readRetention() throws InterruptedException {
    ConfigEntry entry =
        answer(
                Objects.requireNonNull(
                    admin.describeConfigs(List.of(TOPIC_RESOURCE)).values().get(TOPIC_RESOURCE)))
            .get(TopicConfig.RETENTION_MS_CONFIG);
    long millis = entry == null ? -1 : Long.parseLong(entry.value());
    return millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
  }

  /**
   * Lets the topic keep datasets twice as long once one has waited for half the time: what was
   * accepted is not deleted before it is done, however long a service is away. What may wait is
   * limited, and so is what is kept.
   */
  private void keepWhatWaits(
      Duration kept,
      long now,
      List<Map<TopicPartition, Long>> undone,
      Map<TopicPartition, Long> ends)
      throws InterruptedException {
    long half = now - kept.toMillis() / 2;
    Map<TopicPartition, Long> times = new HashMap<>();
    ends.keySet().forEach(partition -> times.put(partition, half));
    Map<TopicPartition, @Nullable OffsetAndTimestamp> later = consumer.offsetsForTimes(times);
    boolean old =
        ends.keySet().stream()
            .anyMatch(
                partition -> {
                  OffsetAndTimestamp offset = later.get(partition);
                  long young = offset == null ? end(ends, partition) : offset.offset();
                  return least(undone, partition) < young;
                });
    if (!old) {
      return;
    }
    long longer = Math.min(kept.toMillis(), Long.MAX_VALUE / 2) * 2;
    answer(
        admin
            .incrementalAlterConfigs(
                Map.of(
                    TOPIC_RESOURCE,
                    List.of(
                        new AlterConfigOp(
                            new ConfigEntry(TopicConfig.RETENTION_MS_CONFIG, "" + longer),
                            AlterConfigOp.OpType.SET))))
            .all());
    retention = Optional.of(Duration.ofMillis(longer));
    LOG.warnf(
        "Datasets wait for more than half of the time that the topic keeps them, which was doubled;"
            + " see that every service runs: topic=%s, retention=%s",
        TOPIC, retention.get());
  }

  /** Empty when there is no such group: a service that never ran. */
  private static <T> Optional<T> groupAnswer(KafkaFuture<T> future) throws InterruptedException {
    try {
      return Optional.of(answer(future));
    } catch (GroupIdNotFoundException e) {
      return Optional.empty();
    }
  }

  private static <T> T answer(KafkaFuture<T> future) throws InterruptedException {
    try {
      return future.get(PATIENCE.toSeconds() + 1, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new org.apache.kafka.common.errors.TimeoutException(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof KafkaException failure) {
        throw failure;
      }
      throw new KafkaException(e.getCause());
    }
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ZERO));
    admin.close(Duration.ZERO);
  }
}
