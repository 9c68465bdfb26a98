package io.gapstream.ingest;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes the fields as the parser finds them and keeps the numbers only, so a line of any length
 * needs no memory of its own and the first bad field ends the reading.
 */
final class TableHandler extends AbstractBaseCsvCallbackHandler<Boolean> {

  /** No number that a program writes comes near; a longer one hides a missing separator. */
  private static final int MAX_FIELD_CHARS = 1000;

  private static final int MAX_HEADER_CHARS = 4 * 1024 * 1024;
  private static final int FIRST_CAPACITY = 1024;

  private final String file;
  private final SizeLimits limits;
  private final List<String> columns = new ArrayList<>();
  private final Header header;

  /** Whether the first row says how many columns there are. */
  private boolean countsColumns;

  private int headerChars;
  private boolean headerDone;
  private int rows;
  private int fields;
  private double[] values = new double[FIRST_CAPACITY];
  private int size;
  private long line = 1;
  private @Nullable Long blankLine;
  private boolean blankStart;
  private final BitSet roundedIntegers = new BitSet();

  private TableHandler(String file, SizeLimits limits, Header header) {
    this.file = file;
    this.limits = limits;
    this.header = header;
    this.headerDone = header == Header.ABSENT;
  }

  /** For a file that becomes a table. */
  static TableHandler forTable(String file, SizeLimits limits, Header header) {
    TableHandler handler = new TableHandler(file, limits, header);
    handler.countsColumns = header == Header.ABSENT;
    return handler;
  }

  /**
   * For a file of nothing but numbers; messages count its columns from 1.
   *
   * @param columns numbers in each row, from 1
   */
  static TableHandler forRows(String file, SizeLimits limits, int columns) {
    TableHandler handler = new TableHandler(file, limits, Header.ABSENT);
    for (int k = 1; k <= columns; k++) {
      handler.columns.add(Integer.toString(k));
    }
    return handler;
  }

  @Override
  protected void handleBegin(long startingLineNumber) {
    line = startingLineNumber;
    fields = 0;
    blankStart = false;
  }

  @Override
  protected void handleEmpty() {
    markBlank();
  }

  private void markBlank() {
    if (blankLine == null) {
      blankLine = line;
    }
  }

  @Override
  protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
    if (length > MAX_FIELD_CHARS) {
      throw malformedField();
    }
    String text = new String(buffer, offset, length).strip();
    fields++;
    if (index == 0 && text.isEmpty() && !quoted) {
      blankStart = true; // a line of spaces, or a first value that is missing: the next field tells
      return;
    }
    if (blankLine != null) {
      throw BadTableException.inLine(
          file, blankLine, "the line is blank; blank lines may stand only at the end, remove it.");
    }
    if (blankStart) {
      blankStart = false;
      add(0, "", false);
    }
    add(index, text, quoted);
  }

  private void add(int index, String text, boolean quoted) {
    if (headerDone) {
      addValue(index, text);
    } else {
      addColumn(text, quoted);
    }
  }

  @Override
  protected Boolean buildRecord() {
    if (blankStart) {
      markBlank();
      return true;
    }
    if (fields == 0) {
      return true;
    }
    countsColumns = false;
    if (!headerDone) {
      checkHeader();
      headerDone = true;
    } else {
      if (fields < columns.size()) {
        throw BadTableException.inLine(
            file,
            line,
            "the row has "
                + fields
                + (fields == 1 ? " value" : " values")
                + (header != Header.ABSENT
                    ? " and the header has " + names()
                    : " and " + columns.size() + " are wanted")
                + "; give each column a value.");
      }
      rows++;
    }
    return true;
  }

  private void addColumn(String name, boolean quoted) {
    if (!quoted && name.startsWith("\"")) {
      throw BadTableException.inLine(
          file,
          line,
          "the name of column "
              + (columns.size() + 1)
              + " begins with a quote that does not count, because something stands before it; put"
              + " the quote right after the comma.");
    }
    headerChars += name.length();
    if (columns.size() >= limits.maxValues() / 2 || headerChars > MAX_HEADER_CHARS) {
      throw BadTableException.tooLarge(
          file,
          line,
          "the header has more than "
              + columns.size()
              + " columns, too many for a table of at most "
              + limits.maxValues()
              + " values; take fewer columns.");
    }
    columns.add(name);
  }

  private void checkHeader() {
    if (header == Header.EXPECTED && FileForm.isRow(columns) && !FileForm.isCount(columns)) {
      throw BadTableException.headerInDoubt(file, line, FileForm.missingHeaderReason(null));
    }
    Map<String, Integer> seen = new HashMap<>();
    for (int k = 0; k < columns.size(); k++) {
      String name = columns.get(k);
      if (name.isEmpty()) {
        throw BadTableException.inLine(
            file, line, "column " + (k + 1) + " has no name; give every column a name.");
      }
      if (name.chars().anyMatch(Character::isISOControl)) {
        throw BadTableException.inLine(
            file,
            line,
            "the name of column "
                + (k + 1)
                + " holds a control character or a line break; give it a plain name.");
      }
      Integer first = seen.putIfAbsent(name, k + 1);
      if (first != null) {
        throw BadTableException.inField(
            file,
            line,
            BadTableException.shortened(name),
            null,
            "columns " + first + " and " + (k + 1) + " have the same name; rename one of them.");
      }
    }
  }

  private void addValue(int index, String text) {
    if (countsColumns) {
      columns.add(Integer.toString(index));
    }
    if (index >= columns.size()) {
      throw BadTableException.inLine(
          file,
          line,
          "the row has more values than the "
              + (header != Header.ABSENT
                  ? "header's " + names()
                  : columns.size() + (columns.size() == 1 ? " that is" : " that are") + " wanted")
              + "; give each column one value, with a point in decimal numbers.");
    }
    if (index == 0 && rows >= limits.maxRows()) {
      throw BadTableException.tooLarge(
          file,
          line,
          "the table has more than "
              + limits.maxRows()
              + " rows, the most that is taken; use fewer rows.");
    }
    if (size >= limits.maxValues()) {
      throw BadTableException.tooLarge(
          file,
          line,
          "the table has more than "
              + limits.maxValues()
              + " values, the most that is taken; use fewer rows or columns.");
    }
    if (size == values.length) {
      values = Arrays.copyOf(values, (int) Math.min(limits.maxValues(), 2L * values.length));
    }
    values[size++] = parse(index, text);
  }

  private String names() {
    return columns.size() + (columns.size() == 1 ? " name" : " names");
  }

  private double parse(int index, String text) {
    // Double.parseDouble alone also takes 1f, 0x1p3 and NaN.
    if (looksLikeNumber(text)) {
      try {
        double value = Double.parseDouble(text);
        if (Double.isFinite(value)) {
          if (isRoundedInteger(text, value)) {
            roundedIntegers.set(index);
          }
          return value;
        }
        throw badValue(
            index, text, "is beyond the largest number that can be held; rescale the column.");
      } catch (NumberFormatException e) {
        // Falls through to the message for text.
      }
    }
    if (text.isEmpty()) {
      throw BadTableException.inField(
          file,
          line,
          BadTableException.shortened(columns.get(index)),
          "",
          "the value is missing; fill it in, or remove the row or the column.");
    }
    if (index == 0 && FileForm.isComment(text)) {
      throw badValue(index, text, "begins a comment; remove all comment lines.");
    }
    if (header != Header.ABSENT && text.equals(columns.get(index))) {
      throw badValue(
          index, text, "is the column's name again; remove the line if it repeats the header.");
    }
    throw badValue(index, text, NotANumber.reason(text));
  }

  /** Whether the text is a whole number that no double is, above 2^53 in magnitude. */
  private static boolean isRoundedInteger(String text, double value) {
    return Math.abs(value) >= 0x1p53
        && text.matches("[+-]?[0-9]+")
        && new BigDecimal(value).compareTo(new BigDecimal(text)) != 0;
  }

  private static boolean looksLikeNumber(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!(c >= '0' && c <= '9' || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E')) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private BadTableException badValue(int index, String text, String reason) {
    String value = BadTableException.shortened(text);
    return BadTableException.inField(
        file,
        line,
        BadTableException.shortened(columns.get(index)),
        value,
        "'" + value + "' " + reason);
  }

  /** The parser gave up in this record, or found a field that is longer than any number. */
  BadTableException malformedField() {
    return BadTableException.inLine(
        file,
        line,
        "a field is badly quoted or longer than "
            + MAX_FIELD_CHARS
            + " characters; put commas between the columns, end every line, and close every quote.");
  }

  /** The numbers below the header or, without one, all of them, once everything is read. */
  double[] values() {
    return Arrays.copyOf(values, size);
  }

  /** The table, once everything is read. */
  CsvTable table() {
    if (!headerDone) {
      throw BadTableException.inFile(
          file, "the file is empty; give it a line with column names and at least two rows.");
    }
    if (rows == 0 && header == Header.ABSENT) {
      throw BadTableException.inFile(file, "the file is empty; give it at least two rows.");
    }
    if (rows < 2) {
      throw BadTableException.inFile(
          file,
          (rows == 0 ? "the file has a header and no rows" : "the file has one row")
              + (header == Header.ABSENT
                  ? "; give it at least two rows."
                  : "; give it at least two rows below the header."));
    }
    return new CsvTable(file, List.copyOf(columns), rows, values(), roundedIntegers);
  }
}
