package io.gapstream.numerics.kernels;

import io.gapstream.numerics.gates.Gates;
import java.util.Arrays;

/**
 * The two products of the gated program on chosen patterns, without an n x P temporary:
 *
 * <pre>V = D W',  (A W)_i = x_i . V_i        (A' r) = ((diag(r) X)' D)'</pre>
 *
 * <p>D holds bits, so both are a bit matrix times a dense one: the sums of every subset of a few
 * rows are tabulated, and each group of that many gates then costs one look-up and one vector
 * addition (the "method of Four Russians"). Four tables are looked up at once, so that a sum is
 * loaded and stored once for all four. Columns are taken a slab at a time, which keeps the tables
 * in the nearer caches.
 *
 * <p>Holds work space, so it is to be used by one thread; two work on each product.
 */
public final class GateProducts {

  private static final int TABLES = 4;
  private static final int MOST_BITS = 8;
  private static final int WIDEST_SLAB = 64;

  /** Doubles of the accumulator that stay in the nearest caches while tables pass by. */
  private static final int CACHED = 1 << 15;

  private final int n;
  private final int d;
  private final int count;
  private final double[] x;
  private final int patternBits;
  private final int rowBits;
  private final int slab;

  /** Block b of patterns: the gates of the block's patterns at each row. */
  private final byte[][] byPatternBlock;

  /** Block b of rows: the gates of the block's rows in each pattern. */
  private final byte[][] byRowBlock;

  private final Half first;
  private final Half second;

  /**
   * Packs the gates of the chosen patterns.
   *
   * @param x {@code n x d}, row-major. Not modified.
   * @param patterns indices into the gates. Not modified.
   */
  public GateProducts(Gates gates, double[] x, int[] patterns) {
    this.n = gates.n();
    this.d = gates.d();
    this.count = patterns.length;
    this.x = x;
    this.patternBits = cheapestBits(n);
    this.rowBits = cheapestBits(count);
    int slabs = (d + WIDEST_SLAB - 1) / WIDEST_SLAB;
    this.slab = (d + slabs - 1) / slabs;
    this.byPatternBlock = new byte[blocks(count, patternBits)][n];
    this.byRowBlock = new byte[blocks(n, rowBits)][count];
    pack(gates, patterns);
    this.first = new Half(0);
    this.second = new Half(1);
  }

  /** The width b of a table that makes {@code (2^b + lookups) / b} least. */
  private static int cheapestBits(int lookups) {
    int best = 1;
    for (int bits = 2; bits <= MOST_BITS; bits++) {
      if (((1 << bits) + lookups) * (long) best < ((1 << best) + lookups) * (long) bits) {
        best = bits;
      }
    }
    return best;
  }

  /** Blocks of so many bits, filled up to a whole number of tables. */
  private static int blocks(int length, int bits) {
    int needed = (length + bits - 1) / bits;
    return (needed + TABLES - 1) / TABLES * TABLES;
  }

  private void pack(Gates gates, int[] patterns) {
    long[] words = gates.words();
    int wordsPerPattern = gates.wordsPerPattern();
    int mask = (1 << rowBits) - 1;
    int rowBlocks = (n + rowBits - 1) / rowBits;
    for (int p = 0; p < count; p++) {
      int from = patterns[p] * wordsPerPattern;
      for (int block = 0; block < rowBlocks; block++) {
        int bit = block * rowBits;
        int word = bit >> 6;
        long bits = words[from + word] >>> bit;
        if ((bit & 63) + rowBits > Long.SIZE && word + 1 < wordsPerPattern) {
          bits |= words[from + word + 1] << -bit;
        }
        byRowBlock[block][p] = (byte) (bits & mask);
      }
      byte[] target = byPatternBlock[p / patternBits];
      byte flag = (byte) (1 << p % patternBits);
      for (int word = 0; word < wordsPerPattern; word++) {
        for (long bits = words[from + word]; bits != 0; bits &= bits - 1) {
          target[(word << 6) + Long.numberOfTrailingZeros(bits)] |= flag;
        }
      }
    }
  }

  /** The number of chosen patterns. */
  public int count() {
    return count;
  }

  /**
   * {@code sum_p D_p X w_p}.
   *
   * @param w one row of d values a pattern, P of them. Not modified.
   * @param output n. Modified.
   */
  public void forward(double[][] w, double[] output) {
    Halves.run(work(), () -> first.forward(w), () -> second.forward(w));
    for (int i = 0; i < n; i++) {
      output[i] = first.output[i] + second.output[i];
    }
  }

  /**
   * {@code X' D_p r} for every pattern.
   *
   * @param r n. Not modified.
   * @param gradient one row of d values a pattern, P of them. Modified.
   */
  public void adjoint(double[] r, double[][] gradient) {
    Halves.run(work(), () -> first.adjoint(r), () -> second.adjoint(r));
    for (int p = 0; p < count; p++) {
      Rows.sum(first.sums[p], second.sums[p], gradient[p], d);
    }
  }

  private double work() {
    return (double) n * count * d / MOST_BITS;
  }

  /**
   * Every second group of tables, with work space of its own. The two halves are the same whether
   * or not they run at once, so the sums do not depend on the threads.
   */
  private final class Half {

    private final int parity;

    // Arrays of rows, since the compiler vectorises no loop over two offsets into flat arrays.
    private final double[][][] tables;
    private final double[][] accumulator;
    private final double[] row;
    private final double[] output;
    private final double[][] sums;

    Half(int parity) {
      this.parity = parity;
      this.tables = new double[TABLES][1 << Math.max(patternBits, rowBits)][slab];
      this.accumulator =
          new double[Math.max(Math.min(n, Math.max(1, CACHED / slab)), slab == d ? 0 : count)]
              [slab];
      this.row = new double[slab];
      this.output = new double[n];
      this.sums = new double[count][d];
    }

    void forward(double[][] w) {
      Arrays.fill(output, 0);
      int rows = Math.min(n, Math.max(1, CACHED / slab));
      for (int column = 0; column < d; column += slab) {
        int width = Math.min(slab, d - column);
        for (int from = 0; from < n; from += rows) {
          forward(w, column, width, from, Math.min(n, from + rows));
        }
      }
    }

    private void forward(double[][] w, int column, int width, int from, int to) {
      for (int i = from; i < to; i++) {
        Arrays.fill(accumulator[i - from], 0);
      }
      for (int block = parity * TABLES; block < byPatternBlock.length; block += 2 * TABLES) {
        for (int t = 0; t < TABLES; t++) {
          int start = (block + t) * patternBits;
          // No gate of an absent pattern is set.
          for (int bit = 0; bit < patternBits && start + bit < count; bit++) {
            System.arraycopy(w[start + bit], column, row, 0, width);
            extend(tables[t], 1 << bit, width);
          }
        }
        addLookups(byPatternBlock, block, from, to, accumulator, width);
      }
      for (int i = from; i < to; i++) {
        double[] sum = accumulator[i - from];
        int offset = i * d + column;
        double even = 0;
        double odd = 0;
        int k = 0;
        for (; k + 1 < width; k += 2) {
          even += x[offset + k] * sum[k];
          odd += x[offset + k + 1] * sum[k + 1];
        }
        if (k < width) {
          even += x[offset + k] * sum[k];
        }
        output[i] += even + odd;
      }
    }

    void adjoint(double[] r) {
      boolean whole = slab == d;
      for (int column = 0; column < d; column += slab) {
        int width = Math.min(slab, d - column);
        double[][] target = whole ? sums : accumulator;
        for (int p = 0; p < count; p++) {
          Arrays.fill(target[p], 0);
        }
        for (int block = parity * TABLES; block * rowBits < n; block += 2 * TABLES) {
          for (int t = 0; t < TABLES; t++) {
            int start = (block + t) * rowBits;
            for (int bit = 0; bit < rowBits && start + bit < n; bit++) {
              int offset = (start + bit) * d + column;
              double factor = r[start + bit];
              for (int k = 0; k < width; k++) {
                row[k] = factor * x[offset + k];
              }
              extend(tables[t], 1 << bit, width);
            }
          }
          addLookups(byRowBlock, block, 0, count, target, width);
        }
        if (!whole) {
          for (int p = 0; p < count; p++) {
            System.arraycopy(target[p], 0, sums[p], column, width);
          }
        }
      }
    }

    /** From the sums without a row to those with it: {@code table[size + s] = table[s] + row}. */
    private void extend(double[][] table, int size, int width) {
      System.arraycopy(row, 0, table[size], 0, width);
      for (int subset = 1; subset < size; subset++) {
        Rows.sum(table[subset], row, table[size + subset], width);
      }
    }

    private void addLookups(
        byte[][] gates, int block, int from, int to, double[][] target, int width) {
      byte[] inA = gates[block];
      byte[] inB = gates[block + 1];
      byte[] inC = gates[block + 2];
      byte[] inE = gates[block + 3];
      double[][] a = tables[0];
      double[][] b = tables[1];
      double[][] c = tables[2];
      double[][] e = tables[3];
      for (int i = from; i < to; i++) {
        Rows.add(
            a[inA[i] & 0xff],
            b[inB[i] & 0xff],
            c[inC[i] & 0xff],
            e[inE[i] & 0xff],
            target[i - from],
            width);
      }
    }
  }
}
