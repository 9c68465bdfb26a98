package io.gapstream.results.application.files;

import io.gapstream.contracts.NumericArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * NumPy's file of one array, format 1.0: float64, row-major. The bytes are those that {@code
 * numpy.save} writes. Source: {@code numpy.lib.format} of NumPy's manual.
 */
public final class NpyFile {

  private static final byte[] MAGIC_AND_VERSION = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

  /** The values begin at a multiple of this. */
  private static final int ALIGNMENT = 64;

  /** NumPy leaves room for a first extent of so many digits, so that files can grow in place. */
  private static final int EXTENT_DIGITS = 21;

  private NpyFile() {}

  /** The file of a vector or a matrix. */
  public static byte[] of(NumericArray array) {
    byte[] header = header(array.shape()).getBytes(StandardCharsets.US_ASCII);
    int prefix = MAGIC_AND_VERSION.length + Short.BYTES + header.length;
    ByteBuffer file =
        ByteBuffer.allocate(Math.addExact(prefix, Math.multiplyExact(array.size(), Double.BYTES)))
            .order(ByteOrder.LITTLE_ENDIAN);
    file.put(MAGIC_AND_VERSION).putShort((short) header.length).put(header);
    file.asDoubleBuffer().put(array.values());
    return file.array();
  }

  private static String header(int[] shape) {
    StringBuilder header =
        new StringBuilder("{'descr': '<f8', 'fortran_order': False, 'shape': (").append(shape[0]);
    // A comma makes a tuple of a single number.
    header.append(shape.length == 1 ? "," : ", " + shape[1]).append("), }");
    header.append(" ".repeat(EXTENT_DIGITS - String.valueOf(shape[0]).length()));
    int unpadded = MAGIC_AND_VERSION.length + Short.BYTES + header.length() + 1;
    header.append(" ".repeat(Math.floorMod(-unpadded, ALIGNMENT))).append('\n');
    return header.toString();
  }
}
