package io.gapstream.numerics.data;

/** A column has the same value in every row, so it has no standard deviation to divide by. */
public final class ConstantColumnException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** The column of the target. */
  public static final int TARGET = -1;

  private final int column;
  private final double value;

  /**
   * @param column from 0, or {@link #TARGET}
   * @param value that every row has
   */
  public ConstantColumnException(int column, double value) {
    super(
        (column == TARGET ? "The target" : "Feature column " + column)
            + " is "
            + value
            + " in every row; drop it or switch standardisation off.");
    this.column = column;
    this.value = value;
  }

  /** From 0, or {@link #TARGET}. */
  public int column() {
    return column;
  }

  /** The value that every row has. */
  public double value() {
    return value;
  }
}
