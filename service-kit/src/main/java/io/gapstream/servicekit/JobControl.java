package io.gapstream.servicekit;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What one job asks: whether it is to stop, and how long it has worked. Any thread may stop it and
 * read its clock; the one thread that does the job waits here for what it sent.
 */
public final class JobControl {

  /** Why a job is to stop before its end. */
  public enum Stop {
    /** The service is stopping. */
    SHUTDOWN("the service is stopping"),
    /** The record's partition went to another worker, which does the job. */
    PARTITION_LOST("another worker has its partition");

    private final String words;

    Stop(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /** Longer than any budget, so that a leap of it lies past every deadline. */
  private static final long LEAP_NANOS = Duration.ofDays(30).toNanos();

  /**
   * How long a job that is to stop may still wait for acknowledgements of what it has: a few
   * seconds, because whoever stops a service does not wait longer than about ten.
   */
  static final Duration PATIENCE = Duration.ofSeconds(4);

  /** Of that, how long it may still compute; the rest is left for the broker. */
  private static final Duration LAST_WORK = Duration.ofSeconds(2);

  private record Order(Stop reason, long atNanos) {}

  /**
   * @param endedNanos that the waits took which are over
   * @param waiting whether there is another
   * @param sinceNanos when it began
   */
  private record Waits(long endedNanos, boolean waiting, long sinceNanos) {}

  private final long startNanos = System.nanoTime();
  private final CompletableFuture<Order> stop = new CompletableFuture<>();
  private volatile Waits waits = new Waits(0, false, 0);
  private volatile long allowedNanos = Long.MAX_VALUE;

  /** The job is to hand in what it has and to end; the first reason counts. */
  public void stop(Stop reason) {
    stop.complete(new Order(reason, System.nanoTime()));
  }

  /** Whether the job is to stop. */
  public boolean stopped() {
    return stop.isDone();
  }

  /**
   * Ends a job that is to stop.
   *
   * @throws JobStoppedException if it is to stop
   */
  public void check() {
    if (stopped()) {
      throw new JobStoppedException(stop.join().reason());
    }
  }

  /**
   * Waits; meanwhile the job's clock stands still, because waiting is no work. A job that is to
   * stop waits for a few seconds more.
   *
   * @throws JobStoppedException if the job is to stop and the future does not complete soon
   * @throws CompletionException if the future fails
   */
  public void await(CompletableFuture<Void> future) {
    Waits before = waits;
    long since = System.nanoTime();
    waits = new Waits(before.endedNanos(), true, since);
    try {
      CompletableFuture<Boolean> settled = future.handle((done, failure) -> true);
      CompletableFuture.anyOf(settled, stop).join();
      if (!settled.isDone()) {
        long left = stop.join().atNanos() + PATIENCE.toNanos() - System.nanoTime();
        if (!settled.completeOnTimeout(false, Math.max(1, left), TimeUnit.NANOSECONDS).join()) {
          check();
        }
      }
    } finally {
      waits = new Waits(before.endedNanos() + System.nanoTime() - since, false, 0);
    }
    future.join();
  }

  /**
   * Waits this long, as {@link #await} does.
   *
   * @throws JobStoppedException if the job is to stop
   */
  void pause(Duration pause) {
    await(
        CompletableFuture.runAsync(
            () -> {}, CompletableFuture.delayedExecutor(pause.toNanos(), TimeUnit.NANOSECONDS)));
    check();
  }

  /** Nanoseconds since the job began, without those in which it waited. */
  public long workedNanos() {
    Waits now = waits;
    return (now.waiting() ? now.sinceNanos() : System.nanoTime()) - startNanos - now.endedNanos();
  }

  /**
   * A clock for deadlines, in nanoseconds: {@link #workedNanos()}, and past all of them once the
   * job is to stop, so that long computations return at once.
   */
  public LongSupplier nanoClock() {
    return () -> stopped() ? workedNanos() + LEAP_NANOS : workedNanos();
  }

  /**
   * The same clock for what makes a result of what a long computation has when it is cut short: it
   * leaps two seconds later.
   */
  public LongSupplier handInClock() {
    return () ->
        stopped() && System.nanoTime() - stop.join().atNanos() > LAST_WORK.toNanos()
            ? workedNanos() + LEAP_NANOS
            : workedNanos();
  }

  /** How long the job may work before it counts as stuck; for ever until this is said. */
  void allow(Duration work) {
    allowedNanos = work.toNanos();
  }

  /** Whether the job has worked for longer than it may. */
  boolean overdue() {
    return workedNanos() > allowedNanos;
  }
}
