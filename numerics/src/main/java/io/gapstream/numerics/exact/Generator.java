package io.gapstream.numerics.exact;

/**
 * A ray of a cone: a point of the sphere of the 1-norm, half way between two others or a signed
 * unit vector. Its coordinates are multiples of {@code 2^-level}, so that midpoints are exact as
 * long as the level is at most {@link #DEEPEST}.
 *
 * @param point d. Shared: must not be modified.
 * @param level the generation
 * @param value {@code g_+} there
 */
@SuppressWarnings("ArrayRecordComponent") // shared, never compared
record Generator(double[] point, int level, double value) {

  /** Multiples of {@code 2^-52} up to 1 are doubles. */
  static final int DEEPEST = 52;

  /** The signed unit vector. */
  static Generator axis(SignedRows rows, int coordinate, int sign, double[] work) {
    double[] point = new double[rows.d];
    point[coordinate] = sign;
    return new Generator(point, 0, rows.positivePart(point, work));
  }

  /** The point half way between two; they must not both be too deep. */
  static Generator between(SignedRows rows, Generator a, Generator b, double[] work) {
    double[] point = new double[a.point.length];
    for (int k = 0; k < point.length; k++) {
      point[k] = 0.5 * (a.point[k] + b.point[k]);
    }
    return new Generator(point, Math.max(a.level, b.level) + 1, rows.positivePart(point, work));
  }
}
