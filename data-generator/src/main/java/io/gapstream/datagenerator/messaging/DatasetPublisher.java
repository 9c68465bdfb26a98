package io.gapstream.datagenerator.messaging;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Topic;
import io.gapstream.datagenerator.DataGeneratorConfig;
import io.gapstream.servicekit.Events;
import io.smallrye.reactive.messaging.MutinyEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.jboss.logging.Logger;

/** Sends datasets to the broker. */
@ApplicationScoped
public class DatasetPublisher {

  private static final Logger LOG = Logger.getLogger(DatasetPublisher.class);
  private static final String SOURCE = "data-generator";

  private final MutinyEmitter<byte[]> emitter;
  private final Clock clock;
  private final Duration timeout;

  DatasetPublisher(
      @Channel("datasets") MutinyEmitter<byte[]> emitter, Clock clock, DataGeneratorConfig config) {
    this.emitter = emitter;
    this.clock = clock;
    this.timeout = config.brokerTimeout();
  }

  /**
   * Returns once the broker has acknowledged the dataset. Blocks.
   *
   * @throws NotPublishedException if it does not in time; the dataset may still arrive, which does
   *     no harm, since a repeated request is the same experiment
   */
  public void publish(DatasetMessage dataset) {
    long start = clock.millis();
    try {
      emitter
          .sendMessage(Events.outgoing(Topic.DATASETS, dataset, SOURCE, clock))
          .await()
          .atMost(timeout);
    } catch (RuntimeException e) {
      // The emitter reports a full buffer, a failed delivery and a timeout by different exceptions;
      // to the caller all mean that there is no acknowledgement.
      LOG.warnf(
          "Dataset not acknowledged: experimentId=%s, topic=%s, elapsed=%d ms, reason=%s",
          dataset.experimentId(), Topic.DATASETS, clock.millis() - start, e.toString());
      throw new NotPublishedException(
          "The broker did not acknowledge the dataset; see that it runs and repeat the request. A"
              + " repeated request is the same experiment.",
          e);
    }
    LOG.infof(
        "Dataset published: experimentId=%s, topic=%s, elapsed=%d ms",
        dataset.experimentId(), Topic.DATASETS, clock.millis() - start);
  }
}
