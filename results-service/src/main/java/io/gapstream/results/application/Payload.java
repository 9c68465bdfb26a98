package io.gapstream.results.application;

import io.gapstream.contracts.Message;
import io.gapstream.contracts.Topic;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

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
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return new Payload(topic, bytes, HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }
}
