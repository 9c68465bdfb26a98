package io.gapstream.relaxation.application;

import io.gapstream.numerics.global.ColumnGeneration;
import java.util.Locale;

/**
 * What the methods of a job take at their peak, about, by the shape of the data, and what they may
 * take: a service that runs out of memory ends, and its job with it.
 */
final class JobMemory {

  /** The service itself, and the records that wait in it. */
  private static final long RESERVED_BYTES = 160L << 20;

  /** Copies of the data: the message, the problem, the scaled one, and those of a solver. */
  private static final int COPIES = 8;

  /** Rank of the factored relaxation at most. */
  private static final int RANK = 25;

  /** Arrays of that rank for each row, and of each the header and its place. */
  private static final int RANKED = 6;

  private static final int HEADER_BYTES = 24;

  /** Points of the factored relaxation that its quasi-Newton method keeps. */
  private static final int POINTS = 40;

  /** Matrices of the order of the columns while the verifier checks both signs at once. */
  private static final int MATRICES = 8;

  /** Vectors of the gated solver with one entry per pattern and column. */
  private static final int GATED_VECTORS = 6;

  /** Neurons and their pairs of steps that column generation polishes at once. */
  private static final int NEURONS = 100;

  private final long mostBytes;

  JobMemory(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** What each of some jobs at a time may take of this virtual machine's heap. */
  static long ofHeap(int jobs) {
    return Math.max(1, Runtime.getRuntime().maxMemory() - RESERVED_BYTES) / jobs;
  }

  boolean fits(double bytes) {
    return bytes <= mostBytes;
  }

  /**
   * Refuses what does not fit.
   *
   * @param what would take it
   * @param fix beside a larger heap
   */
  void require(String what, double bytes, int n, int d, String fix) {
    if (!fits(bytes)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s on %d rows and %d columns takes about %d MB of memory and %d MB are free for it;"
                  + " %s or give the service a larger heap.",
              what,
              n,
              d,
              (long) Math.ceil(bytes * 1e-6),
              (long) (mostBytes * 1e-6),
              fix));
    }
  }

  /** The lifted relaxation in second moments. */
  static double lifted(int n, int d) {
    double rank = Math.min(d + 1, RANK);
    double rows = (double) n * RANKED * (HEADER_BYTES + Double.BYTES * rank);
    double points = POINTS * 2.0 * Double.BYTES * rank * d;
    return data(n, d) + rows + points + (double) MATRICES * Double.BYTES * d * d;
  }

  /** The relaxation in fourth moments: a matrix of the order of all pairs of moments. */
  static double fourthMoments(int n, int d) {
    double moments = (d + 4.0) * (d + 3) * (d + 2) * (d + 1) / 24;
    return data(n, d) + 30.0 * Double.BYTES * n + 10.0 * Double.BYTES * moments * moments;
  }

  /** Column generation: the outputs of its neurons, and the steps of their weights. */
  static double columnGeneration(int n, int d) {
    double outputs = (double) Double.BYTES * Math.min(ColumnGeneration.MOST_OUTPUTS, 2.0 * n * n);
    double neurons = Math.min(NEURONS, 2.0 * n);
    return data(n, d) + outputs + 50.0 * Double.BYTES * neurons * (d + 1);
  }

  /** The gated program without its patterns: its preconditioner and X by columns. */
  static double gated(int n, int d) {
    return data(n, d) + preconditioner(n, d, 100);
  }

  /** Of so many patterns in use. */
  private static double preconditioner(int n, int d, int used) {
    double rank = (double) d + used;
    return 20 * rank * rank + 8 * rank * n;
  }

  /** Sampled patterns and their vectors. */
  static double patterns(int n, int d, int patterns) {
    double bits = 2.0 * n * patterns / Byte.SIZE;
    return bits + (double) GATED_VECTORS * Double.BYTES * patterns * d;
  }

  /** The split over cones. */
  static double coneDecomposition(int n, int d) {
    return data(n, d) + (double) Double.BYTES * d * d;
  }

  private static double data(int n, int d) {
    return (double) COPIES * Double.BYTES * n * (d + 1);
  }
}
