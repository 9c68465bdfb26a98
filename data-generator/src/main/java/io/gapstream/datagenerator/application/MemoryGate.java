package io.gapstream.datagenerator.application;

import io.gapstream.contracts.Limits;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets as much data be worked on at once as memory allows; whoever comes on top of that waits.
 * Small datasets pass many at a time, the largest one by one on a small heap. Not fair: a small
 * dataset may overtake a large one that waits.
 */
public final class MemoryGate {

  /**
   * What one number costs on its way from a file to the broker: the table, features and targets,
   * the standardised copy, base64, JSON and the producer's copy. Measured at 80 to 90 for the
   * largest dataset.
   */
  private static final int BYTES_PER_VALUE = 100;

  /** The rest of the service, the producer's buffer included. */
  private static final long RESERVED_BYTES = 192L * 1024 * 1024;

  private final int capacity;
  private final Semaphore free;
  private final Duration patience;

  /**
   * @param heapBytes the largest heap
   * @param patience how long to wait for others
   */
  public MemoryGate(long heapBytes, Duration patience) {
    this.capacity =
        (int)
            Math.min(
                Integer.MAX_VALUE,
                Math.max(Limits.MAX_VALUES, (heapBytes - RESERVED_BYTES) / BYTES_PER_VALUE));
    this.free = new Semaphore(capacity);
    this.patience = patience;
  }

  /** Work that is going on; ends when it is closed. */
  public interface Pass extends AutoCloseable {

    @Override
    void close();
  }

  /**
   * Waits until there is room. One pass a piece of work: who holds one and asks for another may
   * wait for itself.
   *
   * @param values numbers that the work is about
   * @throws BusyException if there is no room in time
   */
  public Pass enter(long values) {
    int permits = (int) Math.min(capacity, Math.max(1, values));
    try {
      if (!free.tryAcquire(permits, patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new BusyException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BusyException();
    }
    return () -> free.release(permits);
  }

  /** There is no room for more data. */
  public static final class BusyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BusyException() {
      super("The service is busy with other large datasets; repeat the request in a minute.");
    }
  }
}
