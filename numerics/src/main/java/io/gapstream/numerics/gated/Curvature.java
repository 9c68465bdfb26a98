package io.gapstream.numerics.gated;

import io.gapstream.numerics.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * What the Newton systems of one run share: X by columns in single precision, and the matrix of
 * pairs of rows where it is small enough to pay.
 */
final class Curvature {

  /** Rows up to which a matrix of all pairs is cheaper than products with the gates. */
  private static final int MOST_PAIRED_ROWS = 2500;

  private final float[][] columns;
  private final @Nullable PairMatrix pairs;

  Curvature(Problem problem) {
    int n = problem.n();
    int d = problem.d();
    this.columns = new float[d][n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < d; k++) {
        columns[k][i] = (float) problem.x()[i * d + k];
      }
    }
    this.pairs = n <= MOST_PAIRED_ROWS ? new PairMatrix(columns, n) : null;
  }

  float[][] columns() {
    return columns;
  }

  @Nullable PairMatrix pairs() {
    return pairs;
  }
}
