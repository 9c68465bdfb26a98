package io.gapstream.numerics.kernels;

import io.gapstream.numerics.gates.Gates;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The products for few rows and patterns, where tables of subset sums are looked up too seldom to
 * be worth filling:
 *
 * <pre>V' = W D',  (A W)_i = x_i . V_i        A' r = (diag(r) X)' D</pre>
 *
 * <p>as plain products with gates that are 0 or 1. Lanes hold rows for the first and patterns for
 * the second, so that no lane is lost to columns that fill no vector. What is summed for five
 * columns and four vectors of places stays in registers from the first to the last member. Gates
 * stay packed: those of one vector are an index into all vectors of zeros and ones. One thread.
 *
 * <p>A closed gate is a factor, so an entry that overflows makes sums NaN that do not hold it.
 */
final class VectorTileProducts implements GateProducts {

  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  static final int LANES = SPECIES.length();

  /**
   * The lanes for which it is faster: their gates fill a byte. It works with fewer, but those
   * processors have too few registers for a tile.
   */
  static final int BEST_LANES = Byte.SIZE;

  /** Columns of a tile. */
  private static final int COLUMNS = 5;

  /** Vectors of places of a wide tile. */
  private static final int WIDTH = 4;

  /** The time of a product in a register, in that of an addition from a table, with a margin. */
  private static final double PRODUCT = 0.37;

  /** Sets of open gates in a vector. */
  private static final int SETS = 1 << Math.min(LANES, BEST_LANES);

  /** A vector of zeros and ones for every set. */
  private static final double[] FACTORS = new double[SETS * LANES];

  static {
    for (int k = 0; k < FACTORS.length; k++) {
      FACTORS[k] = k / LANES >>> k % LANES & 1;
    }
  }

  private final int n;
  private final int d;
  private final int count;
  private final double[] x;

  /** {@code d x n}. */
  private final double[][] columns;

  /** The gates of a vector of rows, for every pattern. */
  private final byte[][] overPatterns;

  /** The gates of a vector of patterns, for every row. */
  private final byte[][] overRows;

  /** What is summed, a row each, with columns of zeros up to whole tiles. */
  private final double[][] members;

  /** Five columns of sums, by places. */
  private final double[][] sums;

  VectorTileProducts(Gates gates, double[] x, int[] patterns) {
    this.n = gates.n();
    this.d = gates.d();
    this.count = patterns.length;
    this.x = x;
    this.columns = new double[d][n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < d; k++) {
        columns[k][i] = x[i * d + k];
      }
    }
    this.overPatterns = new byte[vectors(n)][count];
    this.overRows = new byte[vectors(count)][n];
    pack(gates, patterns);
    this.members = new double[Math.max(n, isWhole() ? 0 : count)][paddedColumns(d)];
    this.sums = new double[COLUMNS][Math.max(overPatterns.length, overRows.length) * LANES];
  }

  /** Whether this form is faster than {@link VectorProducts}. It does not depend on threads. */
  static boolean pays(int n, int d, int count) {
    if (LANES != BEST_LANES || VectorProducts.areTwo(n, d, count)) {
      return false;
    }
    double products = 2.0 * n * count * paddedColumns(d) / LANES;
    return PRODUCT * products < VectorProducts.additions(n, d, count);
  }

  private static int vectors(int places) {
    return (places + LANES - 1) / LANES;
  }

  private static int paddedColumns(int d) {
    return (d + COLUMNS - 1) / COLUMNS * COLUMNS;
  }

  private boolean isWhole() {
    return d % COLUMNS == 0;
  }

  private void pack(Gates gates, int[] patterns) {
    long[] words = gates.words();
    for (int p = 0; p < count; p++) {
      int from = patterns[p] * gates.wordsPerPattern();
      for (int row = 0; row < n; row += LANES) {
        // Lanes divide 64, and the bits after the last row are 0.
        overPatterns[row / LANES][p] = (byte) (words[from + (row >> 6)] >>> row);
      }
      byte[] target = overRows[p / LANES];
      int lane = p % LANES;
      for (int i = 0; i < n; i++) {
        target[i] |= (byte) ((words[from + (i >> 6)] >>> i & 1) << lane);
      }
    }
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public void forward(double[][] w, double[] output) {
    if (!isWhole()) {
      for (int p = 0; p < count; p++) {
        System.arraycopy(w[p], 0, members[p], 0, d);
      }
    }
    Arrays.fill(output, 0);
    for (int column = 0; column < d; column += COLUMNS) {
      sum(overPatterns, isWhole() ? w : members, count, column);
      for (int k = column; k < Math.min(d, column + COLUMNS); k++) {
        addProducts(columns[k], sums[k - column], output, n);
      }
    }
  }

  @Override
  public void adjoint(double[] r, double[][] gradient) {
    for (int i = 0; i < n; i++) {
      double factor = r[i];
      double[] member = members[i];
      for (int k = 0; k < d; k++) {
        member[k] = factor * x[i * d + k];
      }
    }
    for (int column = 0; column < d; column += COLUMNS) {
      sum(overRows, members, n, column);
      transpose(column, gradient);
    }
  }

  /** {@code to[i] += a[i] b[i]}, {@code i < length}. */
  private static void addProducts(double[] a, double[] b, double[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] += a[i] * b[i];
    }
  }

  private void transpose(int column, double[][] gradient) {
    if (column + COLUMNS > d) {
      for (int k = column; k < d; k++) {
        double[] sum = sums[k - column];
        for (int p = 0; p < count; p++) {
          gradient[p][k] = sum[p];
        }
      }
      return;
    }
    double[] sum0 = sums[0];
    double[] sum1 = sums[1];
    double[] sum2 = sums[2];
    double[] sum3 = sums[3];
    double[] sum4 = sums[4];
    for (int p = 0; p < count; p++) {
      double[] target = gradient[p];
      target[column] = sum0[p];
      target[column + 1] = sum1[p];
      target[column + 2] = sum2[p];
      target[column + 3] = sum3[p];
      target[column + 4] = sum4[p];
    }
  }

  /**
   * Sums five columns of the members at every place whose gates are open to them.
   *
   * @param gates one row a vector of places, of a byte for each member
   */
  private void sum(byte[][] gates, double[][] members, int many, int column) {
    int group = 0;
    for (; group + WIDTH <= gates.length; group += WIDTH) {
      sumWide(gates, members, many, column, group);
    }
    for (; group < gates.length; group++) {
      sumNarrow(gates, members, many, column, group);
    }
  }

  /** Four vectors of places. */
  private void sumWide(byte[][] gates, double[][] members, int many, int column, int group) {
    byte[] gates0 = gates[group + 0];
    byte[] gates1 = gates[group + 1];
    byte[] gates2 = gates[group + 2];
    byte[] gates3 = gates[group + 3];
    DoubleVector s00 = DoubleVector.zero(SPECIES);
    DoubleVector s01 = s00;
    DoubleVector s02 = s00;
    DoubleVector s03 = s00;
    DoubleVector s10 = s00;
    DoubleVector s11 = s00;
    DoubleVector s12 = s00;
    DoubleVector s13 = s00;
    DoubleVector s20 = s00;
    DoubleVector s21 = s00;
    DoubleVector s22 = s00;
    DoubleVector s23 = s00;
    DoubleVector s30 = s00;
    DoubleVector s31 = s00;
    DoubleVector s32 = s00;
    DoubleVector s33 = s00;
    DoubleVector s40 = s00;
    DoubleVector s41 = s00;
    DoubleVector s42 = s00;
    DoubleVector s43 = s00;
    for (int m = 0; m < many; m++) {
      double[] member = members[m];
      DoubleVector g0 = factors(gates0[m]);
      DoubleVector g1 = factors(gates1[m]);
      DoubleVector g2 = factors(gates2[m]);
      DoubleVector g3 = factors(gates3[m]);
      DoubleVector m0 = DoubleVector.broadcast(SPECIES, member[column]);
      s00 = m0.fma(g0, s00);
      s01 = m0.fma(g1, s01);
      s02 = m0.fma(g2, s02);
      s03 = m0.fma(g3, s03);
      DoubleVector m1 = DoubleVector.broadcast(SPECIES, member[column + 1]);
      s10 = m1.fma(g0, s10);
      s11 = m1.fma(g1, s11);
      s12 = m1.fma(g2, s12);
      s13 = m1.fma(g3, s13);
      DoubleVector m2 = DoubleVector.broadcast(SPECIES, member[column + 2]);
      s20 = m2.fma(g0, s20);
      s21 = m2.fma(g1, s21);
      s22 = m2.fma(g2, s22);
      s23 = m2.fma(g3, s23);
      DoubleVector m3 = DoubleVector.broadcast(SPECIES, member[column + 3]);
      s30 = m3.fma(g0, s30);
      s31 = m3.fma(g1, s31);
      s32 = m3.fma(g2, s32);
      s33 = m3.fma(g3, s33);
      DoubleVector m4 = DoubleVector.broadcast(SPECIES, member[column + 4]);
      s40 = m4.fma(g0, s40);
      s41 = m4.fma(g1, s41);
      s42 = m4.fma(g2, s42);
      s43 = m4.fma(g3, s43);
    }
    int at = group * LANES;
    s00.intoArray(sums[0], at);
    s01.intoArray(sums[0], at + LANES);
    s02.intoArray(sums[0], at + 2 * LANES);
    s03.intoArray(sums[0], at + 3 * LANES);
    s10.intoArray(sums[1], at);
    s11.intoArray(sums[1], at + LANES);
    s12.intoArray(sums[1], at + 2 * LANES);
    s13.intoArray(sums[1], at + 3 * LANES);
    s20.intoArray(sums[2], at);
    s21.intoArray(sums[2], at + LANES);
    s22.intoArray(sums[2], at + 2 * LANES);
    s23.intoArray(sums[2], at + 3 * LANES);
    s30.intoArray(sums[3], at);
    s31.intoArray(sums[3], at + LANES);
    s32.intoArray(sums[3], at + 2 * LANES);
    s33.intoArray(sums[3], at + 3 * LANES);
    s40.intoArray(sums[4], at);
    s41.intoArray(sums[4], at + LANES);
    s42.intoArray(sums[4], at + 2 * LANES);
    s43.intoArray(sums[4], at + 3 * LANES);
  }

  /** One vector of places. */
  private void sumNarrow(byte[][] gates, double[][] members, int many, int column, int group) {
    byte[] gates0 = gates[group + 0];
    DoubleVector s00 = DoubleVector.zero(SPECIES);
    DoubleVector s10 = s00;
    DoubleVector s20 = s00;
    DoubleVector s30 = s00;
    DoubleVector s40 = s00;
    for (int m = 0; m < many; m++) {
      double[] member = members[m];
      DoubleVector g0 = factors(gates0[m]);
      DoubleVector m0 = DoubleVector.broadcast(SPECIES, member[column]);
      s00 = m0.fma(g0, s00);
      DoubleVector m1 = DoubleVector.broadcast(SPECIES, member[column + 1]);
      s10 = m1.fma(g0, s10);
      DoubleVector m2 = DoubleVector.broadcast(SPECIES, member[column + 2]);
      s20 = m2.fma(g0, s20);
      DoubleVector m3 = DoubleVector.broadcast(SPECIES, member[column + 3]);
      s30 = m3.fma(g0, s30);
      DoubleVector m4 = DoubleVector.broadcast(SPECIES, member[column + 4]);
      s40 = m4.fma(g0, s40);
    }
    int at = group * LANES;
    s00.intoArray(sums[0], at);
    s10.intoArray(sums[1], at);
    s20.intoArray(sums[2], at);
    s30.intoArray(sums[3], at);
    s40.intoArray(sums[4], at);
  }

  private static DoubleVector factors(byte gates) {
    return DoubleVector.fromArray(SPECIES, FACTORS, (gates & SETS - 1) * LANES);
  }
}
