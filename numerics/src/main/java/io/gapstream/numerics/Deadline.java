package io.gapstream.numerics;

import java.time.Duration;
import java.util.function.LongSupplier;

/** A moment at which work is to stop and hand in the best it has. Safe for use by many threads. */
public final class Deadline {

  private final LongSupplier nanoClock;
  private final long startNanos;
  private final long budgetNanos;

  private Deadline(LongSupplier nanoClock, long budgetNanos) {
    this.nanoClock = nanoClock;
    this.startNanos = nanoClock.getAsLong();
    this.budgetNanos = budgetNanos;
  }

  /** A deadline this long from now. */
  public static Deadline after(Duration budget) {
    return after(budget, System::nanoTime);
  }

  /**
   * A deadline this long from now.
   *
   * @param nanoClock a clock such as {@link System#nanoTime()}
   */
  public static Deadline after(Duration budget, LongSupplier nanoClock) {
    return new Deadline(nanoClock, budget.toNanos());
  }

  /** A deadline that is never reached. */
  public static Deadline none() {
    return new Deadline(() -> 0, Long.MAX_VALUE);
  }

  /** Whether the moment has come. */
  public boolean reached() {
    return remainingNanos() <= 0;
  }

  /** What is left, 0 when nothing is. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, remainingNanos()));
  }

  /** Seconds since the deadline was set. */
  public double elapsedSeconds() {
    return (nanoClock.getAsLong() - startNanos) * 1e-9;
  }

  /** A deadline after a share of what is left; 1 gives the same moment. */
  public Deadline share(double fraction) {
    if (!(fraction > 0 && fraction <= 1)) {
      throw new IllegalArgumentException("fraction is " + fraction + "; it must be in (0, 1].");
    }
    return new Deadline(nanoClock, (long) (fraction * Math.max(0, remainingNanos())));
  }

  private long remainingNanos() {
    return budgetNanos - (nanoClock.getAsLong() - startNanos);
  }
}
