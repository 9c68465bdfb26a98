package io.gapstream.datagenerator.application;

import org.jspecify.annotations.Nullable;

/** An order cannot be carried out. The message is complete and ends with what to do. */
public final class RefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean tooLarge;
  private final @Nullable String file;
  private final @Nullable String column;

  private RefusedException(
      String message, boolean tooLarge, @Nullable String file, @Nullable String column) {
    super(message);
    this.tooLarge = tooLarge;
    this.file = file;
    this.column = column;
  }

  /** Something is wrong with a value. */
  public static RefusedException badInput(String message) {
    return new RefusedException(message, false, null, null);
  }

  /** Nothing is wrong but the size. */
  public static RefusedException tooLarge(String message) {
    return new RefusedException(message, true, null, null);
  }

  static RefusedException badColumn(String message, @Nullable String file, String column) {
    return new RefusedException(message, false, file, column);
  }

  /** Whether nothing is wrong but the size. */
  public boolean tooLarge() {
    return tooLarge;
  }

  /** The file that it is about, if it is about one. */
  public @Nullable String file() {
    return file;
  }

  /** The column that it is about, if it is about one. */
  public @Nullable String column() {
    return column;
  }
}
