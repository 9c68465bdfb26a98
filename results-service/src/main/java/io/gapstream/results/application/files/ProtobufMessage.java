package io.gapstream.results.application.files;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One message in the wire format of Protocol Buffers, as far as ONNX needs it: a field is a tag,
 * made of its number and the type of what follows, and then a varint, or a length and bytes. Fields
 * are written in the order of the calls.
 *
 * <p>Source: "Encoding" in the guide to Protocol Buffers.
 */
final class ProtobufMessage {

  private static final int VARINT = 0;
  private static final int LENGTH_AND_BYTES = 2;

  /** Seven bits in a byte; the eighth says that more follow. */
  private static final int LONGEST_VARINT = 10;

  /** Kept apart until the end, so that large arrays are not copied from message to message. */
  private final List<byte[]> pieces = new ArrayList<>();

  private int size;

  /** An integer or an enum's number; 0 or above. */
  ProtobufMessage integer(int field, long value) {
    add(varint(tag(field, VARINT)));
    add(varint(value));
    return this;
  }

  ProtobufMessage text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Integers, 0 or above, one behind the other. */
  ProtobufMessage integers(int field, long... values) {
    ProtobufMessage packed = new ProtobufMessage();
    for (long value : values) {
      packed.add(varint(value));
    }
    return message(field, packed);
  }

  /** Doubles, little-endian, one behind the other. */
  ProtobufMessage doubles(int field, double[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Double.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    return bytes(field, bytes.array());
  }

  ProtobufMessage message(int field, ProtobufMessage value) {
    add(varint(tag(field, LENGTH_AND_BYTES)));
    add(varint(value.size));
    value.pieces.forEach(this::add);
    return this;
  }

  private ProtobufMessage bytes(int field, byte[] value) {
    add(varint(tag(field, LENGTH_AND_BYTES)));
    add(varint(value.length));
    add(value);
    return this;
  }

  byte[] toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(size);
    pieces.forEach(bytes::put);
    return bytes.array();
  }

  private void add(byte[] piece) {
    pieces.add(piece);
    size = Math.addExact(size, piece.length);
  }

  private static long tag(int field, int type) {
    return (long) field << 3 | type;
  }

  private static byte[] varint(long value) {
    ByteBuffer bytes = ByteBuffer.allocate(LONGEST_VARINT);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes.put((byte) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    bytes.put((byte) rest).flip();
    byte[] written = new byte[bytes.remaining()];
    bytes.get(written);
    return written;
  }
}
