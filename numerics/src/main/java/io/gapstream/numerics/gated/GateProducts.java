package io.gapstream.numerics.gated;

import io.gapstream.numerics.gates.Gates;
import java.util.Arrays;

/**
 * The two products of a first-order method on chosen patterns, without an n x P temporary:
 *
 * <pre>V = D W',  (A W)_i = x_i . V_i        (A' r) = ((diag(r) X)' D)'</pre>
 *
 * <p>D holds bits, so both are a bit matrix times a dense one: the sums of every subset of {@code
 * BITS} rows are tabulated, and each group of that many gates then costs one look-up and one vector
 * addition (the "method of Four Russians"). Holds work space, so it is for one thread.
 */
final class GateProducts {

  /** Rows tabulated at once; 4 where a table of 256 sums would cost more than it saves. */
  private static final int WIDE = 8;

  private static final int NARROW = 4;
  private static final int WIDE_PAYS_FROM = 300;

  /** Doubles of the accumulator that stay in the nearest caches while tables pass by. */
  private static final int CACHED = 1 << 15;

  private final int n;
  private final int d;
  private final int count;
  private final double[] x;
  private final int forwardBits;
  private final int adjointBits;

  /** Block b of patterns, row i: the gates of the block's patterns, at {@code b * n + i}. */
  private final byte[] byPatternBlock;

  /** Block b of rows, pattern p: the gates of the block's rows, at {@code b * P + p}. */
  private final byte[] byRowBlock;

  // Arrays of rows, since the compiler vectorises no loop over two offsets into flat arrays.
  private final double[][] table;
  private final double[][] accumulator;
  private final double[][] sums;

  /**
   * @param x {@code n x d}, row-major. Not modified.
   * @param patterns indices into the gates. Not modified.
   */
  GateProducts(Gates gates, double[] x, int[] patterns) {
    this.n = gates.n();
    this.d = gates.d();
    this.count = patterns.length;
    this.x = x;
    this.forwardBits = n < WIDE_PAYS_FROM ? NARROW : WIDE;
    this.adjointBits = count < WIDE_PAYS_FROM ? NARROW : WIDE;
    this.byPatternBlock = new byte[Math.multiplyExact(blocks(count, forwardBits), n)];
    this.byRowBlock = new byte[Math.multiplyExact(blocks(n, adjointBits), count)];
    long[] words = gates.words();
    for (int p = 0; p < count; p++) {
      int from = patterns[p] * gates.wordsPerPattern();
      int patternBlock = p / forwardBits * n;
      int patternBit = 1 << p % forwardBits;
      for (int i = 0; i < n; i++) {
        if ((words[from + (i >> 6)] >>> i & 1) != 0) {
          byPatternBlock[patternBlock + i] |= (byte) patternBit;
          byRowBlock[i / adjointBits * count + p] |= (byte) (1 << i % adjointBits);
        }
      }
    }
    this.table = new double[1 << WIDE][d];
    this.accumulator = new double[Math.min(n, Math.max(1, CACHED / d))][d];
    this.sums = new double[count][d];
  }

  private static int blocks(int length, int bits) {
    return (length + bits - 1) / bits;
  }

  int count() {
    return count;
  }

  /**
   * {@code sum_p D_p X w_p}.
   *
   * @param w {@code P x d}, row-major. Not modified.
   * @param output n. Modified.
   */
  void forward(double[] w, double[] output) {
    int rows = accumulator.length;
    for (int from = 0; from < n; from += rows) {
      int to = Math.min(n, from + rows);
      for (double[] row : accumulator) {
        Arrays.fill(row, 0);
      }
      for (int first = 0, block = 0; first < count; first += forwardBits, block++) {
        if (!tabulate(w, first, Math.min(forwardBits, count - first))) {
          continue;
        }
        for (int i = from; i < to; i++) {
          int subset = byPatternBlock[block * n + i] & 0xff;
          if (subset != 0) {
            add(table[subset], accumulator[i - from], d);
          }
        }
      }
      for (int i = from; i < to; i++) {
        double[] row = accumulator[i - from];
        double sum = 0;
        for (int k = 0; k < d; k++) {
          sum += x[i * d + k] * row[k];
        }
        output[i] = sum;
      }
    }
  }

  /**
   * {@code X' D_p r} for every pattern.
   *
   * @param r n. Not modified.
   * @param gradient {@code P x d}, row-major. Modified.
   */
  void adjoint(double[] r, double[] gradient) {
    for (double[] row : sums) {
      Arrays.fill(row, 0);
    }
    for (int first = 0, block = 0; first < n; first += adjointBits, block++) {
      tabulateRows(r, first, Math.min(adjointBits, n - first));
      for (int p = 0; p < count; p++) {
        int subset = byRowBlock[block * count + p] & 0xff;
        if (subset != 0) {
          add(table[subset], sums[p], d);
        }
      }
    }
    for (int p = 0; p < count; p++) {
      System.arraycopy(sums[p], 0, gradient, p * d, d);
    }
  }

  /** Tabulates sums of rows of w; false when all of them are zero. */
  private boolean tabulate(double[] w, int first, int held) {
    boolean zero = true;
    for (int bit = 0; bit < held; bit++) {
      int row = (first + bit) * d;
      zero &= Groups.isZero(w, first + bit, d);
      System.arraycopy(w, row, table[1 << bit], 0, d);
    }
    if (!zero) {
      completeTable(held);
    }
    return !zero;
  }

  private void tabulateRows(double[] r, int first, int held) {
    for (int bit = 0; bit < held; bit++) {
      int i = first + bit;
      double[] row = table[1 << bit];
      for (int k = 0; k < d; k++) {
        row[k] = r[i] * x[i * d + k];
      }
    }
    completeTable(held);
  }

  /** From the sums of one row each to those of every subset; the empty one is never looked up. */
  private void completeTable(int held) {
    for (int subset = 1; subset < 1 << held; subset++) {
      int rest = subset & subset - 1;
      if (rest != 0) {
        sum(table[rest], table[subset ^ rest], table[subset], d);
      }
    }
  }

  private static void sum(double[] left, double[] right, double[] target, int length) {
    for (int k = 0; k < length; k++) {
      target[k] = left[k] + right[k];
    }
  }

  private static void add(double[] source, double[] target, int length) {
    for (int k = 0; k < length; k++) {
      target[k] += source[k];
    }
  }
}
