package io.gapstream.ingest;

/**
 * The largest table that is read.
 *
 * @param maxValues numbers in the table, rows times columns; from 1
 * @param maxRows rows; from 1
 */
public record SizeLimits(long maxValues, int maxRows) {

  /** Refuses limits below 1. */
  public SizeLimits {
    if (maxValues < 1 || maxRows < 1) {
      throw new IllegalArgumentException(
          "The limits are " + maxValues + " values and " + maxRows + " rows; give at least 1.");
    }
  }
}
