package io.gapstream.results.application;

import io.gapstream.results.ResultsConfig;
import io.gapstream.results.store.KeptClaims;
import io.gapstream.results.store.KeptClaims.Kind;
import io.gapstream.results.store.KeptClaims.Usage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jboss.logging.Logger;

/**
 * Bounds what is kept of claims as they came, so that nobody fills the database with claims that
 * are refuted, or whose dataset never comes. One experiment takes at most its share; all together
 * take at most the whole, and the oldest make room: a dataset that is still to come does so within
 * seconds, so the oldest are those whose dataset least likely comes. What is too old goes as well.
 */
@ApplicationScoped
public class Retention {

  private static final Logger LOG = Logger.getLogger(Retention.class);

  /** What one kind of claim may take. */
  private record Bounds(
      long countPerExperiment, long bytesPerExperiment, long count, long bytes, Duration age) {}

  private final KeptClaims kept;
  private final Clock clock;
  private final Map<Kind, Bounds> bounds;
  private final Map<Kind, Counter> dropped = new EnumMap<>(Kind.class);

  Retention(KeptClaims kept, ResultsConfig config, Clock clock, MeterRegistry registry) {
    this.kept = kept;
    this.clock = clock;
    ResultsConfig.Pending pending = config.pending();
    ResultsConfig.Refuted refuted = config.refuted();
    this.bounds =
        Map.of(
            Kind.PENDING,
            new Bounds(
                pending.countPerExperiment(),
                pending.bytesPerExperiment().asLongValue(),
                pending.count(),
                pending.bytes().asLongValue(),
                pending.retention()),
            Kind.REFUTED,
            new Bounds(
                refuted.countPerExperiment(),
                refuted.bytesPerExperiment().asLongValue(),
                refuted.count(),
                refuted.bytes().asLongValue(),
                refuted.retention()));
    for (Kind kind : Kind.values()) {
      dropped.put(
          kind,
          Counter.builder("gapstream.claims.dropped")
              .description("Claims no longer kept as they came, by age or for want of room")
              .tag("kind", kind.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
  }

  /**
   * Whether an experiment may have one more claim kept; counts it as dropped if not. Joins the
   * transaction.
   *
   * @param bytes of its payload
   */
  boolean hasRoom(Kind kind, String experimentId, long bytes) {
    Bounds most = bounds(kind);
    Usage usage = kept.of(kind, experimentId);
    boolean room =
        usage.count() < most.countPerExperiment && usage.bytes() + bytes <= most.bytesPerExperiment;
    if (!room) {
      count(kind, 1);
    }
    return room;
  }

  /** Drops the oldest if all together take more than they may. Joins the transaction. */
  void makeRoom(Kind kind) {
    Bounds most = bounds(kind);
    Usage usage = kept.ofAll(kind);
    if (usage.count() > most.count || usage.bytes() > most.bytes) {
      count(kind, kept.dropOldest(kind, most.count, most.bytes));
    }
  }

  @Scheduled(
      every = "10m",
      delayed = "1m",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
      skipExecutionIf = Scheduled.ApplicationNotRunning.class)
  void sweep() {
    QuarkusTransaction.requiringNew()
        .run(
            () -> {
              if (kept.lockSweep()) {
                for (Kind kind : Kind.values()) {
                  count(kind, kept.dropBefore(kind, clock.instant().minus(bounds(kind).age)));
                  makeRoom(kind);
                }
              }
            });
  }

  private Bounds bounds(Kind kind) {
    return Objects.requireNonNull(bounds.get(kind));
  }

  private void count(Kind kind, int claims) {
    if (claims > 0) {
      Objects.requireNonNull(dropped.get(kind)).increment(claims);
      LOG.warnf("Claims no longer kept: kind=%s, count=%d", kind, claims);
    }
  }
}
