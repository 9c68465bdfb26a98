package io.gapstream.ingest;

import io.gapstream.ingest.Head.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Recognises, from the first lines of a file that cannot be used, what other programs write: a
 * fault of the whole file shows first as one of a single row or name, far from where it is mended.
 */
final class FileForm {

  private static final List<Separator> OTHERS =
      List.of(
          new Separator(';', "semicolons"),
          new Separator('\t', "tabs"),
          new Separator('|', "vertical bars"));

  private final List<Line> lines;

  private FileForm(List<Line> lines) {
    this.lines = lines;
  }

  private record Separator(char character, String words) {}

  /**
   * What the file seems to be.
   *
   * @param line from 1
   * @param reason with the fix
   * @param headerInDoubt whether it is about a first line that seems to be a row
   */
  record Finding(long line, String reason, boolean headerInDoubt) {}

  /** What is known of a file that was refused; null where nothing is. */
  static @Nullable Finding of(Head head, boolean hasHeader) {
    List<Line> lines = head.lines();
    return lines.isEmpty() ? null : new FileForm(lines).finding(hasHeader);
  }

  private @Nullable Finding finding(boolean hasHeader) {
    String reason = separatorHint();
    if (reason == null) {
      reason = comment();
    }
    if (reason == null) {
      reason = quotedLines();
    }
    if (reason == null) {
      reason = otherSeparator();
    }
    if (reason != null) {
      return new Finding(lines.get(0).number(), reason, false);
    }
    Finding spaced = spaceBeforeQuote();
    if (spaced != null || !hasHeader) {
      return spaced;
    }
    reason = trailingCommas();
    if (reason == null) {
      reason = indexColumn();
    }
    if (reason == null) {
      reason = rowNames();
    }
    return reason == null ? missingHeader() : new Finding(lines.get(0).number(), reason, false);
  }

  private @Nullable String separatorHint() {
    return first().strip().toLowerCase(Locale.ROOT).matches("\"?sep=[^0-9a-z]?\"?,*")
        ? "the line is a hint for Excel ('sep='), not the columns' names; remove it, and put commas"
            + " between the columns."
        : null;
  }

  private @Nullable String comment() {
    // A line of names may begin so too, but it has as many fields as the others.
    return isComment(first()) && fields(first(), ',').size() != fields(last(), ',').size()
        ? "the line is a comment; remove all comment lines, so that the first line holds the"
            + " columns' names."
        : null;
  }

  static boolean isComment(String text) {
    String start = text.strip();
    return start.startsWith("#")
        || start.startsWith("%")
        || start.startsWith("//")
        || start.startsWith("\"#");
  }

  private @Nullable String quotedLines() {
    return lines.size() > 1
            && lines.stream()
                .map(line -> line.text().strip())
                .allMatch(
                    line ->
                        fields(line, ',').size() == 1
                            && !unquoted(line).equals(line)
                            && unquoted(line).matches(".*[,;\t|].*"))
        ? "every line stands in quotes as a whole, so it is one value; remove those quotes, and put"
            + " commas between the columns."
        : null;
  }

  private @Nullable String otherSeparator() {
    for (Separator other : OTHERS) {
      int count = fields(first(), other.character()).size();
      if (count > 1
          && lines.stream()
              .allMatch(line -> fields(line.text(), other.character()).size() == count)) {
        List<String> inside =
            fields(first(), other.character()).stream().filter(name -> name.contains(",")).toList();
        return "the columns seem to be separated by "
            + other.words()
            + (inside.isEmpty()
                ? ""
                : ", and the comma in '"
                    + BadTableException.shortened(unquoted(inside.get(0)))
                    + "' belongs to the name, which then needs quotes")
            + "; save the file with commas between the columns and a point in decimal numbers.";
      }
    }
    int words = first().strip().split("\\s+").length;
    boolean spaces =
        words > 1
            && lines.size() > 1
            && lines.stream()
                .allMatch(
                    line ->
                        line.text().indexOf(',') < 0
                            && line.text().strip().split("\\s+").length == words);
    return spaces
        ? "the columns seem to be separated by spaces; save the file with commas between the columns"
            + " and a point in decimal numbers."
        : null;
  }

  private @Nullable Finding spaceBeforeQuote() {
    for (Line line : lines) {
      for (String field : fields(line.text(), ',')) {
        if (!field.startsWith("\"") && field.strip().startsWith("\"")) {
          return new Finding(
              line.number(),
              "a space stands before the quote of "
                  + BadTableException.shortened(field.strip())
                  + ", so the quote belongs to the value; remove the spaces between commas and"
                  + " quotes.",
              false);
        }
      }
    }
    return null;
  }

  private @Nullable String trailingCommas() {
    if (endsEmpty(first())) {
      return lines.stream().allMatch(line -> endsEmpty(line.text()))
          ? "every line ends with a comma, which makes an empty column; remove the commas at the ends"
              + " of the lines."
          : "the line ends with a comma, so the last column has no name; remove that comma, or give"
              + " the column a name.";
    }
    int names = fields(first(), ',').size();
    boolean rowsEndSo =
        lines.size() > 1
            && rows().stream()
                .allMatch(row -> endsEmpty(row.text()) && fields(row.text(), ',').size() > names);
    return rowsEndSo
        ? "every row ends with a comma that the names do not have; remove the commas at the ends of"
            + " the rows."
        : null;
  }

  private static boolean endsEmpty(String line) {
    List<String> fields = fields(line, ',');
    return fields.size() > 1 && fields.get(fields.size() - 1).isBlank();
  }

  private @Nullable String indexColumn() {
    List<String> names = fields(first(), ',');
    return names.size() > 1 && unquoted(names.get(0)).isEmpty()
        ? "column 1 has no name; it seems to be an index or row names, which are no feature. Write"
            + " the file without them (pandas: to_csv(..., index=False), R: row.names = FALSE), or"
            + " give the column a name."
        : null;
  }

  private @Nullable String rowNames() {
    int names = fields(first(), ',').size();
    if (lines.size() < 2
        || !rows().stream().allMatch(row -> fields(row.text(), ',').size() == names + 1)) {
      return null;
    }
    boolean counted =
        IntStream.range(0, rows().size()).allMatch(i -> rowName(i).equals(Integer.toString(i + 1)));
    boolean text =
        rows().stream().noneMatch(row -> isNumber(unquoted(fields(row.text(), ',').get(0))));
    return counted || text
        ? "every row has one value more than the line has names; the first, such as '"
            + BadTableException.shortened(rowName(0))
            + "', seems to be a row name as R writes it. Write the file without them (R: row.names ="
            + " FALSE), or give the column a name."
        : null;
  }

  private String rowName(int row) {
    return unquoted(fields(rows().get(row).text(), ',').get(0));
  }

  private @Nullable Finding missingHeader() {
    if (lines.size() < 2) {
      return null;
    }
    List<String> names = fields(first(), ',').stream().map(FileForm::unquoted).toList();
    List<String> row = fields(lines.get(1).text(), ',').stream().map(FileForm::unquoted).toList();
    if (names.size() != row.size()
        || names.stream().noneMatch(FileForm::isNumber)
        || isCount(names)
        || !IntStream.range(0, names.size())
            .allMatch(k -> isNumber(names.get(k)) == isNumber(row.get(k)))) {
      return null;
    }
    return new Finding(
        lines.get(0).number(),
        missingHeaderReason(
            row.stream().filter(value -> !isNumber(value)).findFirst().orElse(null)),
        true);
  }

  /**
   * @param text a value that is no number; null where there is none
   */
  static String missingHeaderReason(@Nullable String text) {
    return "the first line seems to hold numbers as the rows do, and not names; add a line with"
        + " names above it"
        + (text == null
            ? ", or change names that are numbers."
            : ", and write '"
                + BadTableException.shortened(text)
                + "' as a number (a number for each class), or remove the column.");
  }

  /** Whether these may be the values of a row: numbers, and marks where one is missing. */
  static boolean isRow(List<String> names) {
    return names.stream().anyMatch(FileForm::isNumber)
        && names.stream().allMatch(name -> isNumber(name) || NotANumber.isMissing(name));
  }

  /** Whether these are 0, 1, 2 and so on, as pandas calls columns without a name. */
  static boolean isCount(List<String> names) {
    return IntStream.range(0, names.size()).allMatch(k -> names.get(k).equals(Integer.toString(k)));
  }

  static boolean isNumber(String text) {
    return text.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
  }

  private String first() {
    return lines.get(0).text();
  }

  private String last() {
    return lines.get(lines.size() - 1).text();
  }

  private List<Line> rows() {
    return lines.subList(1, lines.size());
  }

  /** The fields of a line as they stand there, quotes included, which may hide separators. */
  private static List<String> fields(String line, char separator) {
    List<String> fields = new ArrayList<>();
    boolean quoted = false;
    boolean blank = true;
    int start = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && (quoted || blank)) {
        quoted = !quoted;
      } else if (c == separator && !quoted) {
        fields.add(line.substring(start, i));
        start = i + 1;
        blank = true;
        continue;
      }
      blank &= c == ' ';
    }
    fields.add(line.substring(start));
    return fields;
  }

  private static String unquoted(String field) {
    String text = field.strip();
    return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
        ? text.substring(1, text.length() - 1).strip()
        : text;
  }
}
