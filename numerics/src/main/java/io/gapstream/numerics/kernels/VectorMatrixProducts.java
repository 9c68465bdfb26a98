package io.gapstream.numerics.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link MatrixProducts} in explicit vectors: tiles of four rows and two vectors stay in registers
 * while all products that belong to them are added. Must not be loaded without the module.
 */
final class VectorMatrixProducts {

  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;
  private static final int DOUBLE_LANES = DOUBLES.length();
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final int FLOAT_LANES = FLOATS.length();

  private VectorMatrixProducts() {}

  /** The end of so many columns that are needed, up to whole tiles. */
  private static int endColumn(int first, int needed, int lanes, int last) {
    int tile = 2 * lanes;
    return Math.min(last, first + (needed - first + tile - 1) / tile * tile);
  }

  /**
   * As {@link MatrixProducts#add(double, double[][], double[][], int, int, double[][], int, int,
   * int, int, boolean)}.
   */
  static void add(
      double factor,
      double[][] a,
      double[][] b,
      int from,
      int until,
      double[][] c,
      int firstRow,
      int endRow,
      int firstColumn,
      int endColumn,
      boolean lower) {
    int j = firstRow;
    for (; j + 3 < endRow; j += 4) {
      int end = lower ? endColumn(firstColumn, j + 4, DOUBLE_LANES, endColumn) : endColumn;
      int l = firstColumn;
      for (; l + 2 * DOUBLE_LANES <= end; l += 2 * DOUBLE_LANES) {
        addTile(factor, a, b, from, until, c, j, l);
      }
      for (int row = j; row < j + 4; row++) {
        addRow(factor, a, b, from, until, c[row], row, l, end);
      }
    }
    for (; j < endRow; j++) {
      addRow(
          factor,
          a,
          b,
          from,
          until,
          c[j],
          j,
          firstColumn,
          lower ? Math.min(j + 1, endColumn) : endColumn);
    }
  }

  /** Four rows of c from j on, and two vectors of columns from l on. */
  private static void addTile(
      double factor, double[][] a, double[][] b, int from, int until, double[][] c, int j, int l) {
    DoubleVector s00 = DoubleVector.zero(DOUBLES);
    DoubleVector s01 = s00;
    DoubleVector s10 = s00;
    DoubleVector s11 = s00;
    DoubleVector s20 = s00;
    DoubleVector s21 = s00;
    DoubleVector s30 = s00;
    DoubleVector s31 = s00;
    for (int i = from; i < until; i++) {
      double[] left = a[i];
      double[] right = b[i];
      DoubleVector b0 = DoubleVector.fromArray(DOUBLES, right, l);
      DoubleVector b1 = DoubleVector.fromArray(DOUBLES, right, l + DOUBLE_LANES);
      DoubleVector a0 = DoubleVector.broadcast(DOUBLES, left[j]);
      s00 = a0.fma(b0, s00);
      s01 = a0.fma(b1, s01);
      DoubleVector a1 = DoubleVector.broadcast(DOUBLES, left[j + 1]);
      s10 = a1.fma(b0, s10);
      s11 = a1.fma(b1, s11);
      DoubleVector a2 = DoubleVector.broadcast(DOUBLES, left[j + 2]);
      s20 = a2.fma(b0, s20);
      s21 = a2.fma(b1, s21);
      DoubleVector a3 = DoubleVector.broadcast(DOUBLES, left[j + 3]);
      s30 = a3.fma(b0, s30);
      s31 = a3.fma(b1, s31);
    }
    addScaled(factor, s00, c[j], l);
    addScaled(factor, s01, c[j], l + DOUBLE_LANES);
    addScaled(factor, s10, c[j + 1], l);
    addScaled(factor, s11, c[j + 1], l + DOUBLE_LANES);
    addScaled(factor, s20, c[j + 2], l);
    addScaled(factor, s21, c[j + 2], l + DOUBLE_LANES);
    addScaled(factor, s30, c[j + 3], l);
    addScaled(factor, s31, c[j + 3], l + DOUBLE_LANES);
  }

  /** One row of c, of column j of a, from a column on. */
  private static void addRow(
      double factor,
      double[][] a,
      double[][] b,
      int from,
      int until,
      double[] c,
      int j,
      int firstColumn,
      int endColumn) {
    int l = firstColumn;
    for (; l + DOUBLE_LANES <= endColumn; l += DOUBLE_LANES) {
      DoubleVector sum = DoubleVector.zero(DOUBLES);
      for (int i = from; i < until; i++) {
        sum =
            DoubleVector.broadcast(DOUBLES, a[i][j])
                .fma(DoubleVector.fromArray(DOUBLES, b[i], l), sum);
      }
      addScaled(factor, sum, c, l);
    }
    for (; l < endColumn; l++) {
      double sum = 0;
      for (int i = from; i < until; i++) {
        sum += a[i][j] * b[i][l];
      }
      c[l] += factor * sum;
    }
  }

  private static void addScaled(double factor, DoubleVector sum, double[] c, int l) {
    sum.mul(factor).add(DoubleVector.fromArray(DOUBLES, c, l)).intoArray(c, l);
  }

  /**
   * As {@link MatrixProducts#add(float, float[][], float[][], int, int, float[][], int, int, int,
   * int, boolean)}.
   */
  static void add(
      float factor,
      float[][] a,
      float[][] b,
      int from,
      int until,
      float[][] c,
      int firstRow,
      int endRow,
      int firstColumn,
      int endColumn,
      boolean lower) {
    int j = firstRow;
    for (; j + 3 < endRow; j += 4) {
      int end = lower ? endColumn(firstColumn, j + 4, FLOAT_LANES, endColumn) : endColumn;
      int l = firstColumn;
      for (; l + 2 * FLOAT_LANES <= end; l += 2 * FLOAT_LANES) {
        addTile(factor, a, b, from, until, c, j, l);
      }
      for (int row = j; row < j + 4; row++) {
        addRow(factor, a, b, from, until, c[row], row, l, end);
      }
    }
    for (; j < endRow; j++) {
      addRow(
          factor,
          a,
          b,
          from,
          until,
          c[j],
          j,
          firstColumn,
          lower ? Math.min(j + 1, endColumn) : endColumn);
    }
  }

  /** Four rows of c from j on, and two vectors of columns from l on. */
  private static void addTile(
      float factor, float[][] a, float[][] b, int from, int until, float[][] c, int j, int l) {
    FloatVector s00 = FloatVector.zero(FLOATS);
    FloatVector s01 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    FloatVector s30 = s00;
    FloatVector s31 = s00;
    for (int i = from; i < until; i++) {
      float[] left = a[i];
      float[] right = b[i];
      FloatVector b0 = FloatVector.fromArray(FLOATS, right, l);
      FloatVector b1 = FloatVector.fromArray(FLOATS, right, l + FLOAT_LANES);
      FloatVector a0 = FloatVector.broadcast(FLOATS, left[j]);
      s00 = a0.fma(b0, s00);
      s01 = a0.fma(b1, s01);
      FloatVector a1 = FloatVector.broadcast(FLOATS, left[j + 1]);
      s10 = a1.fma(b0, s10);
      s11 = a1.fma(b1, s11);
      FloatVector a2 = FloatVector.broadcast(FLOATS, left[j + 2]);
      s20 = a2.fma(b0, s20);
      s21 = a2.fma(b1, s21);
      FloatVector a3 = FloatVector.broadcast(FLOATS, left[j + 3]);
      s30 = a3.fma(b0, s30);
      s31 = a3.fma(b1, s31);
    }
    addScaled(factor, s00, c[j], l);
    addScaled(factor, s01, c[j], l + FLOAT_LANES);
    addScaled(factor, s10, c[j + 1], l);
    addScaled(factor, s11, c[j + 1], l + FLOAT_LANES);
    addScaled(factor, s20, c[j + 2], l);
    addScaled(factor, s21, c[j + 2], l + FLOAT_LANES);
    addScaled(factor, s30, c[j + 3], l);
    addScaled(factor, s31, c[j + 3], l + FLOAT_LANES);
  }

  /** One row of c, of column j of a, from a column on. */
  private static void addRow(
      float factor,
      float[][] a,
      float[][] b,
      int from,
      int until,
      float[] c,
      int j,
      int firstColumn,
      int endColumn) {
    int l = firstColumn;
    for (; l + FLOAT_LANES <= endColumn; l += FLOAT_LANES) {
      FloatVector sum = FloatVector.zero(FLOATS);
      for (int i = from; i < until; i++) {
        sum =
            FloatVector.broadcast(FLOATS, a[i][j]).fma(FloatVector.fromArray(FLOATS, b[i], l), sum);
      }
      addScaled(factor, sum, c, l);
    }
    for (; l < endColumn; l++) {
      float sum = 0;
      for (int i = from; i < until; i++) {
        sum += a[i][j] * b[i][l];
      }
      c[l] += factor * sum;
    }
  }

  private static void addScaled(float factor, FloatVector sum, float[] c, int l) {
    sum.mul(factor).add(FloatVector.fromArray(FLOATS, c, l)).intoArray(c, l);
  }
}
