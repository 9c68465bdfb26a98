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

  /**
   * Columns of a dataset; whoever makes or checks the evidence for a lower bound holds a few
   * matrices of {@code d x d}, 200 MB each at this limit.
   */
  public static final int MAX_COLUMNS = 5_000;

  /** Bits of the sampled patterns: each takes n for its gates and 64 d for its weights. */
  public static final long MAX_PATTERN_BITS = 4_000_000_000L;

  /** Numbers in a network: {@code m * (d + 1)}. */
  public static final long MAX_NETWORK_VALUES = 2_000_000;

  /** Bytes of a search tree; the evidence for a bound has two of them. */
  public static final int MAX_TREE_BYTES = 6_000_000;

  /** Columns of data with a search tree: the pairs of generators share a byte with other codes. */
  public static final int MAX_TREE_COLUMNS = 22;

  /** Columns of data with evidence in fourth moments; its Gram matrix grows with their power 4. */
  public static final int MAX_QUARTIC_COLUMNS = 24;

  /** Rows of data with evidence in pairs of rows: whoever checks it holds n x n matrices. */
  public static final int MAX_PAIRS_ROWS = 2_000;

  /** Pairs of rows in such evidence. */
  public static final int MAX_PAIRS = 1_000_000;

  /** Points of a training run's curve. */
  public static final int MAX_CURVE_POINTS = 10_000;

  /** Entries of a result's measures. */
  public static final int MAX_MEASURES = 100;

  /** The longest budget of a job, in seconds. */
  public static final double MAX_BUDGET_SECONDS = 24 * 3600;

  private Limits() {}
}
