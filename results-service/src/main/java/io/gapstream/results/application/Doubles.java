package io.gapstream.results.application;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Doubles as little-endian bytes, the form in which messages and the database hold them. */
final class Doubles {

  private Doubles() {}

  static byte[] toBytes(double[] values) {
    ByteBuffer buffer =
        ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asDoubleBuffer().put(values);
    return buffer.array();
  }

  static double[] fromBytes(byte[] bytes) {
    double[] values = new double[bytes.length / Double.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(values);
    return values;
  }
}
