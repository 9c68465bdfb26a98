package io.gapstream.results.application;

import io.gapstream.contracts.Message;
import io.gapstream.contracts.Topic;

/**
 * A record's value as it came.
 *
 * @param topic where it came from
 * @param bytes the message's JSON. Shared: must not be modified.
 * @param sha256 of the bytes, 64 hexadecimal digits; the same message again has the same
 */
@SuppressWarnings("ArrayRecordComponent") // large, never compared
record Payload(String topic, byte[] bytes, String sha256) {

  static Payload of(Topic<? extends Message> topic, byte[] bytes) {
    return of(topic.topicName(), bytes);
  }

  static Payload of(String topic, byte[] bytes) {
    return new Payload(topic, bytes, Sha256.hex(bytes));
  }
}
