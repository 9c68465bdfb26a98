package io.gapstream.contracts;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * CloudEvents 1.0 in Kafka's binary mode: the attributes are headers named {@code ce_*}, the value
 * is the message's JSON, the key is the experiment's id.
 */
public final class CloudEvents {

  private static final String SPEC_VERSION = "1.0";
  private static final String CONTENT_TYPE = "application/json";

  private CloudEvents() {}

  /**
   * A record as it goes to the broker.
   *
   * @param topic where it goes
   * @param key the experiment's id
   * @param headers by name, in the order in which they are written
   * @param value the message's JSON
   */
  public record Event(String topic, String key, Map<String, String> headers, byte[] value) {}

  /**
   * Writes a message.
   *
   * @param source the service that sends it, for example {@code data-generator}
   * @param time when it came about
   */
  public static <M extends Message> Event write(
      Topic<M> topic, M message, String source, Instant time) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("ce_specversion", SPEC_VERSION);
    headers.put("ce_id", message.eventId());
    headers.put("ce_type", topic.eventType());
    headers.put("ce_source", "/gapstream/" + source);
    headers.put("ce_subject", message.experimentId());
    headers.put("ce_time", time.toString());
    headers.put("content-type", CONTENT_TYPE);
    return new Event(
        topic.topicName(), message.experimentId(), headers, MessageJson.write(message));
  }

  /**
   * Reads a record back.
   *
   * @param key the record's key, null when it has none
   * @param type the record's {@code ce_type} header, null when it has none
   * @param value the record's value, null when it has none
   * @throws InvalidMessageException if the type is not the topic's, the value is not a valid
   *     message, or the key is not the message's experiment: such a record lies in another
   *     partition than the experiment's others, so nothing is known of its order among them
   */
  public static <M extends Message> M read(
      Topic<M> topic, @Nullable String key, byte @Nullable [] type, byte @Nullable [] value) {
    if (type == null) {
      throw new InvalidMessageException(
          "The record has no header ce_type; send CloudEvents in binary mode.");
    }
    String eventType = new String(type, StandardCharsets.UTF_8);
    Check.that(
        topic.eventType().equals(eventType),
        "ce_type is '%s'; on %s it must be '%s'.",
        eventType,
        topic,
        topic.eventType());
    if (value == null) {
      throw new InvalidMessageException("The record has no value; send the message's JSON.");
    }
    M message = MessageJson.read(value, topic.messageClass());
    Check.that(
        message.experimentId().equals(key),
        "The record's key is '%s'; it must be the message's experimentId '%s'.",
        key,
        message.experimentId());
    return message;
  }
}
