package io.gapstream.datagenerator.application;

import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Takes no more work than the workers get done in time: a dataset that was taken must not wait
 * until the topic forgets it.
 *
 * <p>Whoever watches the topic says now and then what waits. In between, what this service itself
 * takes is counted on top, until a look at the topic has seen it. What other replicas of this
 * service take is seen with the next look, so together they overshoot by what they take in about a
 * second.
 */
public final class Admission {

  /** A look at the topic that is older than this says nothing of now. */
  static final Duration FRESH = Duration.ofSeconds(10);

  private static final long SHORTEST_RETRY_SECONDS = 1;

  /** The workers may have become more meanwhile. */
  private static final long LONGEST_RETRY_SECONDS = 3600;

  private final double mostSeconds;
  private final int mostDatasets;
  private final Duration patience;
  private final LongSupplier nanoClock;

  private final Set<Pass> passes = new HashSet<>();
  private long look;
  private long lookNanos;
  private boolean looked;
  private double limitSeconds;
  private Map<WorkerGroup, Waiting> waiting = Map.of();

  /**
   * @param mostWaiting before the same replica of a worker group; a dataset for which nothing waits
   *     is taken whatever its own budget is
   * @param mostDatasets that wait for a worker group
   * @param patience how long a request waits for the first look at the topic, or for one that is
   *     not too old
   * @param nanoClock as {@link System#nanoTime}
   */
  public Admission(
      Duration mostWaiting, int mostDatasets, Duration patience, LongSupplier nanoClock) {
    if (mostWaiting.isNegative() || mostWaiting.isZero() || mostDatasets < 1) {
      throw new IllegalArgumentException(
          "At most "
              + mostWaiting
              + " of work in "
              + mostDatasets
              + " datasets may wait; set both above 0.");
    }
    this.mostSeconds = seconds(mostWaiting);
    this.mostDatasets = mostDatasets;
    this.patience = patience;
    this.nanoClock = nanoClock;
    this.limitSeconds = mostSeconds;
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() * 1e-3;
  }

  /** Work that was let in; ends when it is closed. */
  public final class Pass implements AutoCloseable {

    private final Work work;
    private long sentAt = -1;

    private Pass(Work work) {
      this.work = work;
    }

    /** The broker has the dataset: it counts until a look at the topic that begins later. */
    public void sent() {
      synchronized (Admission.this) {
        sentAt = look;
      }
    }

    /** Work that was not sent no longer counts. */
    @Override
    public void close() {
      synchronized (Admission.this) {
        if (sentAt < 0) {
          passes.remove(this);
        }
      }
    }
  }

  /**
   * A look at the topic begins.
   *
   * @return its number
   */
  public synchronized long beginLook() {
    return ++look;
  }

  /**
   * A look at the topic has ended.
   *
   * @param number what {@link #beginLook} gave
   * @param seen of each group
   * @param retention how long the topic keeps a dataset; empty for ever. No more than a quarter of
   *     it may wait, because a budget is not all that a job takes.
   */
  public synchronized void endLook(
      long number, Map<WorkerGroup, Waiting> seen, Optional<Duration> retention) {
    waiting = Map.copyOf(seen);
    limitSeconds =
        retention.map(kept -> Math.min(mostSeconds, seconds(kept) / 4)).orElse(mostSeconds);
    passes.removeIf(pass -> pass.sentAt >= 0 && pass.sentAt < number);
    lookNanos = nanoClock.getAsLong();
    looked = true;
    notifyAll();
  }

  /** How much may wait for one replica. */
  public synchronized double limitSeconds() {
    return limitSeconds;
  }

  /** What was seen last; empty if that was too long ago. */
  public synchronized Optional<Waiting> waiting(WorkerGroup group) {
    return isFresh() ? Optional.ofNullable(waiting.get(group)) : Optional.empty();
  }

  /**
   * Lets work in. Blocks while nothing is known of the topic.
   *
   * @throws TooMuchWaitingException if too much waits
   * @throws QueueUnknownException if nobody knows what waits
   */
  public synchronized Pass enter(Work work) {
    awaitLook();
    for (WorkerGroup group : WorkerGroup.values()) {
      check(group, Objects.requireNonNull(waiting.get(group)), group.secondsOf(work));
    }
    Pass pass = new Pass(work);
    passes.add(pass);
    return pass;
  }

  private void check(WorkerGroup group, Waiting seen, double own) {
    double before =
        seen.longestSeconds()
            + passes.stream().mapToDouble(pass -> group.secondsOf(pass.work)).sum();
    if (own > 0 && before > 0 && before + own > limitSeconds) {
      throw refusal(
          group,
          seen,
          String.format(
              Locale.ROOT,
              "%s has up to %.0f s of work waiting for one replica, and %.0f s on top of that are"
                  + " more than the %.0f s that may wait",
              group.id(),
              Math.ceil(before),
              Math.ceil(own),
              limitSeconds),
          before - Math.max(0, limitSeconds - own));
    }
    long datasets = seen.datasets() + passes.size();
    if (datasets >= mostDatasets) {
      throw refusal(
          group,
          seen,
          String.format(
              Locale.ROOT,
              "%s has %d datasets waiting, and no more than %d may wait",
              group.id(),
              datasets,
              mostDatasets),
          (datasets - mostDatasets + 1) * before / datasets);
    }
  }

  private static TooMuchWaitingException refusal(
      WorkerGroup group, Waiting seen, String reason, double secondsUntilRoom) {
    long retry =
        (long)
            Math.min(
                LONGEST_RETRY_SECONDS,
                Math.max(SHORTEST_RETRY_SECONDS, Math.ceil(secondsUntilRoom)));
    String fix =
        seen.replicas() == 0 ? "; none of its replicas runs: start " : ", or start more of ";
    return new TooMuchWaitingException(
        reason
            + (seen.replicas() == 0
                ? fix + group.id() + ", and repeat the request in " + retry + " s."
                : "; repeat the request in " + retry + " s" + fix + group.id() + "."),
        Duration.ofSeconds(retry));
  }

  private boolean isFresh() {
    return looked && nanoClock.getAsLong() - lookNanos < FRESH.toNanos();
  }

  private void awaitLook() {
    long end = nanoClock.getAsLong() + patience.toNanos();
    try {
      while (!isFresh()) {
        long left = end - nanoClock.getAsLong();
        if (left <= 0) {
          throw new QueueUnknownException();
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new QueueUnknownException();
    }
  }
}
