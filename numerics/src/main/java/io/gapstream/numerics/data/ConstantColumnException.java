package io.gapstream.numerics.data;

import java.util.Locale;

/**
 * A column has the same value in every row, or varies by no more than rounding does, so it has no
 * standard deviation to divide by.
 */
public final class ConstantColumnException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The column of the target. */
  public static final int TARGET = -1;

  /** From here on float64 does not hold every whole number. */
  private static final double MERGING = 0x1p53;

  /** Nobody counts that far: a measurement. */
  private static final double NO_ID = 0x1p64;

  private final int column;
  private final double value;
  private final String description;

  /**
   * @param column from 0, or {@link #TARGET}
   * @param least value of the column
   * @param most largest value of the column
   */
  public ConstantColumnException(int column, double least, double most) {
    super(
        (column == TARGET ? "The target " : "Feature column " + column + " ")
            + description(least, most)
            + "; drop it or switch standardisation off.");
    this.column = column;
    this.value = least;
    this.description = description(least, most);
  }

  /** From 0, or {@link #TARGET}. */
  public int column() {
    return column;
  }

  /** The value that every row has, or the least where they are nearly the same. */
  public double value() {
    return value;
  }

  /** What is wrong with the column, as the rest of a sentence that begins with its name. */
  public String description() {
    return description;
  }

  private static String description(double least, double most) {
    double size = Math.max(Math.abs(least), Math.abs(most));
    if (least != most) {
      return String.format(
          Locale.ROOT,
          "is nearly constant: it lies between %s and %s, which varies by %.1e of its size, no more"
              + " than rounding does",
          least,
          most,
          (most - least) / size);
    }
    if (size >= MERGING && size < NO_ID) {
      return String.format(
          Locale.ROOT,
          "is %.0f in every row once it is read as float64, which cannot tell whole numbers above"
              + " 2^53 = 9007199254740992 apart",
          least);
    }
    return "is " + least + " in every row";
  }
}
