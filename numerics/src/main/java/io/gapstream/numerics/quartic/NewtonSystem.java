package io.gapstream.numerics.quartic;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;
import io.gapstream.numerics.kernels.Halves;

/**
 * Newton's equations {@code H s = -g}, with the unknowns scaled to a unit diagonal: a Cholesky
 * factorisation {@code H = U'U} by blocks of rows, on two threads. A block is small enough to stay
 * in a cache while all rows below it are updated.
 */
final class NewtonSystem {

  private static final double LEAST_PIVOT = 1e-14;
  private static final int BLOCK = 32;

  private NewtonSystem() {}

  /**
   * Solves.
   *
   * @param hessian H, positive definite; only its upper triangle is read. Modified.
   * @param gradient g. Not modified.
   * @param step s. Modified.
   * @throws io.gapstream.numerics.TimeUpException if the deadline's grace ends first
   */
  static void solve(double[][] hessian, double[] gradient, double[] step, Deadline deadline) {
    int size = step.length;
    double[] scale = new double[size];
    for (int k = 0; k < size; k++) {
      scale[k] = 1 / Math.sqrt(hessian[k][k]);
      step[k] = -gradient[k] * scale[k];
    }
    for (int k = 0; k < size; k++) {
      for (int l = k; l < size; l++) {
        hessian[k][l] *= scale[k] * scale[l];
      }
    }
    factorize(hessian, deadline);
    for (int k = 0; k < size; k++) {
      step[k] /= hessian[k][k];
      add(-step[k], hessian[k], step, k + 1);
    }
    for (int k = size - 1; k >= 0; k--) {
      double sum = step[k];
      double[] row = hessian[k];
      for (int l = k + 1; l < size; l++) {
        sum -= row[l] * step[l];
      }
      step[k] = sum / row[k];
    }
    for (int k = 0; k < size; k++) {
      step[k] *= scale[k];
    }
  }

  /** Replaces the upper triangle by U; pivots that rounding made small or negative are raised. */
  private static void factorize(double[][] upper, Deadline deadline) {
    int size = upper.length;
    for (int from = 0; from < size; from += BLOCK) {
      int to = Math.min(size, from + BLOCK);
      for (int j = from; j < to; j++) {
        double[] row = upper[j];
        double pivot = Math.sqrt(Math.max(row[j], LEAST_PIVOT));
        row[j] = pivot;
        for (int l = j + 1; l < size; l++) {
          row[l] /= pivot;
        }
        for (int i = j + 1; i < to; i++) {
          add(-row[i], row, upper[i], i);
        }
      }
      deadline.check();
      int first = from;
      Halves.run(
          (double) (size - to) * (size - to) * BLOCK,
          () -> update(upper, first, to, 0, new Pace(deadline)),
          () -> update(upper, first, to, 1, new Pace(deadline)));
    }
  }

  /** Subtracts what a finished block of rows adds to every second row below it. */
  private static void update(double[][] upper, int from, int to, int parity, Pace pace) {
    for (int i = to + parity; i < upper.length; i += 2) {
      pace.count((long) (to - from) * (upper.length - i));
      double[] target = upper[i];
      int k = from;
      for (; k + 3 < to; k += 4) {
        addFour(upper, k, i, target);
      }
      for (; k < to; k++) {
        add(-upper[k][i], upper[k], target, i);
      }
    }
  }

  private static void addFour(double[][] rows, int k, int from, double[] to) {
    double[] r0 = rows[k];
    double[] r1 = rows[k + 1];
    double[] r2 = rows[k + 2];
    double[] r3 = rows[k + 3];
    double f0 = r0[from];
    double f1 = r1[from];
    double f2 = r2[from];
    double f3 = r3[from];
    for (int l = from; l < to.length; l++) {
      to[l] -= (f0 * r0[l] + f1 * r1[l]) + (f2 * r2[l] + f3 * r3[l]);
    }
  }

  private static void add(double factor, double[] row, double[] to, int from) {
    for (int l = from; l < to.length; l++) {
      to[l] += factor * row[l];
    }
  }
}
