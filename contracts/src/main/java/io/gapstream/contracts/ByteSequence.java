package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Bytes; in JSON a string in base64. They are shared with whoever made the sequence and must not be
 * modified.
 */
public final class ByteSequence {

  private final byte[] bytes;

  private ByteSequence(byte[] bytes) {
    this.bytes = bytes;
  }

  /** These bytes. */
  public static ByteSequence of(byte[] bytes) {
    return new ByteSequence(bytes);
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  static ByteSequence fromJson(String base64) {
    try {
      return new ByteSequence(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      throw new InvalidMessageException("bytes are not base64: " + e.getMessage(), e);
    }
  }

  @JsonValue
  String base64() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** The bytes. Shared: must not be modified. */
  public byte[] bytes() {
    return bytes;
  }

  /** The number of bytes. */
  public int size() {
    return bytes.length;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ByteSequence that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "ByteSequence[" + bytes.length + "]";
  }
}
