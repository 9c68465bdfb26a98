package io.gapstream.contracts;

/**
 * The largest problem the system takes. With these limits every message fits into {@link
 * Topic#MAX_RECORD_BYTES} once its arrays are written as base64.
 */
public final class Limits {

  /** Numbers in a dataset: {@code n * (d + 1)}, the features and the target. */
  public static final long MAX_VALUES = 2_000_000;

  /** Rows of a dataset; the evidence for a bound carries up to four numbers a row. */
  public static final int MAX_ROWS = 500_000;

  /** Numbers in a network: {@code m * (d + 1)}. */
  public static final long MAX_NETWORK_VALUES = 2_000_000;

  /** The longest budget of a job, in seconds. */
  public static final double MAX_BUDGET_SECONDS = 24 * 3600;

  private Limits() {}
}
