package io.gapstream.numerics;

/**
 * Asks a deadline every few milliseconds of work, however small the pieces of the work are. For one
 * thread.
 */
public final class Pace {

  /** Multiplications between two looks at the clock: some milliseconds on a slow processor. */
  private static final long STRIDE = 2_000_000;

  private final Deadline deadline;
  private long done;

  /** Begins. */
  public Pace(Deadline deadline) {
    this.deadline = deadline;
  }

  /**
   * Counts work.
   *
   * @param multiplications since the last call, or about to be done
   * @throws TimeUpException if the deadline's grace is over
   */
  public void count(long multiplications) {
    done += multiplications;
    if (done >= STRIDE) {
      done = 0;
      deadline.check();
    }
  }
}
