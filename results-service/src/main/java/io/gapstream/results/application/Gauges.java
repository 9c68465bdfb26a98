package io.gapstream.results.application;

import io.gapstream.contracts.Verdict;
import io.gapstream.results.store.CertificateRepository;
import io.gapstream.results.store.OutboxRepository;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Numbers about the database as a whole, read every few seconds, so that reading metrics neither
 * waits for the database nor burdens it. Every replica reports the same.
 */
@ApplicationScoped
public class Gauges {

  private static final List<Verdict> OF_CERTIFICATES =
      List.of(Verdict.PENDING, Verdict.VERIFIED, Verdict.REFUTED);

  private final CertificateRepository certificates;
  private final OutboxRepository outbox;
  private final Map<Verdict, AtomicLong> byVerdict = new EnumMap<>(Verdict.class);
  private final AtomicLong backlog;

  Gauges(MeterRegistry registry, CertificateRepository certificates, OutboxRepository outbox) {
    this.certificates = certificates;
    this.outbox = outbox;
    for (Verdict verdict : OF_CERTIFICATES) {
      AtomicLong count = new AtomicLong();
      byVerdict.put(verdict, count);
      Gauge.builder("gapstream.certificates", count, AtomicLong::get)
          .description("Certificates by verdict")
          .tag("verdict", verdict.jsonName())
          .strongReference(true)
          .register(registry);
    }
    backlog = new AtomicLong();
    Gauge.builder("gapstream.outbox.backlog", backlog, AtomicLong::get)
        .description("Certificates that the broker has not acknowledged yet")
        .strongReference(true)
        .register(registry);
  }

  @Scheduled(
      every = "5s",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
      skipExecutionIf = Scheduled.ApplicationNotRunning.class)
  @Transactional
  void count() {
    certificates.foldTally();
    Map<Verdict, Long> counts = certificates.countByVerdict();
    byVerdict.forEach((verdict, count) -> count.set(counts.getOrDefault(verdict, 0L)));
    backlog.set(outbox.backlog());
  }
}
