package io.gapstream.numerics.kernels;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;

/**
 * Two halves of one computation, on two threads where that pays. What is computed must not depend
 * on which thread runs a half or when: each writes to places of its own.
 */
public final class Halves {

  /** Additions in a half from which a second thread costs less than it saves. */
  private static final double WORTHWHILE = 1e5;

  private Halves() {}

  /** Threads that share the work: 2, or 1 where there is one processor. */
  public static int threads() {
    return ForkJoinPool.getCommonPoolParallelism() < 1 ? 1 : 2;
  }

  /** The row that splits the lower triangle of a matrix of so many rows into two equal areas. */
  public static int middleOfTriangle(int rows) {
    return (int) (rows * Math.sqrt(0.5));
  }

  /** Whether so many additions or multiplications are worth a second thread. */
  static boolean pay(double work) {
    return work >= 2 * WORTHWHILE;
  }

  /**
   * Runs both halves and returns when both are done.
   *
   * @param work additions or multiplications in both halves together
   */
  public static void run(double work, Runnable first, Runnable second) {
    if (!pay(work) || threads() < 2) {
      first.run();
      second.run();
      return;
    }
    ForkJoinTask<?> other = ForkJoinPool.commonPool().submit(second);
    try {
      first.run();
    } finally {
      other.join();
    }
  }
}
