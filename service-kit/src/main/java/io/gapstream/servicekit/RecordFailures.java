package io.gapstream.servicekit;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.ClientCustomizer;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorOutgoingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.SerializationFailureHandler;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;
import io.smallrye.reactive.messaging.kafka.impl.ConfigHelper;
import io.smallrye.reactive.messaging.kafka.impl.ReactiveKafkaProducer;
import io.smallrye.reactive.messaging.providers.impl.Configs;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.Config;

/**
 * The failure strategy {@code gapstream} of every channel whose records must not be lost: see
 * {@link DeadLetters}. The connector's own strategy {@code dead-letter-queue} sets records aside
 * whatever the failure, and closes the channel when it cannot.
 */
@ApplicationScoped
@Identifier("gapstream")
class RecordFailures implements KafkaFailureHandler.Factory {

  private static final String PREFIX = "dead-letter-queue";

  private final Shutdown shutdown;
  private final RestartNeeded restart;
  private final Instance<Map<String, Object>> configurations;
  private final Instance<ClientCustomizer<Map<String, Object>>> customizers;
  private final Instance<SerializationFailureHandler<?>> serializationFailures;
  private final Instance<ProducerInterceptor<?, ?>> interceptors;

  RecordFailures(
      Shutdown shutdown,
      RestartNeeded restart,
      @Any Instance<Map<String, Object>> configurations,
      @Any Instance<ClientCustomizer<Map<String, Object>>> customizers,
      @Any Instance<SerializationFailureHandler<?>> serializationFailures,
      @Any Instance<ProducerInterceptor<?, ?>> interceptors) {
    this.shutdown = shutdown;
    this.restart = restart;
    this.configurations = configurations;
    this.customizers = customizers;
    this.serializationFailures = serializationFailures;
    this.interceptors = interceptors;
  }

  @Override
  public KafkaFailureHandler create(
      KafkaConnectorIncomingConfiguration config,
      Vertx vertx,
      KafkaConsumer<?, ?> consumer,
      BiConsumer<Throwable, Boolean> reportFailure) {
    String channel = config.getChannel();
    String topic =
        config
            .getDeadLetterQueueTopic()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "The channel '"
                            + channel
                            + "' has no dead-letter-queue.topic; set it to the topic that takes"
                            + " what cannot be used."));
    Config producer =
        Configs.prefixOverride(
            config.config(),
            PREFIX,
            Map.of(
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                ignored -> StringSerializer.class.getName(),
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                ignored -> ByteArraySerializer.class.getName(),
                ProducerConfig.CLIENT_ID_CONFIG,
                ignored -> "dead-letters-" + channel));
    return new DeadLetters(
        topic,
        new ReactiveKafkaProducer<>(
            new KafkaConnectorOutgoingConfiguration(
                ConfigHelper.retrieveChannelConfiguration(configurations, producer)),
            customizers,
            serializationFailures,
            interceptors,
            failure -> {},
            (created, settings) -> {}),
        shutdown,
        restart);
  }
}
