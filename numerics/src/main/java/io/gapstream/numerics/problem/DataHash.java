package io.gapstream.numerics.problem;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 over the ASCII bytes {@code gapdata/1\n}, then n and d as little-endian int64, then X
 * row-major, then y, as little-endian float64.
 */
public final class DataHash {

  private static final byte[] PREFIX = "gapdata/1\n".getBytes(StandardCharsets.US_ASCII);
  private static final int CHUNK = 8192;

  private DataHash() {}

  /**
   * The hash as 64 lower-case hexadecimal digits.
   *
   * @param x {@code n x d}, row-major. Not modified.
   * @param y n. Not modified.
   */
  public static String sha256(int n, int d, double[] x, double[] y) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(PREFIX);
      ByteBuffer shape = ByteBuffer.allocate(2 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      digest.update(shape.putLong(n).putLong(d).flip());
      update(digest, x);
      update(digest, y);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }

  private static void update(MessageDigest digest, double[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += CHUNK) {
      buffer.clear();
      for (int i = from; i < Math.min(values.length, from + CHUNK); i++) {
        buffer.putDouble(values[i]);
      }
      digest.update(buffer.flip());
    }
  }
}
