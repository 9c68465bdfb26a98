package io.gapstream.numerics.gated;

import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.kernels.Halves;
import io.gapstream.numerics.kernels.Rows;
import java.util.Arrays;

/**
 * The n x n matrix {@code sum_j c_j D_j X X' D_j}, whose entry for two rows is their inner product
 * times the sum of the weights of the patterns that are active in both. The sums come from tables
 * of all subsets of a few patterns, as in {@link io.gapstream.numerics.kernels.GateProducts}.
 *
 * <p>In single precision, and in slabs of columns: the matrix is symmetric, so a product adds rows.
 * Holds work space, so it is to be used by one thread; two work on each call.
 */
final class PairMatrix {

  private static final int WIDTH = 128;
  private static final int BITS = 7;
  private static final int TABLES = 4;

  private final int n;
  private final int slabs;

  /** The inner products of the rows of X, slab by slab. */
  private final float[][][] inner;

  private final float[][][] matrix;
  private final float[][][][] tables = new float[2][TABLES][1 << BITS][WIDTH];
  private final float[][] row = new float[2][WIDTH];
  private final float[][] product;
  private final float[] single;
  private byte[][] blocks = {};

  /**
   * @param columns X by columns, {@code d x n}. Not modified.
   */
  PairMatrix(float[][] columns, int n) {
    this.n = n;
    this.slabs = (n + WIDTH - 1) / WIDTH;
    this.inner = new float[slabs][n][WIDTH];
    this.matrix = new float[slabs][n][WIDTH];
    this.single = new float[n];
    this.product = new float[slabs][WIDTH];
    float[][] rows = Rows.transposed(columns, n, columns.length);
    inSlabs((double) n * n * columns.length, (slab, half) -> fillInner(columns, rows, slab));
  }

  private interface SlabTask {
    void run(int slab, int half);
  }

  private void inSlabs(double work, SlabTask task) {
    Halves.run(work, () -> everySecond(0, task), () -> everySecond(1, task));
  }

  private void everySecond(int half, SlabTask task) {
    for (int slab = half; slab < slabs; slab += 2) {
      task.run(slab, half);
    }
  }

  private void fillInner(float[][] columns, float[][] rows, int slab) {
    int from = slab * WIDTH;
    int width = Math.min(WIDTH, n - from);
    float[][] part = new float[columns.length][WIDTH];
    for (int k = 0; k < part.length; k++) {
      System.arraycopy(columns[k], from, part[k], 0, width);
    }
    for (int i = 0; i < n; i++) {
      Rows.add(part, rows[i], 0, part.length, inner[slab][i], WIDTH);
    }
  }

  /**
   * Sets the patterns and their weights.
   *
   * @param patterns indices into the gates. Not modified.
   * @param weights c, at least 0. Not modified.
   */
  void assemble(Gates gates, int[] patterns, double[] weights) {
    int count = patterns.length;
    int needed = (count + BITS - 1) / BITS;
    needed = (needed + TABLES - 1) / TABLES * TABLES;
    blocks = new byte[needed][n];
    long[][] words = new long[count][];
    for (int j = 0; j < count; j++) {
      words[j] = gates.pattern(patterns[j]);
    }
    for (int j = 0; j < count; j++) {
      byte[] block = blocks[j / BITS];
      int shift = j % BITS;
      for (int i = 0; i < n; i++) {
        block[i] |= (byte) ((words[j][i >> 6] >>> i & 1) << shift);
      }
    }
    inSlabs((double) n * n * count / BITS, (slab, half) -> assemble(words, weights, slab, half));
  }

  private void assemble(long[][] words, double[] weights, int slab, int half) {
    float[][] target = matrix[slab];
    for (int i = 0; i < n; i++) {
      Arrays.fill(target[i], 0);
    }
    int from = slab * WIDTH;
    int width = Math.min(WIDTH, n - from);
    float[][][] own = tables[half];
    float[] added = row[half];
    Arrays.fill(added, 0);
    for (int block = 0; block < blocks.length; block += TABLES) {
      for (int table = 0; table < TABLES; table++) {
        int first = (block + table) * BITS;
        for (int bit = 0; bit < BITS && first + bit < words.length; bit++) {
          float weight = (float) weights[first + bit];
          long[] pattern = words[first + bit];
          for (int k = 0; k < width; k++) {
            int i = from + k;
            added[k] = weight * (pattern[i >> 6] >>> i & 1);
          }
          extend(own[table], 1 << bit, added);
        }
      }
      lookUp(own, block, target);
    }
    float[][] factors = inner[slab];
    for (int i = 0; i < n; i++) {
      multiply(factors[i], target[i]);
    }
  }

  private static void extend(float[][] table, int size, float[] added) {
    for (int subset = 0; subset < size; subset++) {
      Rows.sum(table[subset], added, table[size + subset], WIDTH);
    }
  }

  private static void multiply(float[] factors, float[] target) {
    for (int k = 0; k < WIDTH; k++) {
      target[k] *= factors[k];
    }
  }

  private void lookUp(float[][][] own, int block, float[][] target) {
    byte[] inA = blocks[block];
    byte[] inB = blocks[block + 1];
    byte[] inC = blocks[block + 2];
    byte[] inE = blocks[block + 3];
    for (int i = 0; i < n; i++) {
      Rows.add(own[0][inA[i]], own[1][inB[i]], own[2][inC[i]], own[3][inE[i]], target[i], WIDTH);
    }
  }

  /**
   * The matrix times p.
   *
   * @param p n. Not modified.
   * @param result n. Modified.
   */
  void multiply(double[] p, double[] result) {
    for (int i = 0; i < n; i++) {
      single[i] = (float) p[i];
    }
    inSlabs(
        (double) n * n,
        (slab, half) -> {
          Arrays.fill(product[slab], 0);
          Rows.add(matrix[slab], single, 0, n, product[slab], WIDTH);
        });
    for (int i = 0; i < n; i++) {
      result[i] = product[i / WIDTH][i % WIDTH];
    }
  }
}
