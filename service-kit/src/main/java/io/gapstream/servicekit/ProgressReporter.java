package io.gapstream.servicekit;

import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.ProgressMessage;
import io.gapstream.contracts.ProgressMessage.Phase;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Tells where one job stands. Safe for use by many threads. */
public final class ProgressReporter {

  /** A person watches; two a second are as much as one can follow. */
  private static final long INTERVAL_NANOS = Duration.ofMillis(500).toNanos();

  private final String experimentId;
  private final String service;
  private final LongSupplier nanoClock;
  private final Consumer<ProgressMessage> sink;
  private final long startNanos;
  private final AtomicLong sequence = new AtomicLong();
  private final AtomicLong lastRunningNanos;

  /**
   * @param service who works
   * @param nanoClock a clock such as {@link System#nanoTime()}
   * @param sink must neither wait nor fail
   */
  public ProgressReporter(
      String experimentId, String service, LongSupplier nanoClock, Consumer<ProgressMessage> sink) {
    this.experimentId = experimentId;
    this.service = service;
    this.nanoClock = nanoClock;
    this.sink = sink;
    this.startNanos = nanoClock.getAsLong();
    this.lastRunningNanos = new AtomicLong(startNanos - INTERVAL_NANOS);
  }

  /** An activity begins. */
  public void started(String activity) {
    tell(activity, Phase.STARTED, null, null);
  }

  /** An activity has reached a value; told at most twice a second. */
  public void running(String activity, double value, BoundKind kind) {
    long now = nanoClock.getAsLong();
    long last = lastRunningNanos.get();
    if (now - last >= INTERVAL_NANOS && lastRunningNanos.compareAndSet(last, now)) {
      tell(activity, Phase.RUNNING, value, kind);
    }
  }

  /**
   * An activity has ended.
   *
   * @param value what it reached, null when that is nothing
   */
  public void finished(String activity, @Nullable Double value, BoundKind kind) {
    tell(activity, Phase.FINISHED, value, kind);
  }

  private void tell(
      String activity, Phase phase, @Nullable Double value, @Nullable BoundKind kind) {
    Double finite = value != null && Double.isFinite(value) ? value : null;
    sink.accept(
        new ProgressMessage(
            experimentId,
            service,
            activity,
            phase,
            sequence.incrementAndGet(),
            finite,
            finite == null ? null : kind,
            (nanoClock.getAsLong() - startNanos) * 1e-9));
  }
}
