package io.gapstream.ingest;

import static java.util.stream.Collectors.joining;

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
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * An array of finite numbers from a NumPy file: NPY, versions 1 to 3, or an array of an NPZ
 * archive. Real numbers of 4 or 8 bytes and whole numbers, in either order of bytes and of entries,
 * as long as each is a double.
 *
 * @param shape one number for a vector, rows and columns for a matrix
 * @param values row-major. Shared: must not be modified.
 */
@SuppressWarnings("ArrayRecordComponent") // large, handed on, never compared
public record NpyArray(int[] shape, double[] values) {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MAX_HEADER = 10_000;
  private static final int MAX_NAMES = 20;
  private static final Pattern TYPE =
      Pattern.compile("([<>=|])(?:(f)(?=[48])|([iu])(?=[1248]))([1248])");
  private static final Pattern DTYPE = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE =
      Pattern.compile("'shape'\\s*:\\s*\\(((?:\\s*\\d{1,9}\\s*,?)*)\\)");

  /** Above it not every whole number is a double. */
  private static final long MOST_EXACT = 1L << 53;

  /**
   * How an entry is written.
   *
   * @param kind f real, i whole, u whole and not negative
   * @param bytes of an entry
   */
  private record Type(ByteOrder order, char kind, int bytes) {

    static Type of(String dtype, String fileName) {
      Matcher form = TYPE.matcher(dtype);
      if (!form.matches()) {
        throw BadTableException.inFile(
            fileName,
            "its dtype is '"
                + BadTableException.shortened(dtype)
                + "'; convert it to '<f8', little-endian float64, with astype('<f8').");
      }
      return new Type(
          form.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
          (form.group(2) == null ? form.group(3) : form.group(2)).charAt(0),
          Integer.parseInt(form.group(4)));
    }

    /** An entry as a double; NaN where none is exactly that. */
    double value(ByteBuffer entries, int at) {
      if (kind == 'f') {
        return bytes == Double.BYTES ? entries.getDouble(at) : entries.getFloat(at);
      }
      long value =
          switch (bytes) {
            case 1 -> entries.get(at);
            case 2 -> entries.getShort(at);
            case 4 -> entries.getInt(at);
            default -> entries.getLong(at);
          };
      if (kind == 'u' && bytes < Long.BYTES) {
        value &= (1L << (Byte.SIZE * bytes)) - 1;
      }
      boolean exact = value <= MOST_EXACT && value >= (kind == 'u' ? 0 : -MOST_EXACT);
      return exact ? value : Double.NaN;
    }
  }

  /**
   * Reads an array of an NPZ archive.
   *
   * @param name of the array, without {@code .npy}
   * @param dimensions 1 for a vector, 2 for a matrix
   * @throws IOException if the file cannot be read
   * @throws BadTableException if it does not hold such an array within the limits
   */
  public static NpyArray readFromArchive(
      Path file, String fileName, String name, int dimensions, SizeLimits limits)
      throws IOException {
    String arrayName = fileName + ", array '" + BadTableException.shortened(name) + "'";
    try (ZipFile archive = new ZipFile(file.toFile())) {
      ZipEntry entry = archive.getEntry(name + ".npy");
      if (entry == null) {
        throw BadTableException.inFile(
            fileName,
            "there is no array '"
                + BadTableException.shortened(name)
                + "'; the arrays are "
                + String.join(", ", names(archive))
                + ".");
      }
      try (InputStream in = archive.getInputStream(entry)) {
        return read(new DataInputStream(in), arrayName, dimensions, limits);
      }
    } catch (EOFException e) {
      throw BadTableException.inFile(
          arrayName, "the file ends before its array; save it with numpy.savez.");
    } catch (ZipException e) {
      throw notAnArchive(fileName);
    }
  }

  /**
   * The names of the arrays of an NPZ archive, without {@code .npy}.
   *
   * @throws IOException if the file cannot be read
   * @throws BadTableException if it is no such archive
   */
  public static List<String> namesInArchive(Path file, String fileName) throws IOException {
    try (ZipFile archive = new ZipFile(file.toFile())) {
      return names(archive);
    } catch (ZipException e) {
      throw notAnArchive(fileName);
    }
  }

  private static List<String> names(ZipFile archive) {
    return archive.stream()
        .map(ZipEntry::getName)
        .filter(name -> name.endsWith(".npy"))
        .map(name -> name.substring(0, name.length() - ".npy".length()))
        .limit(MAX_NAMES)
        .toList();
  }

  private static BadTableException notAnArchive(String fileName) {
    return BadTableException.inFile(
        fileName, "the file is not an NPZ archive; save it with numpy.savez.");
  }

  /**
   * Reads an NPY file.
   *
   * @param dimensions 1 for a vector, which may also stand as a matrix of one column; 2 for a
   *     matrix
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
    Type type = Type.of(find(DTYPE, header, fileName, "dtype"), fileName);
    int[] shape = wanted(shape(find(SHAPE, header, fileName, "shape")), dimensions, fileName);
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
              + " are allowed; use fewer.");
    }
    byte[] bytes = in.readNBytes((int) count * type.bytes());
    if (bytes.length != count * type.bytes()) {
      throw new EOFException();
    }
    if (in.read() >= 0) {
      throw BadTableException.inFile(
          fileName, "the file goes on after its array; save it with numpy.save.");
    }
    double[] values = new double[(int) count];
    ByteBuffer entries = ByteBuffer.wrap(bytes).order(type.order());
    for (int i = 0; i < values.length; i++) {
      values[i] = type.value(entries, i * type.bytes());
      if (!Double.isFinite(values[i])) {
        throw BadTableException.inFile(
            fileName,
            type.kind() == 'f'
                ? "it holds " + values[i] + " at position " + i + "; give finite numbers."
                : "it holds a whole number above 2^53 at position "
                    + i
                    + ", which may be no float64; scale the numbers.");
      }
    }
    boolean byColumns = find(ORDER, header, fileName, "fortran_order").equals("True");
    return new NpyArray(
        shape, byColumns && dimensions == 2 ? transposed(values, shape[0], shape[1]) : values);
  }

  private static int[] wanted(int[] shape, int dimensions, String fileName) {
    boolean column = dimensions == 1 && shape.length == 2 && shape[1] == 1;
    int[] wanted = column ? new int[] {shape[0]} : shape;
    if (wanted.length == dimensions && Arrays.stream(wanted).allMatch(size -> size > 0)) {
      return wanted;
    }
    throw BadTableException.inFile(
        fileName,
        "its shape is "
            + BadTableException.shortened(
                Arrays.stream(shape).mapToObj(Integer::toString).collect(joining(", ", "(", ")")))
            + (dimensions == 1
                ? "; the target has one number for each row, shape (n,): save one column, with"
                    + " ravel() where the other axes are 1."
                : "; the features have rows and columns, shape (n, d), both above 0: save a single"
                    + " feature with reshape(-1, 1)."));
  }

  private static String header(DataInputStream in, String fileName) throws IOException {
    byte[] magic = in.readNBytes(MAGIC.length);
    if (!Arrays.equals(magic, MAGIC)) {
      throw BadTableException.inFile(
          fileName,
          magic.length > 1 && magic[0] == 'P' && magic[1] == 'K'
              ? "the file is an NPZ archive; name it *.npz, or save one array with numpy.save."
              : "the file is not in the NPY format; save it with numpy.save.");
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
