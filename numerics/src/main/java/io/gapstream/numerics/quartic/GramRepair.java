package io.gapstream.numerics.quartic;

/**
 * Turns an approximate sum of squares into one: given a polynomial p and a matrix S with {@code p +
 * v'Sv} nearly constant on the sphere, finds T and a positive definite G with {@code p + v'Gv = T}
 * there, up to rounding.
 */
final class GramRepair {

  /** Bisections for the least shift that makes the matrix definite. */
  private static final int BISECTIONS = 12;

  /** The least shift, beside the trace: room for the proof of definiteness. */
  private static final double MARGIN = 1e-12;

  private final Moments moments;

  /** Entries of the matrix for each moment of the full vector. */
  private final int[] entries;

  private final double[] uniform;
  private final double[] mass;

  GramRepair(Moments moments) {
    this.moments = moments;
    entries = new int[moments.fullSize];
    for (int[] row : moments.entry) {
      for (int entry : row) {
        entries[entry]++;
      }
    }
    uniform = moments.uniform();
    double[] one = new double[moments.fullSize];
    one[0] = 1;
    mass = new double[moments.size];
    moments.pullBack(one, mass, 0);
  }

  /**
   * @param tau at least p on the sphere, up to rounding
   * @param gram the lower triangle of G, row by row
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
  record Repaired(double tau, double[] gram) {}

  /**
   * Repairs.
   *
   * @param polynomial the coefficients of p, as a full vector. Modified.
   * @param gram S. Modified.
   */
  Repaired repair(double[] polynomial, double[][] gram) {
    int order = moments.order;
    for (int i = 0; i < order; i++) {
      for (int j = 0; j < order; j++) {
        polynomial[moments.entry[i][j]] += gram[i][j];
      }
    }
    double[] form = new double[moments.size];
    moments.pullBack(polynomial, form, 0);
    double mean = 0;
    for (int k = 0; k < form.length; k++) {
      mean += form[k] * uniform[k];
    }
    int fours = moments.monomials.count(4);
    for (int i = 0; i < order; i++) {
      for (int j = 0; j < order; j++) {
        int entry = moments.entry[i][j];
        if (entry >= moments.offset[3]) {
          int place =
              entry >= moments.offset[4]
                  ? entry - moments.offset[4]
                  : fours + entry - moments.offset[3];
          gram[i][j] += (mean * mass[place] - form[place]) / entries[entry];
        }
      }
    }
    double shift = shift(gram);
    double[] packed = new double[order * (order + 1) / 2];
    for (int i = 0, k = 0; i < order; i++) {
      gram[i][i] += weight(i) * shift;
      for (int j = 0; j <= i; j++, k++) {
        packed[k] = gram[i][j];
      }
    }
    return new Repaired(mean + 2 * shift, packed);
  }

  /** About the least e for which {@code S + e D} is positive definite, where {@code v'Dv = 2}. */
  private double shift(double[][] gram) {
    double trace = Double.MIN_NORMAL;
    for (int i = 0; i < gram.length; i++) {
      trace += Math.abs(gram[i][i]);
    }
    double low = 0;
    double high = MARGIN * trace;
    // A matrix with an entry that is no number is never definite.
    while (!isDefinite(gram, high)) {
      if (!(high < Double.MAX_VALUE)) {
        return Double.NaN;
      }
      low = high;
      high *= 8;
    }
    for (int k = 0; k < BISECTIONS && low > 0; k++) {
      double middle = Math.sqrt(low * high);
      if (isDefinite(gram, middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high + MARGIN * trace;
  }

  private boolean isDefinite(double[][] gram, double shift) {
    double[][] shifted = new double[gram.length][];
    for (int i = 0; i < gram.length; i++) {
      shifted[i] = gram[i].clone();
      shifted[i][i] += weight(i) * shift;
    }
    return MomentBarrier.factorize(shifted);
  }

  /** D: {@code u_a u_b} with different a and b stands for two products. */
  private double weight(int i) {
    return moments.orders[moments.offset[1] + i];
  }
}
