package io.gapstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files as spreadsheets, pandas, R and loggers write them: the message names what such a file is
 * and what mends it. The texts are what those programs write, by hand; the words that a message
 * must have were chosen before there was code for them.
 */
final class CsvFaultsTest {

  private static final SizeLimits LIMITS = new SizeLimits(2_000_000, 500_000);

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '~',
      textBlock =
          """
          a;"b, left";y/1.0;2.0;0.5/2.0;1.5;1.25   ! t.csv, line 1: ! separated by semicolons, and the comma in 'b, left' ! save the file with commas
          a;b;y/1,5;2,0;0,5/2,0;1,5;1,25           ! t.csv, line 1: ! separated by semicolons       ! a point in decimal numbers
          a>b, c>y/1>2>3/4>5>6                     ! t.csv, line 1: ! separated by tabs             ! save the file with commas
          a|b|y/1,5|2|3/4|5|6                      ! t.csv, line 1: ! separated by vertical bars    ! save the file with commas
          a b y/1 2 3/4 5 6                        ! t.csv, line 1: ! separated by spaces           ! save the file with commas
          "a", "b", "y"/"1", "2", "0.5"            ! t.csv, line 1: ! a space stands before the quote of "b" ! remove the spaces
          a,b,y/"1", "2", "0.5"/"2", "1", "1"      ! t.csv, line 2: ! a space stands before the quote of "2" ! remove the spaces
          ,a,b,y/0,1.0,2.0,0.5/1,2.0,1.5,1.25      ! t.csv, line 1: ! column 1 has no name; it seems to be an index ! index=False
          "","a","y"/"r1",1.0,2.0/"r2",2.0,1.5     ! t.csv, line 1: ! row names                     ! row.names = FALSE
          "a","b","y"/"1",1,2,0.5/"2",2,1.5,1      ! t.csv, line 1: ! the first, such as '1', seems to be a row name ! row.names = FALSE
          a,b,y/Mazda,1,2,0.5/Honda,2,1.5,1        ! t.csv, line 1: ! such as 'Mazda'               ! give the column a name
          a,b,y,/1.0,2.0,0.5,/2.0,1.5,1.25,        ! t.csv, line 1: ! every line ends with a comma  ! remove the commas
          a,b,y,,,/1.0,2.0,0.5,,,/2.0,1.5,1.25,,,  ! t.csv, line 1: ! every line ends with a comma  ! remove the commas
          a,b,y,/1.0,2.0,0.5/2.0,1.5,1.25          ! t.csv, line 1: ! the line ends with a comma    ! remove that comma
          a,b,y/1.0,2.0,0.5,/2.0,1.5,1.25,         ! t.csv, line 1: ! every row ends with a comma   ! remove the commas
          # made by logger v2/# units: m, s/a,b,y/1,2,3/4,5,6 ! t.csv, line 1: ! the line is a comment ! remove all comment lines
          % of Octave/a,b,y/1,2,3/4,5,6            ! t.csv, line 1: ! the line is a comment         ! remove all comment lines
          a,b,y/1,2,3/# end of day 1/4,5,6         ! t.csv, line 3, column 'a': ! begins a comment  ! remove all comment lines
          sep=,/a,b,y/1,2,3/4,5,6                  ! t.csv, line 1: ! hint for Excel                ! remove it
          sep=;/a;b;y/1;2;3/4;5;6                  ! t.csv, line 1: ! hint for Excel                ! put commas
          "sep=;"/a;b;y/1;2;3/4;5;6                ! t.csv, line 1: ! hint for Excel                ! remove it
          5.1,3.5,Iris-setosa/4.9,3.0,Iris-setosa  ! t.csv, line 1: ! seems to hold numbers         ! 'Iris-setosa' as a number
          5.1,3.5,0/4.9,3.0,0/6.2,3.4,2            ! t.csv, line 1: ! seems to hold numbers         ! add a line with names
          2019,2020,2021/1.5,2.5,3.5/1,2,3         ! t.csv, line 1: ! seems to hold numbers         ! add a line with names
          5.1,3.5,3.5/4.9,3.0,0/6.2,3.4,2          ! t.csv, line 1: ! seems to hold numbers         ! add a line with names
          18.0,?,307/15.0,8,350/18.0,8,318         ! t.csv, line 1: ! seems to hold numbers         ! add a line with names
          1.5,NA,2/1,2,3/4,5,6                     ! t.csv, line 1: ! seems to hold numbers         ! add a line with names
          "a;b;y"/"1;2;3"/"4;5;6"                  ! t.csv, line 1: ! every line stands in quotes   ! remove those quotes
          "a,b,y"/"1,2,3"/"4,5,6"                  ! t.csv, line 1: ! every line stands in quotes   ! remove those quotes
          a,b/1,2/a,b/3,4                          ! t.csv, line 3, column 'a': ! the column's name again ! repeats the header
          """)
  void namesWhatTheFileIs(String csv, String place, String what, String fix) {
    // When
    BadTableException refusal = refusal(csv.replace('/', '\n').replace('>', '\t') + "\n");
    // Then
    assertThat(refusal)
        .hasMessageStartingWith(place)
        .hasMessageContaining(what)
        .hasMessageContaining(fix);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '~',
      textBlock =
          """
          1,234       ! write 1234 or 1.234, whichever is meant
          -12,100     ! write -12100 or -12.100, whichever is meant
          0,234       ! has a decimal comma; write a point
          1234,567    ! has a decimal comma; write a point
          2,5         ! has a decimal comma; write a point
          1,5e3       ! has a decimal comma; write a point
          1,234,567   ! commas between thousands; write 1234567.
          1,234.5     ! commas between thousands; write 1234.5.
          1.234,5     ! points between thousands and a decimal comma; write 1234.5.
          1.234.567   ! points between thousands; write 1234567.
          1 234       ! spaces between thousands; write 1234.
          1 234,5     ! spaces between thousands and a decimal comma; write 1234.5.
          1'234       ! apostrophes between thousands; write 1234.
          1_000       ! underscores between thousands; write 1000.
          12%         ! has a percent sign; write the number alone
          $5          ! has a currency sign; write the number alone
          5 \u20AC    ! has a currency sign; write the number alone
          NA          ! seems to mark a missing value; fill it in
          n/a         ! seems to mark a missing value; fill it in
          ?           ! seems to mark a missing value; fill it in
          -           ! seems to mark a missing value; fill it in
          NULL        ! seems to mark a missing value; fill it in
          .           ! seems to mark a missing value; fill it in
          #N/A        ! seems to mark a missing value; fill it in
          NaN         ! is not a finite number; fill it in
          TRUE        ! seems to be a truth value; write 1 and 0
          no          ! seems to be a truth value; write 1 and 0
          2024-02-29  ! seems to be a date or a time
          29.02.2024  ! seems to be a date or a time
          2/29/24     ! seems to be a date or a time
          12:30       ! seems to be a date or a time
          2024-02-29T12:30:00Z ! seems to be a date or a time
          0x1F        ! is written in base 16; write 31.
          -0xff       ! is written in base 16; write -255.
          0x1p3       ! is written in base 16; write it in base 10.
          (5)         ! stands in parentheses; write a minus sign
          1/2         ! it is a fraction; write its value
          1.5D+03     ! exponent is marked by a D; write an E.
          5kg         ! 'kg' follows the number; write 5 alone.
          -3.2 cm     ! 'cm' follows the number; write -3.2 alone.
          \u22121.5   ! holds MINUS SIGN (U+2212); write the minus sign
          \u20131.5   ! holds EN DASH (U+2013); write the minus sign
          \uFF11\uFF12 ! holds FULLWIDTH DIGIT ONE (U+FF11); write the digits 0 to 9
          \u201C5\u201D ! holds LEFT DOUBLE QUOTATION MARK (U+201C); write straight double quotes
          '5'         ! holds APOSTROPHE (U+0027); write straight double quotes
          \u00A0 1.5  ! holds an invisible character, NO-BREAK SPACE (U+00A0); remove it and write '1.5'
          2\u00A0     ! holds an invisible character, NO-BREAK SPACE (U+00A0); remove it and write '2'
          1\u202F234  ! NARROW NO-BREAK SPACE (U+202F); remove it and write '1234'
          \u200B7     ! ZERO WIDTH SPACE (U+200B); remove it and write '7'
          \uFEFF7     ! ZERO WIDTH NO-BREAK SPACE (U+FEFF); remove it and write '7'
          \u200B      ! ZERO WIDTH SPACE (U+200B); remove it and fill in the value
          red         ! is not a number; write it as a number, or remove the row or the column
          """)
  void saysWhatIsWrongWithAValueAndWhatToWrite(String value, String words) {
    // When
    BadTableException refusal = refusal("a,b\n1,2\n3,\"" + value + "\"\n");
    // Then
    assertThat(refusal).hasMessageStartingWith("t.csv, line 3, column 'b': '");
    assertThat(refusal).hasMessageContaining(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0,1,2\n5.1,3.5,0\n4.9,3.0,0\n",
        "0,y\n1,2\n3,4\n",
        "a,b\n1,2\n3,4\n   \n",
        "a,b\n1,2\n3,4\n\t\n\n \n",
        "# a,b\n1,2\n3,4\n",
        "a,b\r\n1,2\n3,4\r5,6\r\n"
      })
  void readsWhatHasOneReading(String csv) throws IOException {
    // When
    CsvTable table = read(csv);
    // Then
    assertThat(table.rows()).isGreaterThan(1);
  }

  @Test
  void readsNumbersAsNamesOnlyWhenToldThatTheyAre() throws IOException {
    // Given
    byte[] csv = "5.1,3.5,0\n4.9,3.0,0\n6.2,3.4,2\n".getBytes(StandardCharsets.UTF_8);
    // When
    CsvTable named = read(csv, Header.PRESENT);
    CsvTable unnamed = read(csv, Header.ABSENT);
    BadTableException doubt =
        catchThrowableOfType(BadTableException.class, () -> read(csv, Header.EXPECTED));
    // Then
    assertThat(named.rows()).isEqualTo(2);
    assertThat(named.split("0").y()).containsExactly(0, 2);
    assertThat(unnamed.rows()).isEqualTo(3);
    assertThat(unnamed.columns()).containsExactly("0", "1", "2");
    assertThat(unnamed.split("0").y()).containsExactly(5.1, 4.9, 6.2);
    assertThat(doubt.headerInDoubt()).isTrue();
  }

  @Test
  void countsTheColumnsOfAFileWithoutAHeaderByItsFirstRow() {
    // When
    BadTableException few = absent("1,2,3\n4,5\n");
    BadTableException many = absent("1,2\n3,4,5\n");
    BadTableException one = absent("1,2\n");
    // Then
    assertThat(few).hasMessageContaining("line 2: the row has 2 values and 3 are wanted");
    assertThat(many).hasMessageContaining("line 2: the row has more values than the 2");
    assertThat(one).hasMessage("t.csv: the file has one row; give it at least two rows.");
  }

  private static BadTableException absent(String csv) {
    return catchThrowableOfType(
        BadTableException.class, () -> read(csv.getBytes(StandardCharsets.UTF_8), Header.ABSENT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\r\n"})
  void countsLinesBeforeABadByteWhateverEndsThem(String end) {
    // Given
    String csv = String.join(end, "a,b,y", "1,2,3", "4,5,6", "7,\u00FF,9", "");
    // When
    BadTableException refusal =
        catchThrowableOfType(
            BadTableException.class,
            () -> read(csv.getBytes(StandardCharsets.ISO_8859_1), Header.EXPECTED));
    // Then
    assertThat(refusal)
        .hasMessage("t.csv, line 4: the file is not UTF-8 text; save it as a CSV file in UTF-8.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "x-UTF-16LE-BOM", "UTF-32"})
  void namesTheEncodingsOfWideText(String charset) {
    // Given
    byte[] csv = "a,b\n1,2\n3,4\n".getBytes(Charset.forName(charset));
    // When
    BadTableException refusal =
        catchThrowableOfType(BadTableException.class, () -> read(csv, Header.EXPECTED));
    // Then
    assertThat(refusal)
        .hasMessageContaining(charset.equals("UTF-32") ? "zero byte" : "text in UTF-16")
        .hasMessageContaining("save it as a CSV file");
  }

  @Test
  void namesACompressedFileAndAWorkbook(@TempDir Path folder) throws IOException {
    // Given
    Path gzip = folder.resolve("t.csv.gz");
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
      out.write("a,b\n1,2\n".repeat(9).getBytes(StandardCharsets.US_ASCII));
    }
    Path workbook = Files.write(folder.resolve("t.xlsx"), new byte[] {'P', 'K', 3, 4, 20, 0, 6, 0});
    // When
    BadTableException ofGzip =
        catchThrowableOfType(BadTableException.class, () -> CsvTable.read(gzip, LIMITS));
    BadTableException ofWorkbook =
        catchThrowableOfType(BadTableException.class, () -> CsvTable.read(workbook, LIMITS));
    // Then
    assertThat(ofGzip).hasMessageContaining("compressed with gzip");
    assertThat(ofWorkbook).hasMessageContaining("a ZIP archive, as an .xlsx");
  }

  @Test
  void saysThatAQuoteIsNotClosedWhereAValueGoesOnOverItsLine() {
    // When
    BadTableException refusal =
        catchThrowableOfType(BadTableException.class, () -> read("a,b,y\n\"1,2,3\n2,4,5\n"));
    // Then
    assertThat(refusal).hasMessageContaining("the quote before it is not closed there");
  }

  @Test
  void namesTheInvisibleCharacterThatKeepsATargetFromBeingFound() throws IOException {
    // Given
    CsvTable table = read("a,y\u200B\n1,2\n3,4\n");
    // When
    BadTableException refusal =
        catchThrowableOfType(BadTableException.class, () -> table.split("y"));
    // Then
    assertThat(refusal).hasMessageContaining("ZERO WIDTH SPACE (U+200B)");
  }

  @Test
  void findsATargetWhoseAccentsAreComposedInAnotherWay() throws IOException {
    // Given
    CsvTable table = read("a,Gr\u006F\u0308\u00DFe\n1,2\n3,4\n");
    // When
    CsvTable.Split split = table.split("Gr\u00F6\u00DFe");
    // Then
    assertThat(split.y()).containsExactly(2, 4);
  }

  @ParameterizedTest
  @CsvSource({
    "9007199254740993, true",
    "-9007199254740993, true",
    "9007199254740992, false",
    "9007199254740994, false",
    "123456789012345678901234567890, true",
    "1e30, false",
    "9007199254740993.0, false"
  })
  void knowsWhichWholeNumbersWereRounded(String value, boolean rounded) throws IOException {
    // When
    CsvTable table = read("id,y\n" + value + ",1\n1,2\n");
    // Then
    assertThat(table.hasRoundedIntegers("id")).isEqualTo(rounded);
    assertThat(table.hasRoundedIntegers("y")).isFalse();
  }

  private static CsvTable read(String csv) throws IOException {
    return read(csv.getBytes(StandardCharsets.UTF_8), Header.EXPECTED);
  }

  private static CsvTable read(byte[] csv, Header header) throws IOException {
    Path file = Files.createTempFile("gapstream", ".csv");
    try {
      Files.write(file, csv);
      return CsvTable.read(file, "t.csv", LIMITS, header);
    } finally {
      Files.delete(file);
    }
  }

  private static BadTableException refusal(String csv) {
    return catchThrowableOfType(
        BadTableException.class,
        () ->
            CsvTable.read(
                new ByteArrayInputStream(csv.getBytes(StandardCharsets.UTF_8)), "t.csv", LIMITS));
  }
}
