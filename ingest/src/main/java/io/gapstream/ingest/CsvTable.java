package io.gapstream.ingest;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A table of finite numbers with named columns, read from a CSV file: UTF-8 with or without a byte
 * order mark, commas, a header line, quotes where they are wanted, line ends of any kind. Numbers
 * are read the same way in every locale.
 *
 * <p>Reading streams: it holds the numbers read so far and one field, whatever the file is.
 */
public final class CsvTable {

  /** The parser's window; it has to hold one field, and takes in the input in pieces of it. */
  private static final int PARSER_CHARS = 64 * 1024;

  private static final int MAX_NAMES_SHOWN = 20;
  private static final int MAX_NAMES_COMPARED = 1000;
  private static final int MAX_CHARS_COMPARED = 100;

  private final String file;
  private final List<String> columns;
  private final int rows;
  private final double[] values;
  private final BitSet roundedIntegers;

  /**
   * @param roundedIntegers columns with whole numbers that no double is
   */
  CsvTable(String file, List<String> columns, int rows, double[] values, BitSet roundedIntegers) {
    this.file = file;
    this.columns = columns;
    this.rows = rows;
    this.values = values;
    this.roundedIntegers = roundedIntegers;
  }

  /**
   * A table as a learning problem.
   *
   * @param n rows
   * @param d features: every column but the target
   * @param x {@code n x d}, row-major, the features in the order of the file
   * @param y targets, n
   * @param featureNames d
   */
  @SuppressWarnings("ArrayRecordComponent") // large, handed on, never compared
  public record Split(int n, int d, double[] x, double[] y, List<String> featureNames) {}

  /**
   * Reads a file; messages call it by the last part of its path.
   *
   * @throws IOException if the file cannot be read
   * @throws BadTableException if it does not hold a table within the limits
   */
  public static CsvTable read(Path file, SizeLimits limits) throws IOException {
    return read(file, lastPart(file), limits);
  }

  private static String lastPart(Path file) {
    Path name = file.getFileName();
    return name == null ? file.toString() : name.toString();
  }

  /**
   * Reads a file.
   *
   * @param fileName what messages call it
   * @throws IOException if the file cannot be read
   * @throws BadTableException if it does not hold a table within the limits
   */
  public static CsvTable read(Path file, String fileName, SizeLimits limits) throws IOException {
    return read(file, fileName, limits, Header.EXPECTED);
  }

  /**
   * Reads a file.
   *
   * @param fileName what messages call it
   * @param header what is known of its first line
   * @throws IOException if the file cannot be read
   * @throws BadTableException if it does not hold a table within the limits
   */
  public static CsvTable read(Path file, String fileName, SizeLimits limits, Header header)
      throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, fileName, limits, header);
    }
  }

  /**
   * Reads a stream to its end, or to the first thing that is wrong. Does not close it.
   *
   * @param fileName what messages call it
   * @throws IOException if the stream cannot be read
   * @throws BadTableException if it does not hold a table within the limits
   */
  public static CsvTable read(InputStream in, String fileName, SizeLimits limits)
      throws IOException {
    return read(in, fileName, limits, Header.EXPECTED);
  }

  private static CsvTable read(InputStream in, String fileName, SizeLimits limits, Header header)
      throws IOException {
    TableHandler handler = TableHandler.forTable(fileName, limits, header);
    Head head = new Head();
    try {
      parse(in, fileName, handler, head);
    } catch (BadTableException e) {
      throw explained(e, head, header);
    }
    return handler.table();
  }

  /** What is wrong with the whole file, where the first lines tell; else what was found. */
  private static BadTableException explained(BadTableException found, Head head, Header header) {
    if (found.tooLarge()) {
      return found;
    }
    FileForm.Finding form = FileForm.of(head, header != Header.ABSENT);
    if (form == null) {
      return found;
    }
    if (form.headerInDoubt()) {
      return header == Header.EXPECTED
          ? BadTableException.headerInDoubt(found.file(), form.line(), form.reason())
          : found;
    }
    return BadTableException.inLine(found.file(), form.line(), form.reason());
  }

  /**
   * Reads a file of nothing but numbers, without a header; messages call it by the last part of its
   * path, and its columns by their number, from 1.
   *
   * @param columns numbers in each row, from 1
   * @return the numbers, row-major; at least one row
   * @throws IOException if the file cannot be read
   * @throws BadTableException if it does not hold such rows within the limits
   */
  public static double[] readRows(Path file, int columns, SizeLimits limits) throws IOException {
    String name = lastPart(file);
    TableHandler handler = TableHandler.forRows(name, limits, columns);
    try (InputStream in = Files.newInputStream(file)) {
      parse(in, name, handler, new Head());
    }
    double[] values = handler.values();
    if (values.length == 0) {
      throw BadTableException.inFile(name, "the file is empty; give it at least one row.");
    }
    return values;
  }

  private static void parse(InputStream in, String fileName, TableHandler handler, Head head)
      throws IOException {
    try {
      // Not closed: that would close the caller's stream, and there is nothing else to release.
      CsvReader<Boolean> reader =
          CsvReader.builder()
              .skipEmptyLines(false)
              .allowExtraFields(true)
              .allowMissingFields(true)
              .maxBufferSize(PARSER_CHARS)
              .build(handler, new Utf8Reader(in, fileName, head));
      reader.forEach(done -> {});
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (CsvParseException e) {
      throw parseFailure(e, handler);
    }
  }

  /** What the parser wrapped, if it wrapped something; else what is wrong with the file. */
  private static RuntimeException parseFailure(CsvParseException e, TableHandler handler)
      throws IOException {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException failure) {
        throw failure;
      }
      if (cause instanceof RuntimeException failure && !(cause instanceof CsvParseException)) {
        return failure;
      }
    }
    return handler.malformedField();
  }

  /** The columns' names, in the order of the file. */
  public List<String> columns() {
    return columns;
  }

  /** The number of rows, at least two. */
  public int rows() {
    return rows;
  }

  /** A copy of the values of a column, from 0. */
  public double[] column(int index) {
    int width = columns.size();
    if (index < 0 || index >= width) {
      throw new IndexOutOfBoundsException(
          "Column " + index + " of a table with " + width + " columns; count from 0.");
    }
    double[] column = new double[rows];
    for (int i = 0; i < rows; i++) {
      column[i] = values[i * width + index];
    }
    return column;
  }

  /**
   * The column of this name as target, every other column as a feature.
   *
   * @throws BadTableException if there is no such column, or no column besides it
   */
  public Split split(String targetColumn) {
    String target = targetColumn.strip();
    int targetIndex = indexOf(target);
    if (targetIndex < 0) {
      throw noSuchColumn(target);
    }
    int width = columns.size();
    if (width == 1) {
      throw BadTableException.inField(
          file,
          null,
          BadTableException.shortened(target),
          null,
          "there is no other column to learn it from; add a feature column.");
    }
    double[] x = new double[rows * (width - 1)];
    int next = 0;
    for (int i = 0; i < values.length; i++) {
      if (i % width != targetIndex) {
        x[next++] = values[i];
      }
    }
    List<String> names = new ArrayList<>(columns);
    names.remove(targetIndex);
    return new Split(rows, width - 1, x, column(targetIndex), List.copyOf(names));
  }

  /** Whether a column holds whole numbers above 2^53 in magnitude that no double is. */
  public boolean hasRoundedIntegers(String column) {
    int index = columns.indexOf(column);
    return index >= 0 && roundedIntegers.get(index);
  }

  /** The column of this name, also where its accents are composed in another way; -1 for none. */
  private int indexOf(String target) {
    int index = columns.indexOf(target);
    if (index >= 0) {
      return index;
    }
    List<String> composed = columns.stream().map(CsvTable::composed).toList();
    index = composed.indexOf(composed(target));
    return index == composed.lastIndexOf(composed(target)) ? index : -1;
  }

  private static String composed(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }

  /** A column that looks like the target and has a character that nobody sees, with its name. */
  private @Nullable String lookAlike(String target) {
    String seen = NotANumber.withoutInvisible(target);
    for (String name : columns) {
      if (NotANumber.withoutInvisible(name).equals(seen)) {
        return (name + target)
            .codePoints()
            .filter(NotANumber::isInvisible)
            .mapToObj(NotANumber::named)
            .findFirst()
            .map(
                character ->
                    ". The name '"
                        + BadTableException.shortened(name)
                        + "' differs from it only by an invisible character, "
                        + character
                        + "; remove it.")
            .orElse(null);
      }
    }
    return null;
  }

  private BadTableException noSuchColumn(String target) {
    String shown = BadTableException.shortened(target);
    StringBuilder reason =
        new StringBuilder("there is no column '").append(shown).append("'; the columns are ");
    List<String> names =
        columns.stream().limit(MAX_NAMES_SHOWN).map(BadTableException::shortened).toList();
    reason.append(String.join(", ", names));
    if (columns.size() > MAX_NAMES_SHOWN) {
      reason.append(" and ").append(columns.size() - MAX_NAMES_SHOWN).append(" more");
    }
    String lookAlike = lookAlike(target);
    if (lookAlike != null) {
      reason.append(lookAlike);
    } else if (columns.stream().allMatch(FileForm::isNumber)) {
      reason.append(". The first line seems to hold numbers; add a line with names above it.");
    } else {
      reason
          .append(". Did you mean '")
          .append(BadTableException.shortened(nearest(target)))
          .append("'?");
    }
    return BadTableException.inField(file, null, shown, null, reason.toString());
  }

  private String nearest(String target) {
    // Bounded, because both the names and their number come from strangers.
    String best = columns.get(0);
    int least = Integer.MAX_VALUE;
    for (String name : columns.subList(0, Math.min(columns.size(), MAX_NAMES_COMPARED))) {
      int distance = distance(comparable(target), comparable(name));
      if (distance < least) {
        least = distance;
        best = name;
      }
    }
    return best;
  }

  private static String comparable(String name) {
    return name.substring(0, Math.min(name.length(), MAX_CHARS_COMPARED)).toLowerCase(Locale.ROOT);
  }

  /** Levenshtein's distance: insertions, deletions and replacements from one to the other. */
  private static int distance(String from, String to) {
    int[] previous = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] current = new int[to.length() + 1];
      current[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[to.length()];
  }
}
