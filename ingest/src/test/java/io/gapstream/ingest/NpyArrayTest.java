package io.gapstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** NumPy files, written here byte by byte as numpy.lib.format describes them. */
final class NpyArrayTest {

  private static final SizeLimits LIMITS = new SizeLimits(1000, 100);

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @CsvSource({
    "<f8", ">f8", "=f8", "<f4", ">f4", "<i8", ">i8", "<i4", ">i2", "|i1", "|u1", "<u2", ">u4", "<u8"
  })
  void readsEveryWayToWriteNumbers(String dtype) throws IOException {
    // Given
    double[] values = {1, 2, 100, 0, 7, 126};
    Path file = save(npy(dtype, "(3, 2)", values));
    // When
    NpyArray array = NpyArray.read(file, "X.npy", 2, LIMITS);
    // Then
    assertThat(array.shape()).containsExactly(3, 2);
    assertThat(array.values()).containsExactly(values);
  }

  @Test
  void readsSignsAsTheTypeHasThem() throws IOException {
    // When
    NpyArray signed = NpyArray.read(save(npy("|i1", "(2,)", -1, 5)), "y.npy", 1, LIMITS);
    NpyArray unsigned = NpyArray.read(save(npy("|u1", "(2,)", 255, 5)), "y.npy", 1, LIMITS);
    // Then
    assertThat(signed.values()).containsExactly(-1, 5);
    assertThat(unsigned.values()).containsExactly(255, 5);
  }

  @Test
  void readsATargetOfOneColumn() throws IOException {
    // When
    NpyArray y = NpyArray.read(save(npy("<f8", "(3, 1)", 1, 2, 3)), "y.npy", 1, LIMITS);
    // Then
    assertThat(y.shape()).containsExactly(3);
    assertThat(y.values()).containsExactly(1, 2, 3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<f8 | (1, 3) | 1 | its shape is (1, 3); the target has one number for each row | ravel()",
        "<f8 | (3,)   | 2 | its shape is (3); the features have rows and columns | reshape(-1, 1)",
        "<f8 | ()     | 1 | its shape is (); the target | ravel()",
        "<f2 | (3,)   | 1 | its dtype is '<f2' | astype('<f8')",
        "'|O' | (3,)    | 1 | its header has no usable dtype | .",
        "<c8 | (3,)   | 1 | its dtype is '<c8' | astype('<f8')"
      })
  void saysWhatToDoWithAnArrayThatIsNoSuch(
      String dtype, String shape, int dimensions, String words, String fix) throws IOException {
    // Given
    Path file = save(npy(dtype, shape, 1, 2, 3));
    // When
    BadTableException refusal =
        catchThrowableOfType(
            BadTableException.class, () -> NpyArray.read(file, "a.npy", dimensions, LIMITS));
    // Then
    assertThat(refusal)
        .hasMessageStartingWith("a.npy: ")
        .hasMessageContaining(words)
        .hasMessageContaining(fix);
  }

  @Test
  void refusesAWholeNumberThatNoDoubleIs() throws IOException {
    // Given
    byte[] file = npy("<i8", "(2,)", 1, 2);
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(file.length - 8, (1L << 53) + 1);
    Path saved = save(file);
    // When
    BadTableException refusal =
        catchThrowableOfType(
            BadTableException.class, () -> NpyArray.read(saved, "y.npy", 1, LIMITS));
    // Then
    assertThat(refusal).hasMessageContaining("above 2^53 at position 1");
  }

  @Test
  void readsArraysOfAnArchiveByName() throws IOException {
    // Given
    Path file = folder.resolve("data.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("X.npy"));
      zip.write(npy("<f8", "(2, 2)", 1, 2, 3, 4));
      zip.putNextEntry(new ZipEntry("label.npy"));
      zip.write(npy("<i8", "(2,)", 5, 6));
    }
    // When
    NpyArray y = NpyArray.readFromArchive(file, "data.npz", "label", 1, LIMITS);
    BadTableException refusal =
        catchThrowableOfType(
            BadTableException.class,
            () -> NpyArray.readFromArchive(file, "data.npz", "y", 1, LIMITS));
    // Then
    assertThat(NpyArray.namesInArchive(file, "data.npz")).containsExactly("X", "label");
    assertThat(y.values()).containsExactly(5, 6);
    assertThat(refusal).hasMessage("data.npz: there is no array 'y'; the arrays are X, label.");
  }

  @Test
  void saysThatAnArchiveIsNoArrayAndAnArrayNoArchive() throws IOException {
    // Given
    Path archive = save(new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0});
    Path array = Files.write(folder.resolve("b"), npy("<f8", "(1,)", 1));
    // When
    BadTableException ofArchive =
        catchThrowableOfType(
            BadTableException.class, () -> NpyArray.read(archive, "a.npy", 1, LIMITS));
    BadTableException ofArray =
        catchThrowableOfType(
            BadTableException.class, () -> NpyArray.namesInArchive(array, "b.npz"));
    // Then
    assertThat(ofArchive).hasMessageContaining("is an NPZ archive; name it *.npz");
    assertThat(ofArray).hasMessageContaining("not an NPZ archive");
  }

  private Path save(byte[] content) throws IOException {
    return Files.write(folder.resolve("a"), content);
  }

  private static byte[] npy(String dtype, String shape, double... values) throws IOException {
    String header =
        "{'descr': '" + dtype + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
    if (dtype.equals("|O")) {
      header = header.replace("'|O'", "[('a', '<f8')]");
    }
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    file.write(new byte[] {(byte) header.length(), 0});
    file.write(header.getBytes(StandardCharsets.US_ASCII));
    int bytes = dtype.startsWith("<c") || dtype.equals("|O") ? 8 : dtype.charAt(2) - '0';
    ByteBuffer entries =
        ByteBuffer.allocate(values.length * bytes)
            .order(dtype.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      if (dtype.charAt(1) == 'f' && bytes == 8) {
        entries.putDouble(value);
      } else if (dtype.charAt(1) == 'f' && bytes == 4) {
        entries.putFloat((float) value);
      } else if (bytes == 1) {
        entries.put((byte) value);
      } else if (bytes == 2) {
        entries.putShort((short) value);
      } else if (bytes == 4) {
        entries.putInt((int) value);
      } else {
        entries.putLong((long) value);
      }
    }
    file.write(entries.array());
    return file.toByteArray();
  }
}
