package io.gapstream.numerics.gates;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;
import io.gapstream.numerics.RandomStream;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.rng.sampling.distribution.ContinuousSampler;

/**
 * Activation patterns {@code D = 1[X g >= 0]} of the rows of X, without duplicates, each with the
 * direction g it came from. Immutable.
 *
 * <p>The pattern without an active row is left out: its term {@code D X w} is zero for every w, so
 * it adds nothing but a penalty. There may be no pattern at all.
 *
 * <p>Source: docs/mathematics.md, section 2.
 */
public final class Gates {

  /** The most bits that the patterns may take, 512 MiB; a solver needs this twice again. */
  private static final long MAX_BITS = 1L << 32;

  private final int n;
  private final int d;
  private final int count;
  private final int wordsPerPattern;
  private final long[] words;
  private final double[] directions;

  private Gates(int n, int d, int count, long[] words, double[] directions) {
    this.n = n;
    this.d = d;
    this.count = count;
    this.wordsPerPattern = wordCount(n);
    this.words = words;
    this.directions = directions;
  }

  /**
   * The distinct patterns {@code 1[X g >= 0]} of {@code samples} Gaussian vectors g, in the order
   * in which they were drawn. More samples with the same seed only append patterns.
   *
   * @param n rows, from 1
   * @param d columns, from 1
   * @param x {@code n x d}, row-major, finite. Not modified.
   * @param samples vectors to draw, from 1
   * @throws IllegalArgumentException if a number is out of range, or the patterns need too much
   *     memory
   */
  public static Gates sample(int n, int d, double[] x, int samples, long seed) {
    return sample(n, d, x, samples, seed, Deadline.none());
  }

  /**
   * The same within a time.
   *
   * @throws io.gapstream.numerics.TimeUpException if the deadline's grace ends first
   */
  public static Gates sample(int n, int d, double[] x, int samples, long seed, Deadline deadline) {
    requireShape(n, d, x);
    if (samples < 1) {
      throw new IllegalArgumentException(
          "The number of patterns to sample is " + samples + "; sample at least one.");
    }
    ContinuousSampler gaussian = RandomStream.PATTERNS.gaussian(seed);
    Collector collector = new Collector(n, d, x, samples, deadline);
    double[] g = new double[d];
    for (int s = 0; s < samples; s++) {
      for (int k = 0; k < d; k++) {
        g[k] = gaussian.sample();
      }
      collector.add(g);
    }
    return collector.gates();
  }

  /**
   * The distinct patterns {@code 1[X g >= 0]} of given vectors g, in their order. A vector that is
   * orthogonal to a row lies on the boundary of its cone.
   *
   * @param n rows, from 1
   * @param d columns, from 1
   * @param x {@code n x d}, row-major, finite. Not modified.
   * @param vectors one a row, d columns, row-major, finite; from 1 vector on. Not modified.
   * @throws IllegalArgumentException if a shape does not agree, a number is not finite, or the
   *     patterns need too much memory
   */
  public static Gates of(int n, int d, double[] x, double[] vectors) {
    requireShape(n, d, x);
    if (vectors.length == 0 || vectors.length % d != 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "The gate vectors have %d values and X has %d columns; give each vector %d values,"
                  + " and at least one vector.",
              vectors.length,
              d,
              d));
    }
    for (double value : vectors) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "The gate vectors hold " + value + "; give finite numbers.");
      }
    }
    int count = vectors.length / d;
    // Vectors are scaled like rows, for the same reason.
    double[] scaled = rowsOfUnitMagnitude(count, d, vectors);
    Collector collector = new Collector(n, d, x, count, Deadline.none());
    for (int s = 0; s < count; s++) {
      collector.add(Arrays.copyOfRange(scaled, s * d, (s + 1) * d));
    }
    return collector.gates();
  }

  private static void requireShape(int n, int d, double[] x) {
    if (n < 1 || d < 1 || x.length != (long) n * d) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "X is said to be %d x %d but has %d values; the shape must agree, with at least one"
                  + " row and one column.",
              n,
              d,
              x.length));
    }
  }

  /** Keeps the distinct patterns of the vectors that it is given. */
  private static final class Collector {

    private final Pace pace;
    private final int n;
    private final int d;
    private final int most;
    private final double[] rows;
    private final int wordsPerPattern;
    private final Set<LongBuffer> seen = new HashSet<>();
    private int count;
    private int capacity;
    private long[] words;
    private double[] directions;

    /**
     * @param most vectors to come
     */
    Collector(int n, int d, double[] x, int most, Deadline deadline) {
      this.pace = new Pace(deadline);
      this.n = n;
      this.d = d;
      this.most = most;
      this.rows = rowsOfUnitMagnitude(n, d, x);
      this.wordsPerPattern = wordCount(n);
      this.capacity = Math.min(most, 64);
      this.words = new long[Math.multiplyExact(capacity, wordsPerPattern)];
      this.directions = new double[Math.multiplyExact(capacity, d)];
    }

    /**
     * @param g d. Not modified.
     */
    void add(double[] g) {
      long[] pattern = new long[wordsPerPattern];
      long any = 0;
      pace.count((long) n * d);
      for (int i = 0; i < n; i++) {
        double z = 0;
        for (int k = 0; k < d; k++) {
          z += rows[i * d + k] * g[k];
        }
        if (z >= 0) {
          pattern[i >> 6] |= 1L << i;
          any = 1;
        }
      }
      if (any == 0 || !seen.add(LongBuffer.wrap(pattern))) {
        return;
      }
      if (count == capacity) {
        capacity = Math.min(most, 2 * capacity);
        requireMemory(n, d, wordsPerPattern, count);
        words = Arrays.copyOf(words, Math.multiplyExact(capacity, wordsPerPattern));
        directions = Arrays.copyOf(directions, Math.multiplyExact(capacity, d));
      }
      System.arraycopy(pattern, 0, words, count * wordsPerPattern, wordsPerPattern);
      System.arraycopy(g, 0, directions, count * d, d);
      count++;
    }

    Gates gates() {
      return new Gates(
          n,
          d,
          count,
          Arrays.copyOf(words, count * wordsPerPattern),
          Arrays.copyOf(directions, count * d));
    }
  }

  private static void requireMemory(int n, int d, int wordsPerPattern, int count) {
    long larger = 2L * count;
    if (larger * wordsPerPattern * Long.SIZE > MAX_BITS || larger * d > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "There are more than %d distinct patterns of %d rows and %d columns, which is more"
                  + " than fits into memory; sample fewer patterns.",
              count,
              n,
              d));
    }
  }

  /**
   * The rows, each multiplied by the power of two that brings its largest magnitude into [1, 2).
   * This changes no sign of {@code X g}, and no product overflows or vanishes.
   */
  private static double[] rowsOfUnitMagnitude(int n, int d, double[] x) {
    double[] rows = new double[x.length];
    for (int i = 0; i < n; i++) {
      double largest = 0;
      for (int k = i * d; k < (i + 1) * d; k++) {
        largest = Math.max(largest, Math.abs(x[k]));
      }
      int exponent = largest == 0 ? 0 : -Math.getExponent(largest);
      for (int k = i * d; k < (i + 1) * d; k++) {
        rows[k] = Math.scalb(x[k], exponent);
      }
    }
    return rows;
  }

  private static int wordCount(int n) {
    return (n + Long.SIZE - 1) / Long.SIZE;
  }

  /** The number of distinct patterns. */
  public int count() {
    return count;
  }

  /**
   * The same patterns for the same rows in other columns.
   *
   * @param columns of the data, from 1
   * @param vectors one a pattern, of so many columns, row-major: what stands for its direction
   *     there. Shared: must not be modified.
   * @throws IllegalArgumentException if there is not a vector for each pattern
   */
  public Gates inColumns(int columns, double[] vectors) {
    if (columns < 1 || vectors.length != (long) count * columns) {
      throw new IllegalArgumentException(
          "There are "
              + vectors.length
              + " values for "
              + count
              + " patterns in "
              + columns
              + " columns; give one vector for each.");
    }
    return new Gates(n, columns, count, words, vectors);
  }

  /** Rows of X. */
  public int n() {
    return n;
  }

  /** Columns of X. */
  public int d() {
    return d;
  }

  /** Whether a row is active in a pattern. */
  public boolean isActive(int pattern, int row) {
    return (words[pattern * wordsPerPattern + (row >> 6)] >>> row & 1) != 0;
  }

  /** Words of 64 rows in a pattern. */
  public int wordsPerPattern() {
    return wordsPerPattern;
  }

  /**
   * The patterns, {@code P x wordsPerPattern}: row i of pattern p is bit {@code i % 64} of word
   * {@code p * wordsPerPattern + i / 64}. Shared: must not be modified.
   */
  public long[] words() {
    return words;
  }

  /** A copy of the words of one pattern: row i is bit {@code i % 64} of word {@code i / 64}. */
  public long[] pattern(int pattern) {
    return Arrays.copyOfRange(words, pattern * wordsPerPattern, (pattern + 1) * wordsPerPattern);
  }

  /**
   * The vector g that each pattern came from, up to a power of two, {@code P x d}, row-major; it
   * lies in the cone {@code (2D - I) X u >= 0} of its pattern, as far as rounding allows. Shared:
   * must not be modified.
   */
  public double[] directions() {
    return directions;
  }
}
