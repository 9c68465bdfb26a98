package io.gapstream.localstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gapstream.ingest.CsvTable;
import io.gapstream.ingest.SizeLimits;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.Prepared;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The real command on the examples. Exit codes, words and fields are those of
 * docs/certificate-format.md, by hand; what is verified and what is not was decided elsewhere.
 */
@Timeout(60)
final class VerifyTest {

  private static final Path EXAMPLES =
      Path.of(Objects.requireNonNull(System.getProperty("gapstream.root"), "gapstream.root"))
          .resolve("examples");
  private static final String IRIS = EXAMPLES.resolve("iris.gapcert.json").toString();
  private static final String DIABETES = EXAMPLES.resolve("diabetes.gapcert.json").toString();
  private static final String DIABETES_CSV = EXAMPLES.resolve("diabetes.csv").toString();

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder = Path.of("");

  @Test
  void verifiesAFileThatBringsItsData() {
    // When
    Call call = verify(IRIS);

    // Then
    assertThat(call.exitCode()).isZero();
    assertThat(call.err()).isEmpty();
    assertThat(call.out().lines().map(line -> line.split(" +", 2)[0]))
        .containsExactly("file", "data", "lower", "upper", "ratio", "verdict");
    assertThat(call.out())
        .contains("150 x 5, sha256 ", ", in the file")
        .containsPattern("lower      21\\.160\\d+  cone-bnb, proved")
        .containsPattern("upper      21\\.162\\d+  \\d+ neurons, proved")
        .containsPattern("ratio      1\\.0000[89]")
        .contains("verdict    verified");
  }

  @Test
  void verifiesAFileWithTheDataOfACsvFile() throws IOException {
    // When
    Call call = verify(DIABETES, "--json", "--data", DIABETES_CSV, "--target", "progression");

    // Then
    assertThat(call.exitCode()).isZero();
    JsonNode answer = JSON.readTree(call.out());
    assertThat(answer.fieldNames())
        .toIterable()
        .containsExactly("file", "verdict", "lower", "upper", "ratio", "rung", "reason");
    assertThat(answer.path("verdict").asText()).isEqualTo("verified");
    assertThat(answer.path("rung").asText()).isEqualTo("pairs");
    assertThat(answer.path("lower").asDouble()).isBetween(120.0, 130.0);
    assertThat(answer.path("reason").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"1, false", "1, true", "2, false", "3, true"})
  void verifiesAFileWithTheDataOfNpyFiles(int version, boolean byColumns) throws IOException {
    // Given
    CsvTable.Split split =
        CsvTable.read(Path.of(DIABETES_CSV), new SizeLimits(1_000_000, 10_000))
            .split("progression");
    Data data =
        Prepared.of(new Data(split.n(), split.d(), split.x(), split.y()), true, true).data();
    Path x = folder.resolve("X.npy");
    Path y = folder.resolve("y.npy");
    String shape = "(" + data.n() + ", " + data.d() + ")";
    Files.write(
        x,
        npy(
            version,
            "<f8",
            byColumns,
            shape,
            byColumns ? transposed(data.x(), data.n(), data.d()) : data.x()));
    Files.write(y, npy(version, "<f8", false, "(" + data.n() + ",)", data.y()));

    // When
    Call call = verify(DIABETES, "--data", x.toString(), "--target", y.toString());

    // Then
    assertThat(call.err()).isEmpty();
    assertThat(call.exitCode()).isZero();
    assertThat(call.out()).contains("from X.npy");
  }

  @Test
  void verifiesAFileWithTheArraysOfAnArchive() throws IOException {
    // Given
    CsvTable.Split split =
        CsvTable.read(Path.of(DIABETES_CSV), new SizeLimits(1_000_000, 10_000))
            .split("progression");
    Data data =
        Prepared.of(new Data(split.n(), split.d(), split.x(), split.y()), true, true).data();
    Path archive = folder.resolve("data.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
      zip.putNextEntry(new ZipEntry("y.npy"));
      zip.write(npy(1, "<f8", false, "(" + data.n() + ", 1)", data.y()));
      zip.putNextEntry(new ZipEntry("features.npy"));
      zip.write(npy(1, "<f8", false, "(" + data.n() + ", " + data.d() + ")", data.x()));
    }

    // When
    Call call = verify(DIABETES, "--data", archive.toString(), "--target", "y");
    Call other = verify(DIABETES, "--data", archive.toString(), "--target", "z");

    // Then
    assertThat(call.err()).isEmpty();
    assertThat(call.exitCode()).isZero();
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err()).contains("data.npz holds the arrays y, features");
  }

  @Test
  void refusesNpyFilesThatAreNoData() throws IOException {
    // Given
    Path y = folder.resolve("y.npy");
    Files.write(y, npy(1, "<f8", false, "(2,)", new double[2]));
    byte[] good = npy(1, "<f8", false, "(2, 1)", new double[] {1, 2});

    // Then
    for (byte[] x :
        List.of(
            new byte[0],
            "PK zip".getBytes(StandardCharsets.UTF_8),
            npy(1, "<f2", false, "(2, 1)", new double[1]),
            npy(1, "<c16", false, "(2, 1)", new double[4]),
            npy(1, "|O", false, "(2, 1)", new double[2]),
            npy(1, "<f8", false, "(2,)", new double[2]),
            npy(1, "<f8", false, "(3, 1)", new double[3]),
            npy(1, "<f8", false, "(100000, 99999)", new double[2]),
            npy(1, "<f8", false, "(-2, 1)", new double[2]),
            npy(1, "<f8", false, "(2, 1)", new double[1]),
            npy(1, "<f8", false, "(2, 1)", new double[3]),
            npy(1, "<f8", false, "(2, 1)", new double[] {1, Double.NaN}),
            npy(4, "<f8", false, "(2, 1)", new double[2]),
            java.util.Arrays.copyOf(good, 20))) {
      Path file = folder.resolve("X.npy");
      Files.write(file, x);
      Call call = verify(DIABETES, "--data", file.toString(), "--target", y.toString());
      assertThat(call.exitCode()).isEqualTo(2);
      assertThat(call.err()).startsWith("gap: ").contains("X.npy");
      assertThat(call.out()).isEmpty();
    }
  }

  @Test
  void saysNothingWithoutData() {
    // When
    Call call = verify(DIABETES);

    // Then
    assertThat(call.exitCode()).isEqualTo(6);
    assertThat(call.out())
        .contains("not given", "verdict    inconclusive", "reason     ", "pairs, not proved");
  }

  @Test
  void refutesOtherData() {
    // When
    Call call = verify(DIABETES, "--data", DIABETES_CSV, "--target", "bmi");
    Call raw =
        verify(DIABETES, "--data", DIABETES_CSV, "--target", "progression", "--no-standardize");
    Call both = verify(IRIS, "--data", DIABETES_CSV, "--target", "progression");

    // Then
    for (Call refuted : List.of(call, raw, both)) {
      assertThat(refuted.exitCode()).isEqualTo(1);
      assertThat(refuted.out()).contains("verdict    refuted").contains("SHA-256");
    }
  }

  @Test
  void refutesAClaimThatIsNotProved() throws IOException {
    // Given
    ObjectNode json = (ObjectNode) JSON.readTree(Path.of(IRIS).toFile());
    ((ObjectNode) json.get("lower")).put("value", 21.162);
    Path file = folder.resolve("raised.json");
    Files.writeString(file, json.toString());

    // When
    Call call = verify(file.toString());

    // Then
    assertThat(call.exitCode()).isEqualTo(1);
    assertThat(call.out())
        .contains("cone-bnb, not proved", "neurons, proved", "It claims p* >= 21.162");
  }

  @Test
  void refutesWhatIsNoCertificateAndShowsNothingOfItToTheTerminal() throws IOException {
    // Given
    Path file = folder.resolve("hostile.json");
    Files.writeString(file, "{\"format\":\"gapcert/1\",\"\\u001b[2J\\ud800\":1}");

    // When
    Call text = verify(file.toString());
    Call json = verify(file.toString(), "--json");

    // Then
    assertThat(text.exitCode()).isEqualTo(1);
    assertThat(text.out()).contains("verdict    refuted", "reason     ").doesNotContain("\u001b");
    assertThat(JSON.readTree(json.out()).path("lower").isNull()).isTrue();
    assertThat(JSON.readTree(json.out()).path("verdict").asText()).isEqualTo("refuted");
  }

  @Test
  void refutesAFileThatIsTooLargeWithoutReadingIt() throws IOException {
    // Given
    Path file = folder.resolve("large.json");
    try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(100_000_000_000L);
    }

    // When
    Call call = verify(file.toString());

    // Then
    assertThat(call.exitCode()).isEqualTo(1);
    assertThat(call.out()).contains("100000000000 bytes");
  }

  @Test
  void givesUpBeyondTheWorkThatIsAllowed() {
    // When
    Call call = verify(IRIS, "--max-work", "1000");

    // Then
    assertThat(call.exitCode()).isEqualTo(6);
    assertThat(call.out()).contains("--max-work");
  }

  @Test
  void judgesSeveralFilesAndEndsWithTheWorst() throws IOException {
    // Given
    String broken = Files.writeString(folder.resolve("broken.json"), "{").toString();

    // Then
    assertThat(verify(IRIS, IRIS).exitCode()).isZero();
    assertThat(verify(IRIS, DIABETES).exitCode()).isEqualTo(6);
    Call worst = verify(broken, DIABETES, IRIS, "--json");
    assertThat(worst.exitCode()).isEqualTo(1);
    assertThat(worst.out().lines().map(line -> field(line, "file")))
        .containsExactly(broken, DIABETES, IRIS);
    assertThat(worst.out().lines().map(line -> field(line, "verdict")))
        .containsExactly("refuted", "inconclusive", "verified");
  }

  private static String field(String line, String name) {
    try {
      return JSON.readTree(line).path(name).asText();
    } catch (IOException e) {
      throw new AssertionError(line, e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing.json | There is no file",
        ". | is not a regular file",
        "IRIS --data nothing.csv --target y | There is no file",
        "IRIS --data DIABETES_CSV | belong together",
        "IRIS --target y | belong together",
        "IRIS --data DIABETES_CSV --target y | 'y'",
        "IRIS --max-work 0 | not a finite number above 0",
        "IRIS --tolerance 1 | --tolerance",
        "IRIS nothing.json | There is no file",
        "--json | FILE",
      })
  void refusesACallThatMakesNoSense(String words, String reason) {
    // When
    Call call =
        verify(
            Stream.of(words.split(" ", -1))
                .map(word -> word.equals("IRIS") ? IRIS : word)
                .map(word -> word.equals("DIABETES_CSV") ? DIABETES_CSV : word)
                .toArray(String[]::new));

    // Then
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).startsWith("gap: ").contains(reason);
    assertThat(call.out()).isEmpty();
  }

  @Test
  void startsNothing() {
    // When
    verify(IRIS);

    // Then
    assertThat(folder.resolve("home")).doesNotExist();
  }

  @Test
  void exportsFromNoStack() {
    // When
    Call none = Call.gap(folder.resolve("home"), "export-certificate", "0".repeat(32));
    Call nowhere =
        Call.gap(
            folder.resolve("home"),
            "export-certificate",
            "0".repeat(32),
            "-o",
            folder.resolve("no/file.json").toString());

    // Then
    assertThat(none.exitCode()).isEqualTo(5);
    assertThat(nowhere.exitCode()).isEqualTo(2);
    assertThat(folder.resolve("home")).doesNotExist();
  }

  @Test
  void writesAFileWholeAndNothingBesideIt() throws IOException {
    // Given
    Path file = folder.resolve("out.json");
    Path link = Files.createSymbolicLink(folder.resolve("link.json"), file);
    Files.writeString(file, "before");

    // When
    OutputFile.write(link, new byte[] {'n', 'e', 'w'});

    // Then
    assertThat(file).hasContent("new");
    assertThat(Files.isSymbolicLink(link)).isTrue();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(file, link);
    }
  }

  private Call verify(String... args) {
    return Call.gap(
        folder.resolve("home"),
        Stream.concat(Stream.of("verify"), Stream.of(args)).toArray(String[]::new));
  }

  /** A file as numpy.save writes it. */
  private static byte[] npy(
      int version, String dtype, boolean byColumns, String shape, double[] values) {
    String header =
        String.format(
            Locale.ROOT,
            "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }%n",
            dtype,
            byColumns ? "True" : "False",
            shape);
    byte[] text = header.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer file =
        ByteBuffer.allocate(12 + text.length + values.length * Double.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    file.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
    file.put((byte) version).put((byte) 0);
    if (version == 1) {
      file.putShort((short) text.length);
    } else {
      file.putInt(text.length);
    }
    file.put(text);
    for (double value : values) {
      file.putDouble(value);
    }
    byte[] bytes = new byte[file.position()];
    file.flip().get(bytes);
    return bytes;
  }

  private static double[] transposed(double[] values, int rows, int columns) {
    double[] result = new double[values.length];
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < columns; k++) {
        result[k * rows + i] = values[i * columns + k];
      }
    }
    return result;
  }
}
