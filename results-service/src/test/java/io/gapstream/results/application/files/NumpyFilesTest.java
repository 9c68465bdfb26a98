package io.gapstream.results.application.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.contracts.NumericArray;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The oracles are NumPy, whose bytes the golden file and the written-out ones are, and Java's
 * reader of zip archives.
 */
final class NumpyFilesTest {

  private static final String MAGIC = "934e554d5059" + "0100" + "7600";

  @Test
  void writesAMatrixAsNumpySavesIt() throws IOException {
    // When
    byte[] file = NpyFile.of(NumericArray.matrix(2, 3, new double[] {1, -2, 0.1, 1e-300, 0, 3.5}));
    // Then
    assertThat(file).isEqualTo(Golden.file("matrix.npy"));
  }

  @Test
  void writesAVectorByteForByte() {
    // When
    byte[] file = NpyFile.of(NumericArray.vector(0.1, 0.2, 0.3));
    // Then
    String header = "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }";
    assertThat(HexFormat.of().formatHex(file))
        .isEqualTo(
            MAGIC
                + HexFormat.of()
                    .formatHex((header + " ".repeat(60) + "\n").getBytes(StandardCharsets.US_ASCII))
                + "9a9999999999b93f"
                + "9a9999999999c93f"
                + "333333333333d33f");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 9, 10, 99_999, 100_000, 500_000})
  void beginsTheValuesAtAMultipleOf64(int rows) {
    // When
    byte[] file = NpyFile.of(NumericArray.matrix(rows, 2, new double[2 * rows]));
    // Then
    int prefix = file.length - 16 * rows;
    int headerLength = (file[8] & 0xff) + 256 * (file[9] & 0xff);
    assertThat(prefix % 64).isZero();
    assertThat(headerLength).isEqualTo(prefix - 10);
    assertThat(file[prefix - 1]).isEqualTo((byte) '\n');
    assertThat(new String(file, 10, headerLength, StandardCharsets.US_ASCII))
        .startsWith("{'descr': '<f8', 'fortran_order': False, 'shape': (" + rows + ", 2), }");
  }

  @Test
  void putsEveryArrayIntoTheArchiveUnderItsName() throws IOException {
    // Given
    NumericArray u = NumericArray.matrix(2, 3, new double[] {1, -2, 0.1, 1e-300, 0, 3.5});
    NumericArray a = NumericArray.vector(0.5, -1.25);
    // When
    byte[] archive = NpzFile.of(new TreeMap<>(Map.of("U", u, "a", a)));
    // Then
    Map<String, byte[]> found = new LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        assertThat(entry.getMethod()).isEqualTo(ZipEntry.STORED);
        found.put(entry.getName(), zip.readAllBytes());
      }
    }
    assertThat(found.keySet()).containsExactly("U.npy", "a.npy");
    assertThat(found.get("U.npy")).isEqualTo(NpyFile.of(u));
    assertThat(found.get("a.npy")).isEqualTo(NpyFile.of(a));
  }

  @Test
  void writesTheSameArchiveWhereverItIs() {
    // Given
    TreeMap<String, NumericArray> arrays = new TreeMap<>(Map.of("a", NumericArray.vector(1)));
    TimeZone here = TimeZone.getDefault();
    // When
    byte[] east;
    byte[] west;
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Tokyo"));
      east = NpzFile.of(arrays);
      TimeZone.setDefault(TimeZone.getTimeZone("America/Los_Angeles"));
      west = NpzFile.of(arrays);
    } finally {
      TimeZone.setDefault(here);
    }
    // Then
    assertThat(east).isEqualTo(west);
    // No field beside those of the format: two headers of 30 and 46 bytes, two names, one end of
    // 22.
    assertThat(east).hasSize(30 + 46 + 2 * "a.npy".length() + 22 + 136);
  }
}
