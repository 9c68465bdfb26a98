package io.gapstream.servicekit;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how long all threads of this virtual machine take to come to a stop: as long as one of
 * them does not, none that answers a health check goes on either.
 */
public final class SafepointProbe implements AutoCloseable {

  private static final Duration INTERVAL = Duration.ofMillis(100);

  private final Thread thread = new Thread(this::measure, "safepoint-probe");
  private volatile boolean closed;
  private volatile long longestNanos;

  /** Begins to measure. */
  public SafepointProbe() {
    thread.setDaemon(true);
    thread.start();
  }

  private void measure() {
    while (!closed) {
      long before = System.nanoTime();
      ManagementFactory.getThreadMXBean().dumpAllThreads(false, false);
      longestNanos = Math.max(longestNanos, System.nanoTime() - before);
      LockSupport.parkNanos(INTERVAL.toNanos());
    }
  }

  /** The longest time so far. */
  public Duration longest() {
    return Duration.ofNanos(longestNanos);
  }

  @Override
  public void close() {
    closed = true;
  }
}
