package io.gapstream.numerics.quartic;

import io.gapstream.numerics.kernels.Rows;
import java.util.Arrays;

/**
 * Second derivatives by moments of functions of {@code m_k = E (x_i.u)^k}. The derivative by the
 * moments of two monomials of degrees k and l is {@code sum_i h_i[k][l]} times the monomial of
 * degree k + l that is their product, at {@code x_i}: so it is enough to add up the monomials up to
 * degree eight, of which there are far fewer than pairs.
 */
final class PowerSums {

  private final Moments moments;
  private final boolean symmetric;
  private final double[][][] sums;

  /**
   * @param symmetric whether all {@code h_i} are
   */
  PowerSums(Moments moments, boolean symmetric) {
    this.moments = moments;
    this.symmetric = symmetric;
    sums = new double[RowBounds.MOMENTS][RowBounds.MOMENTS][];
    for (int k = 0; k < RowBounds.MOMENTS; k++) {
      for (int l = symmetric ? k : 0; l < RowBounds.MOMENTS; l++) {
        sums[k][l] = new double[moments.monomials.count(k + l)];
      }
    }
  }

  void clear() {
    for (double[][] ofDegree : sums) {
      for (double[] sum : ofDegree) {
        if (sum != null) {
          Arrays.fill(sum, 0);
        }
      }
    }
  }

  /**
   * Adds a row.
   *
   * @param h {@code 5 x 5}. Not modified.
   * @param values the monomials of the row, by degree. Not modified.
   */
  void add(double[] h, double[][] values) {
    for (int k = 0; k < RowBounds.MOMENTS; k++) {
      for (int l = symmetric ? k : 0; l < RowBounds.MOMENTS; l++) {
        double factor = h[k * RowBounds.MOMENTS + l];
        if (factor != 0) {
          Rows.add(values[k + l], factor, sums[k][l], sums[k][l].length);
        }
      }
    }
  }

  /**
   * Writes the matrix of all pairs.
   *
   * @param full {@code fullSize x fullSize}. Modified.
   */
  void write(double[][] full) {
    double[] orders = moments.orders;
    for (int k = 0; k < RowBounds.MOMENTS; k++) {
      for (int l = 0; l < RowBounds.MOMENTS; l++) {
        double[] sum = symmetric && l < k ? sums[l][k] : sums[k][l];
        for (int i = moments.offset[k]; i < moments.offset[k + 1]; i++) {
          int[] product = moments.product[i];
          for (int j = moments.offset[l]; j < moments.offset[l + 1]; j++) {
            full[i][j] = orders[i] * orders[j] * sum[product[j]];
          }
        }
      }
    }
  }
}
