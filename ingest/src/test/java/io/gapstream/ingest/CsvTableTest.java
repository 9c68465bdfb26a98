package io.gapstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is read and what is refused. The oracle is the text of each file, written down here by hand:
 * no expected value comes from a parser.
 */
final class CsvTableTest {

  private static final SizeLimits LIMITS = new SizeLimits(2_000_000, 500_000);

  @Test
  void readsNumbersByColumn() throws IOException {
    // Given
    String csv = "a,b,target\n1,2.5,-3\n4e2,.5,+6\n";
    // When
    CsvTable table = read(csv);
    // Then
    assertThat(table.columns()).containsExactly("a", "b", "target");
    assertThat(table.rows()).isEqualTo(2);
    assertThat(table.column(0)).containsExactly(1, 400);
    assertThat(table.column(1)).containsExactly(2.5, 0.5);
    assertThat(table.column(2)).containsExactly(-3, 6);
  }

  @Test
  void splitsOffATargetFromAnyPosition() throws IOException {
    // Given
    CsvTable table = read("a,target,b\n1,2,3\n4,5,6\n");
    // When
    CsvTable.Split split = table.split("target");
    // Then
    assertThat(split.n()).isEqualTo(2);
    assertThat(split.d()).isEqualTo(2);
    assertThat(split.x()).containsExactly(1, 3, 4, 6);
    assertThat(split.y()).containsExactly(2, 5);
    assertThat(split.featureNames()).containsExactly("a", "b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1,2.5\n-3,4e2", "\uFEFF1,2.5\r\n-3,4e2\r\n\r\n", " 1 ,2.5\r\"-3\",400\r"})
  void readsRowsWithoutAHeader(String csv, @TempDir Path folder) throws IOException {
    // Given
    Path file = Files.writeString(folder.resolve("rows.csv"), csv);
    // When
    double[] rows = CsvTable.readRows(file, 2, LIMITS);
    // Then
    assertThat(rows).containsExactly(1, 2.5, -3, 400);
  }

  @Test
  void takesASingleRowWithoutAHeader(@TempDir Path folder) throws IOException {
    // Given
    Path file = Files.writeString(folder.resolve("rows.csv"), "7\n");
    // When
    double[] rows = CsvTable.readRows(file, 1, LIMITS);
    // Then
    assertThat(rows).containsExactly(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1,2;3        | rows.csv, line 2: the row has 1 value and 2 are wanted
          1,2,3        | rows.csv, line 1: the row has more values than the 2 that are wanted
          g1,g2        | rows.csv, line 1, column '1': 'g1' is not a number
          1,NaN        | rows.csv, line 1, column '2': 'NaN' is not a finite number
          1,2;;3,4     | rows.csv, line 2: the line is blank
          ;            | rows.csv: the file is empty
          1,2;3,4;5,6  | rows.csv, line 3: the table has more than 2 rows
          """)
  void refusesRowsWithoutAHeaderThatCannotBeUsed(String csv, String words, @TempDir Path folder)
      throws IOException {
    // Given
    Path file = Files.writeString(folder.resolve("rows.csv"), csv.replace(';', '\n'));
    // When
    BadTableException refusal =
        catchThrowableOfType(
            BadTableException.class, () -> CsvTable.readRows(file, 2, new SizeLimits(1000, 2)));
    // Then
    assertThat(refusal).hasMessageContaining(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a,b\n1,2\n3,4",
        "a,b\r\n1,2\r\n3,4\r\n",
        "a,b\r1,2\r3,4\r",
        "a,b\n1,2\n3,4\n\n\r\n\n",
        "\uFEFFa,b\n1,2\n3,4\n",
        "\"a\",\"b\"\n\"1\",2\n3,\"4\"\n",
        " a , b \n 1 , 2 \n 3,4 \n"
      })
  void readsTheSameTableHoweverItIsWritten(String csv) throws IOException {
    // When
    CsvTable table = read(csv);
    // Then
    assertThat(table.columns()).containsExactly("a", "b");
    assertThat(table.column(0)).containsExactly(1, 3);
    assertThat(table.column(1)).containsExactly(2, 4);
  }

  @Test
  void readsNamesInAnyScriptThatArriveByteByByte() throws IOException {
    // Given
    byte[] csv = "größe,数,😀\n1,2,3\n4,5,6\n".getBytes(StandardCharsets.UTF_8);
    InputStream oneByteAtATime =
        new InputStream() {
          private int next;

          @Override
          public int read() {
            return next < csv.length ? csv[next++] & 0xFF : -1;
          }

          @Override
          public int read(byte[] target, int offset, int length) {
            int value = read();
            if (value < 0) {
              return -1;
            }
            target[offset] = (byte) value;
            return 1;
          }
        };
    // When
    CsvTable table = CsvTable.read(oneByteAtATime, "names.csv", LIMITS);
    // Then
    assertThat(table.columns()).containsExactly("größe", "数", "😀");
    assertThat(table.column(2)).containsExactly(3, 6);
  }

  @Test
  void readsAPointAsDecimalSeparatorInEveryLocale() throws IOException {
    // Given
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      // When
      CsvTable table = read("a,b\n1.5,2\n3,4\n");
      // Then
      assertThat(table.column(0)).containsExactly(1.5, 3);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void callsAFileByTheLastPartOfItsPath(@TempDir Path folder) throws IOException {
    // Given
    Path file = Files.writeString(folder.resolve("short.csv"), "a,b\n1,2\n");
    // When
    BadTableException refusal =
        catchThrowableOfType(BadTableException.class, () -> CsvTable.read(file, LIMITS));
    // Then
    assertThat(refusal.file()).isEqualTo("short.csv");
    assertThat(refusal)
        .hasMessage("short.csv: the file has one row; give it at least two rows below the header.");
  }

  @Test
  void leavesAMissingFileToTheCaller(@TempDir Path folder) {
    // Given
    Path file = folder.resolve("missing.csv");
    // When
    // Then
    assertThatThrownBy(() -> CsvTable.read(file, LIMITS)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void passesOnWhatTheStreamThrows() {
    // Given
    IOException failure = new IOException("cut off");
    RuntimeException refusal = new IllegalStateException("too much");
    // When
    // Then
    assertThatThrownBy(() -> CsvTable.read(failing(failure, null), "t.csv", LIMITS))
        .isSameAs(failure);
    assertThatThrownBy(() -> CsvTable.read(failing(null, refusal), "t.csv", LIMITS))
        .isSameAs(refusal);
  }

  private static InputStream failing(
      @Nullable IOException failure, @Nullable RuntimeException refusal) {
    InputStream start = new ByteArrayInputStream("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8));
    InputStream end =
        new InputStream() {
          @Override
          public int read() throws IOException {
            if (failure != null) {
              throw failure;
            }
            throw Objects.requireNonNull(refusal);
          }
        };
    return new SequenceInputStream(start, end);
  }

  @Test
  void refusesTextInANumericColumn() {
    // When
    BadTableException refusal = refusal("x,species\n5.1,0\n4.9,setosa\n");
    // Then
    assertThat(refusal)
        .hasMessage(
            "t.csv, line 3, column 'species': 'setosa' is not a number; write it as a number, or"
                + " remove the row or the column.");
    assertThat(refusal.line()).isEqualTo(3);
    assertThat(refusal.column()).isEqualTo("species");
    assertThat(refusal.value()).isEqualTo("setosa");
    assertThat(refusal.tooLarge()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1f", "1d", "0x1p3", "1_000", "1 000", "--1", "1e", ".", "e5", "١"})
  void refusesWhatOnlyLooksLikeANumber(String value) {
    // When
    BadTableException refusal = refusal("a,b\n1," + value + "\n2,3\n");
    // Then
    assertThat(refusal.value()).isEqualTo(value);
    assertThat(refusal).hasMessageContaining("is not a number");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "nan", "Infinity", "-inf", "+Inf"})
  void refusesNumbersThatAreNotFinite(String value) {
    // When
    BadTableException refusal = refusal("a,b\n1,2\n2," + value + "\n");
    // Then
    assertThat(refusal)
        .hasMessage(
            "t.csv, line 3, column 'b': '"
                + value
                + "' is not a finite number; fill it in, or remove the row or the column.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e999", "-1e309"})
  void refusesNumbersBeyondTheRange(String value) {
    // When
    BadTableException refusal = refusal("a,b\n1,2\n2," + value + "\n");
    // Then
    assertThat(refusal)
        .hasMessageContaining("beyond the largest number")
        .hasMessageContaining(value);
  }

  @Test
  void refusesAnEmptyField() {
    // When
    BadTableException refusal = refusal("a,b\n1,2\n,4\n");
    // Then
    assertThat(refusal)
        .hasMessage(
            "t.csv, line 3, column 'a': the value is missing; fill it in, or remove the row or the"
                + " column.");
  }

  @Test
  void refusesADecimalComma() {
    // When
    BadTableException refusal = refusal("a,b\n1,\"2,5\"\n3,4\n");
    // Then
    assertThat(refusal)
        .hasMessage("t.csv, line 2, column 'b': '2,5' has a decimal comma; write a point.");
  }

  @ParameterizedTest
  @CsvSource({
    "'', the file is empty",
    "'\n\n', the file is empty",
    "'a,b\n', the file has a header and no rows",
    "'a,b\n1,2', the file has one row"
  })
  void refusesAFileWithTooFewRows(String csv, String reason) {
    // When
    BadTableException refusal = refusal(csv);
    // Then
    assertThat(refusal).hasMessageContaining(reason).hasMessageContaining("at least two rows");
    assertThat(refusal.line()).isNull();
  }

  @Test
  void refusesTwoColumnsOfOneName() {
    // When
    BadTableException refusal = refusal("a,b, a\n1,2,3\n4,5,6\n");
    // Then
    assertThat(refusal)
        .hasMessage(
            "t.csv, line 1, column 'a': columns 1 and 3 have the same name; rename one of them.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,,c\n1,2,3\n", "a,\"\",c\n1,2,3\n", "a,  ,c\n1,2,3\n"})
  void refusesAColumnWithoutAName(String csv) {
    // When
    BadTableException refusal = refusal(csv);
    // Then
    assertThat(refusal)
        .hasMessage("t.csv, line 1: column 2 has no name; give every column a name.");
  }

  @Test
  void refusesALineBreakInAName() {
    // When
    BadTableException refusal = refusal("a,\"b\nc\"\n1,2\n3,4\n");
    // Then
    assertThat(refusal).hasMessageContaining("the name of column 2 holds a control character");
  }

  @Test
  void refusesARowThatIsTooShort() {
    // When
    BadTableException refusal = refusal("a,b,c\n1,2,3\n4,5\n");
    // Then
    assertThat(refusal)
        .hasMessage(
            "t.csv, line 3: the row has 2 values and the header has 3 names; give each column a"
                + " value.");
  }

  @Test
  void refusesARowThatIsTooLong() {
    // When
    BadTableException refusal = refusal("a,b\n1,2\n3,4,5\n");
    // Then
    assertThat(refusal)
        .hasMessage(
            "t.csv, line 3: the row has more values than the header's 2 names; give each column one"
                + " value, with a point in decimal numbers.");
  }

  @Test
  void refusesABlankLineAmongTheRows() {
    // When
    BadTableException refusal = refusal("a,b\n1,2\n\n3,4\n");
    // Then
    assertThat(refusal)
        .hasMessage(
            "t.csv, line 3: the line is blank; blank lines may stand only at the end, remove it.");
  }

  @ParameterizedTest
  @CsvSource({
    "'a;b;c\n1;2;3\n4;5;6\n', semicolons",
    "'a\tb\n1\t2\n3\t4\n', tabs",
    "'a|b\n1|2\n3|4\n', vertical bars"
  })
  void namesAnotherSeparator(String csv, String separator) {
    // When
    BadTableException refusal = refusal(csv);
    // Then
    assertThat(refusal)
        .hasMessage(
            "t.csv, line 1: the columns seem to be separated by "
                + separator
                + "; save the file with commas between the columns and a point in decimal"
                + " numbers.");
  }

  @Test
  void refusesCharactersAfterAClosingQuote() {
    // When
    BadTableException refusal = refusal("a,b\n1,2\n\"3\"4,5\n");
    // Then
    assertThat(refusal)
        .hasMessage(
            "t.csv, line 3: a field is badly quoted or longer than 1000 characters; put commas between"
                + " the columns, end every line, and close every quote.");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000, 100_000})
  void refusesAQuoteThatIsNeverClosed(int rowsAfter) {
    // When
    BadTableException refusal = refusal("a,b\n1,2\n\"3,4\n" + "5,6\n".repeat(rowsAfter));
    // Then
    assertThat(refusal).hasMessageContaining("line 3");
  }

  @Test
  void refusesAMissingTargetAndNamesTheNearest() throws IOException {
    // Given
    CsvTable table = read("sepal_length,petal_width,species\n1,2,3\n4,5,6\n");
    // When
    BadTableException refusal =
        catchThrowableOfType(BadTableException.class, () -> table.split("Spezies"));
    // Then
    assertThat(refusal)
        .hasMessage(
            "t.csv, column 'Spezies': there is no column 'Spezies'; the columns are sepal_length,"
                + " petal_width, species. Did you mean 'species'?");
    assertThat(refusal.column()).isEqualTo("Spezies");
  }

  @Test
  void tellsOfAMissingHeader() throws IOException {
    // Given
    CsvTable table = read("0,1,2\n4.9,3.0,0\n4.7,3.2,0\n");
    // When
    BadTableException refusal =
        catchThrowableOfType(BadTableException.class, () -> table.split("species"));
    // Then
    assertThat(refusal).hasMessageContaining("The first line seems to hold numbers");
  }

  @Test
  void refusesATargetWithoutFeatures() throws IOException {
    // Given
    CsvTable table = read("y\n1\n2\n");
    // When
    BadTableException refusal =
        catchThrowableOfType(BadTableException.class, () -> table.split("y"));
    // Then
    assertThat(refusal)
        .hasMessage(
            "t.csv, column 'y': there is no other column to learn it from; add a feature column.");
  }

  @Test
  void refusesMoreValuesThanTheLimit() throws IOException {
    // Given
    SizeLimits six = new SizeLimits(6, 100);
    CsvTable full = read("a,b\n1,2\n3,4\n5,6\n", six);
    // When
    BadTableException refusal = refusal("a,b\n1,2\n3,4\n5,6\n7,8\n", six);
    // Then
    assertThat(full.rows()).isEqualTo(3);
    assertThat(refusal.tooLarge()).isTrue();
    assertThat(refusal)
        .hasMessage(
            "t.csv, line 5: the table has more than 6 values, the most that is taken; use fewer"
                + " rows or columns.");
  }

  @Test
  void refusesMoreRowsThanTheLimit() throws IOException {
    // Given
    SizeLimits three = new SizeLimits(1000, 3);
    CsvTable full = read("a,b\n1,2\n3,4\n5,6\n", three);
    // When
    BadTableException refusal = refusal("a,b\n1,2\n3,4\n5,6\n7,8\n", three);
    // Then
    assertThat(full.rows()).isEqualTo(3);
    assertThat(refusal.tooLarge()).isTrue();
    assertThat(refusal)
        .hasMessage(
            "t.csv, line 5: the table has more than 3 rows, the most that is taken; use fewer"
                + " rows.");
  }

  @Test
  void refusesMoreColumnsThanTwoRowsCouldFill() {
    // When
    BadTableException refusal = refusal("a,b,c,d\n1,2,3,4\n5,6,7,8\n", new SizeLimits(6, 100));
    // Then
    assertThat(refusal.tooLarge()).isTrue();
    assertThat(refusal).hasMessageContaining("the header has more than 3 columns");
  }

  @Test
  void refusesAZeroByteWithItsLine() {
    // When
    BadTableException refusal = refusal("a,b\n1,2\n3,\0\n");
    // Then
    assertThat(refusal)
        .hasMessage(
            "t.csv, line 3: the file holds a zero byte, so it is not text; save it as a CSV file.");
  }

  @Test
  void refusesWhatIsNotUtf8WithItsLine() {
    // Given
    byte[] latin1 = "a,b\n1,2\n3,größe\n".getBytes(StandardCharsets.ISO_8859_1);
    // When
    BadTableException refusal = refusal(latin1);
    // Then
    assertThat(refusal)
        .hasMessage("t.csv, line 3: the file is not UTF-8 text; save it as a CSV file in UTF-8.");
  }

  @Test
  void refusesACharacterCutOffAtTheEnd() {
    // Given
    byte[] whole = "a,b\n1,2\n3,é".getBytes(StandardCharsets.UTF_8);
    // When
    BadTableException refusal = refusal(Arrays.copyOf(whole, whole.length - 1));
    // Then
    assertThat(refusal).hasMessageContaining("line 3").hasMessageContaining("not UTF-8");
  }

  @Test
  void refusesTextInUtf16() {
    // Given
    byte[] utf16 = "a,b\n1,2\n3,4\n".getBytes(StandardCharsets.UTF_16);
    // When
    BadTableException refusal = refusal(utf16);
    // Then
    assertThat(refusal).hasMessageContaining("save it as a CSV file");
  }

  @Test
  void refusesACompressedFile() throws IOException {
    // Given
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write("a,b\n1,2\n3,4\n".getBytes(StandardCharsets.UTF_8));
    }
    // When
    BadTableException refusal = refusal(bytes.toByteArray());
    // Then
    assertThat(refusal).hasMessageContaining("save it as a CSV file");
  }

  @Test
  void showsLongAndUnprintableValuesShortened() {
    // When
    BadTableException refusal = refusal("a,b\n1,2\n3,\u0007" + "x".repeat(500) + "\n");
    // Then
    assertThat(refusal.value()).isEqualTo("?" + "x".repeat(39) + "...");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1,", ",", "\"", "a\r", " "})
  void refusesALineOfOneGigabyteAtOnce(String pattern) {
    // Given
    EndlessLine line = new EndlessLine("a,b\n1,2\n", pattern, 1L << 30);
    refusal("a,b\n1,2\nx,y\n");
    // When
    long allocatedBefore = allocated();
    long start = System.nanoTime();
    BadTableException refusal =
        catchThrowableOfType(
            BadTableException.class, () -> CsvTable.read(line, "line.csv", LIMITS));
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    long allocated = allocated() - allocatedBefore;
    // Then
    assertThat(refusal).hasMessageStartingWith("line.csv, line 3");
    assertThat(elapsed).isLessThan(Duration.ofSeconds(2));
    assertThat(allocated).isLessThan(4 << 20);
    assertThat(line.given()).isLessThan(4 << 20);
  }

  @ParameterizedTest
  @CsvSource({"1", "'a,'", "'\"'", "' '"})
  void refusesAHeaderOfOneGigabyteAtOnce(String pattern) {
    // Given
    EndlessLine line = new EndlessLine("", pattern, 1L << 30);
    // When
    long allocatedBefore = allocated();
    long start = System.nanoTime();
    BadTableException refusal =
        catchThrowableOfType(
            BadTableException.class, () -> CsvTable.read(line, "line.csv", LIMITS));
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    long allocated = allocated() - allocatedBefore;
    // Then
    assertThat(refusal).hasMessageStartingWith("line.csv, line 1");
    assertThat(elapsed).isLessThan(Duration.ofSeconds(2));
    assertThat(allocated).isLessThan(256 << 20);
    assertThat(line.given()).isLessThan(16 << 20);
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  private static CsvTable read(String csv) throws IOException {
    return read(csv, LIMITS);
  }

  private static CsvTable read(String csv, SizeLimits limits) throws IOException {
    return CsvTable.read(
        new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8)), "t.csv", limits);
  }

  private static BadTableException refusal(String csv) {
    return refusal(csv, LIMITS);
  }

  private static BadTableException refusal(String csv, SizeLimits limits) {
    return catchThrowableOfType(BadTableException.class, () -> read(csv, limits));
  }

  private static BadTableException refusal(byte[] csv) {
    return catchThrowableOfType(
        BadTableException.class,
        () -> CsvTable.read(new ByteArrayInputStream(csv), "t.csv", LIMITS));
  }

  /** A few lines, and then one that goes on and on; nothing of it is held in memory. */
  private static final class EndlessLine extends InputStream {

    private final byte[] start;
    private final byte[] pattern;
    private final long length;
    private long given;

    EndlessLine(String start, String pattern, long length) {
      this.start = start.getBytes(StandardCharsets.UTF_8);
      this.pattern = pattern.getBytes(StandardCharsets.UTF_8);
      this.length = length;
    }

    @Override
    public int read() {
      if (given >= length) {
        return -1;
      }
      long position = given++;
      return position < start.length
          ? start[(int) position]
          : pattern[(int) ((position - start.length) % pattern.length)];
    }

    @Override
    public int read(byte[] target, int offset, int count) {
      int i = 0;
      for (; i < count; i++) {
        int value = read();
        if (value < 0) {
          return i == 0 ? -1 : i;
        }
        target[offset + i] = (byte) value;
      }
      return i;
    }

    long given() {
      return given;
    }
  }
}
