package io.gapstream.servicekit;

import io.gapstream.contracts.CloudEvents;
import io.gapstream.contracts.InvalidMessageException;
import io.gapstream.contracts.Topic;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import java.time.Clock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Turns contract messages into what the Kafka connector sends, and what it received back. */
public final class Events {

  private Events() {}

  /**
   * An event ready for an emitter of type {@code byte[]}.
   *
   * @param source the service that sends it, for example {@code data-generator}
   */
  public static <M extends io.gapstream.contracts.Message> Message<byte[]> outgoing(
      Topic<M> topic, M message, String source, Clock clock) {
    return outgoing(CloudEvents.write(topic, message, source, clock.instant()));
  }

  /** An event ready for an emitter of type {@code byte[]}. */
  public static Message<byte[]> outgoing(CloudEvents.Event event) {
    RecordHeaders headers = new RecordHeaders();
    event
        .headers()
        .forEach(
            (name, value) ->
                headers.add(name, value.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    return Message.of(event.value())
        .addMetadata(
            OutgoingKafkaRecordMetadata.<String>builder()
                .withTopic(event.topic())
                .withKey(event.key())
                .withHeaders(headers)
                .build());
  }

  /**
   * The message in a record.
   *
   * @throws InvalidMessageException if the record does not hold a valid message of this topic; the
   *     channel's failure strategy then moves it to the dead-letter topic
   */
  public static <M extends io.gapstream.contracts.Message> M incoming(
      Topic<M> topic, ConsumerRecord<String, byte[]> record) {
    Header type = record.headers().lastHeader("ce_type");
    return CloudEvents.read(
        topic, record.key(), type == null ? null : type.value(), record.value());
  }
}
