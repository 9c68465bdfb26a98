package io.gapstream.results.messaging;

import io.gapstream.contracts.CertificateMessage;
import io.gapstream.contracts.CloudEvents;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.Topic;
import io.gapstream.results.ResultsConfig;
import io.gapstream.results.store.OutboxEntity;
import io.gapstream.results.store.OutboxRepository;
import io.gapstream.servicekit.Events;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.jboss.logging.Logger;

/**
 * Sends what stands in the outbox: each version of each certificate at least once, and the versions
 * of one certificate in order. What the broker did not acknowledge stays and is sent again.
 */
@ApplicationScoped
public class CertificateRelay {

  private static final Logger LOG = Logger.getLogger(CertificateRelay.class);
  private static final String SOURCE = "results-service";

  private final OutboxRepository outbox;
  private final MutinyEmitter<byte[]> certificates;
  private final ResultsConfig config;
  private final Clock clock;

  CertificateRelay(
      OutboxRepository outbox,
      @Channel("certificates") MutinyEmitter<byte[]> certificates,
      ResultsConfig config,
      Clock clock) {
    this.outbox = outbox;
    this.certificates = certificates;
    this.config = config;
    this.clock = clock;
  }

  @Scheduled(
      every = "1s",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
      skipExecutionIf = Scheduled.ApplicationNotRunning.class)
  void relay() {
    try {
      while (QuarkusTransaction.requiringNew().timeout(120).call(this::sendBatch) > 0) {
        // A batch holds one version of each experiment; the next ones follow.
      }
    } catch (RuntimeException e) {
      LOG.warnf("Certificates not sent, trying again: topic=%s, reason=%s", Topic.CERTIFICATES, e);
    }
  }

  @Scheduled(
      every = "1h",
      delayed = "1m",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
      skipExecutionIf = Scheduled.ApplicationNotRunning.class)
  void forget() {
    QuarkusTransaction.requiringNew()
        .call(() -> outbox.forgetSentBefore(clock.instant().minus(config.outboxRetention())));
  }

  /** Sends one batch and says how many it held; throws if any of it was not acknowledged. */
  private int sendBatch() {
    List<OutboxEntity> batch = outbox.lockHeads(config.outboxBatch());
    if (batch.isEmpty()) {
      return 0;
    }
    // One alone first: without a broker the others would queue up behind it and go out late.
    acknowledged(batch.subList(0, 1));
    acknowledged(batch.subList(1, batch.size()));
    batch.forEach(letter -> letter.sentAt = clock.instant());
    return batch.size();
  }

  private void acknowledged(List<OutboxEntity> letters) {
    if (!letters.isEmpty()) {
      Uni.join()
          .all(letters.stream().map(this::send).toList())
          .andCollectFailures()
          .await()
          .atMost(config.outboxTimeout());
    }
  }

  private Uni<Void> send(OutboxEntity letter) {
    CertificateMessage message = MessageJson.read(letter.payload, CertificateMessage.class);
    return certificates.sendMessage(
        Events.outgoing(CloudEvents.write(Topic.CERTIFICATES, message, SOURCE, message.at())));
  }
}
