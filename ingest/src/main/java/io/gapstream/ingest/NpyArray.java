package io.gapstream.ingest;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An array of finite float64 numbers from a NumPy file (NPY, versions 1 to 3), little-endian and in
 * either order.
 *
 * @param shape one number for a vector, rows and columns for a matrix
 * @param values row-major. Shared: must not be modified.
 */
@SuppressWarnings("ArrayRecordComponent") // large, handed on, never compared
public record NpyArray(int[] shape, double[] values) {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MAX_HEADER = 10_000;
  private static final Pattern DTYPE = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE =
      Pattern.compile("'shape'\\s*:\\s*\\(((?:\\s*\\d{1,9}\\s*,?)*)\\)");

  /**
   * Reads a file.
   *
   * @param dimensions 1 for a vector, 2 for a matrix
   * @throws IOException if the file cannot be read
   * @throws BadTableException if it does not hold such an array within the limits
   */
  public static NpyArray read(Path file, String fileName, int dimensions, SizeLimits limits)
      throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(new DataInputStream(in), fileName, dimensions, limits);
    } catch (EOFException e) {
      throw BadTableException.inFile(
          fileName, "the file ends before its array; save it with numpy.save.");
    }
  }

  private static NpyArray read(
      DataInputStream in, String fileName, int dimensions, SizeLimits limits) throws IOException {
    String header = header(in, fileName);
    String dtype = find(DTYPE, header, fileName, "dtype");
    if (!dtype.equals("<f8")) {
      throw BadTableException.inFile(
          fileName,
          "its dtype is '"
              + BadTableException.shortened(dtype)
              + "'; convert it to '<f8', little-endian float64.");
    }
    int[] shape = shape(find(SHAPE, header, fileName, "shape"));
    if (shape.length != dimensions || Arrays.stream(shape).anyMatch(size -> size == 0)) {
      throw BadTableException.inFile(
          fileName,
          "its shape is "
              + BadTableException.shortened(Arrays.toString(shape))
              + "; it must have "
              + dimensions
              + " numbers above 0.");
    }
    long count = dimensions == 1 ? shape[0] : (long) shape[0] * shape[1];
    if (count > limits.maxValues() || shape[0] > limits.maxRows()) {
      throw BadTableException.tooLarge(
          fileName,
          1,
          "the array has "
              + shape[0]
              + " rows and "
              + count
              + " values; at most "
              + limits.maxRows()
              + " and "
              + limits.maxValues()
              + " are allowed.");
    }
    byte[] bytes = in.readNBytes((int) count * Double.BYTES);
    if (bytes.length != count * Double.BYTES) {
      throw new EOFException();
    }
    if (in.read() >= 0) {
      throw BadTableException.inFile(fileName, "the file goes on after its array.");
    }
    double[] values = new double[(int) count];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(values);
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw BadTableException.inFile(
            fileName, "it holds " + values[i] + " at position " + i + "; give finite numbers.");
      }
    }
    boolean byColumns = find(ORDER, header, fileName, "fortran_order").equals("True");
    return new NpyArray(
        shape, byColumns && dimensions == 2 ? transposed(values, shape[0], shape[1]) : values);
  }

  private static String header(DataInputStream in, String fileName) throws IOException {
    byte[] magic = in.readNBytes(MAGIC.length);
    if (!Arrays.equals(magic, MAGIC)) {
      throw BadTableException.inFile(
          fileName, "the file is not in the NPY format; save it with numpy.save.");
    }
    int version = in.readUnsignedByte();
    in.readUnsignedByte();
    if (version < 1 || version > 3) {
      throw BadTableException.inFile(
          fileName, "it is of version " + version + " of the NPY format; 1 to 3 are known.");
    }
    int length =
        version == 1
            ? Short.reverseBytes(in.readShort()) & 0xffff
            : Integer.reverseBytes(in.readInt());
    if (length < 0 || length > MAX_HEADER) {
      throw BadTableException.inFile(
          fileName, "its header has " + length + " bytes; at most " + MAX_HEADER + " are allowed.");
    }
    byte[] header = new byte[length];
    in.readFully(header);
    return new String(header, StandardCharsets.UTF_8);
  }

  private static String find(Pattern pattern, String header, String fileName, String name) {
    Matcher found = pattern.matcher(header);
    if (!found.find()) {
      throw BadTableException.inFile(fileName, "its header has no usable " + name + ".");
    }
    return found.group(1);
  }

  private static int[] shape(String sizes) {
    List<Integer> shape = new ArrayList<>();
    Matcher number = Pattern.compile("\\d+").matcher(sizes);
    while (number.find()) {
      shape.add(Integer.valueOf(number.group()));
    }
    return shape.stream().mapToInt(Integer::intValue).toArray();
  }

  private static double[] transposed(double[] values, int rows, int columns) {
    double[] result = new double[values.length];
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < columns; k++) {
        result[i * columns + k] = values[k * rows + i];
      }
    }
    return result;
  }
}
