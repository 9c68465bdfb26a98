package io.gapstream.numerics;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A moment at which work is to stop and hand in the best it has, and a little later one at which it
 * must.
 *
 * <p>Between two steps a solver asks {@link #reached}, so that the step that is under way is not
 * lost. Within a step, whatever may take long calls {@link #check}, which throws once the grace is
 * over too: then the step is given up. So nothing takes longer than the budget and its grace,
 * however long a step would be. Safe for use by many threads.
 */
public final class Deadline {

  /** The grace of a budget is this share of it, or a second if that is longer. */
  private static final double GRACE = 0.05;

  private static final long LEAST_GRACE = Duration.ofSeconds(1).toNanos();

  /** Of a share of a budget: those that come after it wait for it. */
  private static final long LEAST_GRACE_OF_SHARE = Duration.ofMillis(500).toNanos();

  private final LongSupplier nanoClock;
  private final long startNanos;
  private final long budgetNanos;
  private final long graceNanos;

  private Deadline(LongSupplier nanoClock, long startNanos, long budgetNanos, long graceNanos) {
    this.nanoClock = nanoClock;
    this.startNanos = startNanos;
    this.budgetNanos = budgetNanos;
    this.graceNanos = graceNanos;
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
    long nanos = budget.toNanos();
    return new Deadline(nanoClock, nanoClock.getAsLong(), nanos, grace(nanos, LEAST_GRACE));
  }

  /** A deadline that is never reached. */
  public static Deadline none() {
    return new Deadline(() -> 0, 0, Long.MAX_VALUE, 0);
  }

  private static long grace(long budgetNanos, long least) {
    long wanted = Math.max(least, (long) (GRACE * budgetNanos));
    return Math.min(wanted, Long.MAX_VALUE - budgetNanos);
  }

  /** Whether the moment has come. */
  public boolean reached() {
    return remainingNanos() <= 0;
  }

  /**
   * Returns as long as the grace after the moment lasts.
   *
   * @throws TimeUpException once it is over
   */
  public void check() {
    if (remainingNanos() < -graceNanos) {
      throw new TimeUpException();
    }
  }

  /** What is left, 0 when nothing is. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, remainingNanos()));
  }

  /** What is left of the budget and its grace, 0 when nothing is. */
  public Duration remainingWithGrace() {
    return Duration.ofNanos(Math.max(0, remainingNanos() + graceNanos));
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
    long remaining = Math.max(0, remainingNanos());
    return within((long) (fraction * remaining), fraction == 1 ? 0 : LEAST_GRACE_OF_SHARE);
  }

  /** The same moment and grace by another clock, which shows the same time or one before it. */
  public Deadline by(LongSupplier clock) {
    return new Deadline(clock, startNanos, budgetNanos, graceNanos);
  }

  /**
   * A deadline so much earlier, or now: what comes after it gets this time.
   *
   * @param seconds 0 or above
   */
  public Deadline earlier(double seconds) {
    long remaining = Math.max(0, remainingNanos());
    return within(Math.max(0, remaining - (long) (seconds * 1e9)), LEAST_GRACE_OF_SHARE);
  }

  /**
   * A deadline this long from now, whose grace ends with that of this one at the latest.
   *
   * @param leastGrace 0 for all the grace that there is: nobody waits
   */
  private Deadline within(long nanos, long leastGrace) {
    long now = nanoClock.getAsLong();
    long latest = budgetNanos - (now - startNanos) + graceNanos - nanos;
    long grace = leastGrace == 0 ? latest : Math.min(latest, grace(nanos, leastGrace));
    return new Deadline(nanoClock, now, nanos, grace);
  }

  private long remainingNanos() {
    return budgetNanos - (nanoClock.getAsLong() - startNanos);
  }
}
