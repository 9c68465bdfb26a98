package io.gapstream.servicekit;

import io.gapstream.contracts.Topic;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Creates the topics that are missing, before the channels subscribe. Every service does it, so no
 * order of starting matters; a topic that exists is left as it is. When the broker does not answer,
 * the service starts all the same, and the topics are created once it does.
 */
@ApplicationScoped
public class TopicCreator {

  private static final Logger LOG = Logger.getLogger(TopicCreator.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final Duration PAUSE = Duration.ofSeconds(2);
  private static final List<String> CONSUMERS =
      List.of("relaxation-service", "trainer-service", "results-service");

  private final String bootstrapServers;
  private final int partitions;

  TopicCreator(
      @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers,
      @ConfigProperty(name = "gapstream.topic-partitions", defaultValue = "6") int partitions) {
    this.bootstrapServers = bootstrapServers;
    this.partitions = partitions;
  }

  void onStart(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
    if (!createAll()) {
      Thread later = new Thread(this::createOnceTheBrokerAnswers, "topic-creator");
      later.setDaemon(true);
      later.start();
    }
  }

  private void createOnceTheBrokerAnswers() {
    try {
      do {
        Thread.sleep(PAUSE.toMillis());
      } while (!createAll());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean createAll() {
    try (Admin admin =
        Admin.create(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "default.api.timeout.ms",
                (int) TIMEOUT.toMillis(),
                "request.timeout.ms",
                (int) TIMEOUT.toMillis() / 2))) {
      List<String> missing = new ArrayList<>();
      Throwable reason = null;
      for (Map.Entry<String, KafkaFuture<Void>> created :
          admin.createTopics(topics()).values().entrySet()) {
        Throwable failure = failure(created.getValue());
        if (failure == null) {
          LOG.infof("Topic created: topic=%s", created.getKey());
        } else if (!(failure instanceof TopicExistsException)) {
          missing.add(created.getKey());
          reason = failure;
        }
      }
      if (reason != null) {
        LOG.warnf(
            "Topics not created; the service goes on and tries again: topics=%s, reason=%s",
            missing, reason.getMessage());
      }
      return missing.isEmpty();
    } catch (KafkaException e) {
      // The addresses of the broker do not resolve, or not yet.
      LOG.warnf("Topics not created; the service goes on and tries again: reason=%s", e);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static @Nullable Throwable failure(KafkaFuture<Void> creation)
      throws InterruptedException {
    try {
      creation.get(TIMEOUT.toSeconds() + 1, TimeUnit.SECONDS);
      return null;
    } catch (TimeoutException e) {
      return e;
    } catch (ExecutionException e) {
      return e.getCause() == null ? e : e.getCause();
    }
  }

  private List<NewTopic> topics() {
    List<NewTopic> topics = new ArrayList<>();
    for (Topic<?> topic : Topic.ALL) {
      topics.add(
          newTopic(topic.topicName(), partitions)
              .configs(
                  Map.of(
                      TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "" + Topic.MAX_RECORD_BYTES,
                      TopicConfig.CLEANUP_POLICY_CONFIG,
                          topic == Topic.CERTIFICATES
                              ? TopicConfig.CLEANUP_POLICY_COMPACT
                              : TopicConfig.CLEANUP_POLICY_DELETE,
                      TopicConfig.RETENTION_MS_CONFIG, "" + retention(topic).toMillis())));
    }
    topics.add(
        newTopic(Attempts.TOPIC, 1)
            .configs(
                Map.of(
                    TopicConfig.CLEANUP_POLICY_CONFIG,
                    TopicConfig.CLEANUP_POLICY_COMPACT,
                    // Only what is no longer written to is compacted; workers read all of it.
                    TopicConfig.SEGMENT_BYTES_CONFIG,
                    "" + 4 * 1024 * 1024)));
    for (Topic<?> topic : List.of(Topic.DATASETS, Topic.RELAXATIONS, Topic.TRAININGS)) {
      for (String consumer : CONSUMERS) {
        topics.add(
            newTopic(topic.deadLetterTopic(consumer), 1)
                .configs(
                    Map.of(
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        "" + (Topic.MAX_RECORD_BYTES + 1024 * 1024))));
      }
    }
    return topics;
  }

  private static NewTopic newTopic(String name, int partitions) {
    return new NewTopic(name, Optional.of(partitions), Optional.empty());
  }

  private static Duration retention(Topic<?> topic) {
    return topic == Topic.PROGRESS ? Duration.ofHours(1) : Duration.ofDays(7);
  }
}
