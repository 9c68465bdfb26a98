package io.gapstream.servicekit;

import io.gapstream.contracts.CloudEvents;
import io.gapstream.contracts.Message;
import io.gapstream.contracts.Topic;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jboss.logging.Logger;

/**
 * Sends messages to one topic over one emitter.
 *
 * @param <M> the topic's messages
 */
public final class EventSender<M extends Message> {

  private static final Logger LOG = Logger.getLogger(EventSender.class);
  private static final Duration FIRST_WAIT = Duration.ofMillis(200);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  private final Topic<M> topic;
  private final MutinyEmitter<byte[]> emitter;
  private final String source;
  private final Clock clock;
  private final Shutdown shutdown;

  /**
   * @param emitter of a channel to the topic
   * @param source the service that sends, for example {@code trainer-service}
   */
  public EventSender(
      Topic<M> topic,
      MutinyEmitter<byte[]> emitter,
      String source,
      Clock clock,
      Shutdown shutdown) {
    this.topic = topic;
    this.emitter = emitter;
    this.source = source;
    this.clock = clock;
    this.shutdown = shutdown;
  }

  /**
   * Sends a message that must not be lost: again and again until the broker has it.
   *
   * @return completes at the broker's acknowledgement; fails only when the record is too large for
   *     the topic, or when the service stops
   */
  public CompletableFuture<Void> send(M message) {
    CloudEvents.Event event = CloudEvents.write(topic, message, source, clock.instant());
    return Uni.createFrom()
        .deferred(() -> emitter.sendMessage(Events.outgoing(event)))
        .onFailure()
        .invoke(
            failure ->
                LOG.warnf(
                    "Message not sent: experimentId=%s, topic=%s, reason=%s",
                    message.experimentId(), topic, failure.getMessage()))
        .onFailure(failure -> !isTooLarge(failure) && !shutdown.begun())
        .retry()
        .withBackOff(FIRST_WAIT, LONGEST_WAIT)
        .indefinitely()
        .subscribeAsCompletionStage();
  }

  private static boolean isTooLarge(Throwable failure) {
    return failure instanceof RecordTooLargeException
        || failure.getCause() instanceof RecordTooLargeException;
  }

  /** Sends a message that may be lost; never waits and never fails. */
  public void tell(M message) {
    try {
      emitter.sendMessageAndForget(Events.outgoing(topic, message, source, clock));
    } catch (RuntimeException e) {
      LOG.debugf(
          "Message dropped: experimentId=%s, topic=%s, reason=%s",
          message.experimentId(), topic, e.getMessage());
    }
  }
}
