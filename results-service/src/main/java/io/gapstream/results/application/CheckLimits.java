package io.gapstream.results.application;

import io.gapstream.certificate.Work;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * What checking claims may take: so many operations for one, and so much memory for all that are
 * checked at once. What a claim takes is told from the sizes of its evidence, before anything is
 * computed or reserved.
 */
final class CheckLimits {

  private static final double PERMIT_BYTES = 1 << 20;

  private final double maxOperations;
  private final double maxBytes;
  private final int permits;
  private final Semaphore memory;

  /**
   * Limits that all threads share.
   *
   * @param maxOperations for one claim: multiplications, each with its addition
   * @param maxBytes for all claims that are checked at once
   */
  CheckLimits(double maxOperations, double maxBytes) {
    this.maxOperations = maxOperations;
    this.maxBytes = maxBytes;
    permits = (int) Math.max(1, Math.min(Integer.MAX_VALUE, maxBytes / PERMIT_BYTES));
    memory = new Semaphore(permits, true);
  }

  /**
   * Checks a claim once there is memory for it. One that takes too much is not judged: it may be
   * true, and is kept with the reason as those are that were refuted.
   */
  Outcome judge(Work work, Supplier<Outcome> check) {
    String excess =
        work.excess(
            maxOperations, "send smaller evidence, or raise GAPSTREAM_MAX_CHECK_OPERATIONS");
    if (excess == null) {
      excess =
          work.excessBytes(maxBytes, "give Java more memory, or raise GAPSTREAM_CHECK_HEAP_SHARE");
    }
    if (excess != null) {
      return new Outcome.Refuted("Not judged: " + excess);
    }
    int needed = (int) Math.min(permits, Math.ceil(work.bytes() / PERMIT_BYTES));
    memory.acquireUninterruptibly(needed);
    try {
      return check.get();
    } finally {
      memory.release(needed);
    }
  }
}
