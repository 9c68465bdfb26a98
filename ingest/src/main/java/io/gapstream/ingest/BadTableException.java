package io.gapstream.ingest;

import org.jspecify.annotations.Nullable;

/**
 * A file does not hold a table that can be used. The message is complete: it names the file, the
 * place and the value, and ends with what to do.
 */
public final class BadTableException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final int MAX_VALUE_SHOWN = 40;

  private final String file;
  private final @Nullable Long line;
  private final @Nullable String column;
  private final @Nullable String value;
  private final boolean tooLarge;
  private final boolean headerInDoubt;

  private BadTableException(
      String file,
      @Nullable Long line,
      @Nullable String column,
      @Nullable String value,
      boolean tooLarge,
      boolean headerInDoubt,
      String reason) {
    super(place(file, line, column) + reason);
    this.file = file;
    this.line = line;
    this.column = column;
    this.value = value;
    this.tooLarge = tooLarge;
    this.headerInDoubt = headerInDoubt;
  }

  private static String place(String file, @Nullable Long line, @Nullable String column) {
    return file
        + (line == null ? "" : ", line " + line)
        + (column == null ? "" : ", column '" + column + "'")
        + ": ";
  }

  static BadTableException inFile(String file, String reason) {
    return new BadTableException(file, null, null, null, false, false, reason);
  }

  static BadTableException inLine(String file, long line, String reason) {
    return new BadTableException(file, line, null, null, false, false, reason);
  }

  /** The name and the value are to be shortened already. */
  static BadTableException inField(
      String file, @Nullable Long line, String column, @Nullable String value, String reason) {
    return new BadTableException(file, line, column, value, false, false, reason);
  }

  static BadTableException tooLarge(String file, long line, String reason) {
    return new BadTableException(file, line, null, null, true, false, reason);
  }

  static BadTableException headerInDoubt(String file, long line, String reason) {
    return new BadTableException(file, line, null, null, false, true, reason);
  }

  /** Short enough for a message, on one line, without control characters. */
  static String shortened(String text) {
    String printable = text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
    return printable.length() <= MAX_VALUE_SHOWN
        ? printable
        : printable.substring(0, MAX_VALUE_SHOWN) + "...";
  }

  /** The file's name as the caller gave it. */
  public String file() {
    return file;
  }

  /** The line, from 1, where the offending record starts; null when it is about no line. */
  public @Nullable Long line() {
    return line;
  }

  /** The column's name; null when it is about no column. */
  public @Nullable String column() {
    return column;
  }

  /** The offending value, shortened; null when there is none. */
  public @Nullable String value() {
    return value;
  }

  /** Whether nothing is wrong but the size. */
  public boolean tooLarge() {
    return tooLarge;
  }

  /** Whether the first line may be a row: {@link Header} answers that. */
  public boolean headerInDoubt() {
    return headerInDoubt;
  }
}
