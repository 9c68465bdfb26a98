package io.gapstream.servicekit;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.fault.KafkaDeadLetterQueue;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;
import io.smallrye.reactive.messaging.kafka.impl.ReactiveKafkaProducer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a record that failed. It is set aside where the fault lies in the record: written
 * to the dead letters, however long that takes, and then acknowledged. Where the fault lies
 * elsewhere the record is neither set aside nor acknowledged, and comes again. The channel goes on
 * in either case.
 */
final class DeadLetters implements KafkaFailureHandler {

  /** Says that the record was too large to be set aside whole; it is where it came from. */
  static final String VALUE_LEFT_OUT = "dead-letter-value-left-out";

  private static final Logger LOG = Logger.getLogger(DeadLetters.class);
  private static final Duration FIRST_WAIT = Duration.ofMillis(500);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
  private static final int MOST_REASON = 2000;

  private final String topic;
  private final ReactiveKafkaProducer<Object, Object> producer;
  private final Shutdown shutdown;
  private final RestartNeeded restart;

  DeadLetters(
      String topic,
      ReactiveKafkaProducer<Object, Object> producer,
      Shutdown shutdown,
      RestartNeeded restart) {
    this.topic = topic;
    this.producer = producer;
    this.shutdown = shutdown;
    this.restart = restart;
  }

  @Override
  public <K, V> Uni<Void> handle(
      IncomingKafkaRecord<K, V> record, Throwable failure, @Nullable Metadata metadata) {
    boolean comesAgain = shutdown.begun() || PassingFailure.is(failure);
    return (comesAgain ? giveBack(record, failure) : setAside(record, failure))
        .emitOn(record::runOnMessageContext);
  }

  private Uni<Void> giveBack(IncomingKafkaRecord<?, ?> record, Throwable failure) {
    LOG.infof(
        "Record given back: topic=%s, partition=%d, offset=%d, reason=%s",
        record.getTopic(), record.getPartition(), record.getOffset(), failure.getMessage());
    if (!shutdown.begun() && !(failure instanceof JobStoppedException)) {
      // The partition is still this service's, so only its next owner gets the record again.
      restart.because("a record of " + record.getTopic() + " could not be worked on: " + failure);
    }
    return Uni.createFrom().voidItem();
  }

  private Uni<Void> setAside(IncomingKafkaRecord<?, ?> record, Throwable failure) {
    LOG.warnf(
        "Record set aside: topic=%s, partition=%d, offset=%d, deadLetters=%s, reason=%s",
        record.getTopic(), record.getPartition(), record.getOffset(), topic, reason(failure));
    return Uni.createFrom()
        .deferred(() -> write(record, failure))
        .onFailure()
        .invoke(e -> LOG.warnf("Dead letter not written: deadLetters=%s, reason=%s", topic, e))
        .onFailure(e -> !shutdown.begun())
        .retry()
        .withBackOff(FIRST_WAIT, LONGEST_WAIT)
        .indefinitely()
        .onItemOrFailure()
        .transformToUni(
            (written, stopped) ->
                stopped == null
                    ? Uni.createFrom().completionStage(record.ack())
                    : Uni.createFrom().voidItem());
  }

  private Uni<RecordMetadata> write(IncomingKafkaRecord<?, ?> record, Throwable failure) {
    return producer
        .send(letter(record, record.getPayload(), failure))
        .onFailure(RecordTooLargeException.class)
        .recoverWithUni(
            tooLarge -> {
              ProducerRecord<Object, Object> letter = letter(record, null, failure);
              header(letter, VALUE_LEFT_OUT, String.valueOf(tooLarge.getMessage()));
              return producer.send(letter);
            });
  }

  /** With the headers that the connector's own strategy writes. */
  private ProducerRecord<Object, Object> letter(
      IncomingKafkaRecord<?, ?> record, @Nullable Object value, Throwable failure) {
    ProducerRecord<Object, Object> letter = new ProducerRecord<>(topic, record.getKey(), value);
    header(
        letter,
        KafkaDeadLetterQueue.DEAD_LETTER_EXCEPTION_CLASS_NAME,
        failure.getClass().getName());
    header(letter, KafkaDeadLetterQueue.DEAD_LETTER_REASON, reason(failure));
    Throwable cause = failure.getCause();
    if (cause != null) {
      header(letter, KafkaDeadLetterQueue.DEAD_LETTER_CAUSE_CLASS_NAME, cause.getClass().getName());
      header(letter, KafkaDeadLetterQueue.DEAD_LETTER_CAUSE, reason(cause));
    }
    header(letter, KafkaDeadLetterQueue.DEAD_LETTER_TOPIC, record.getTopic());
    header(
        letter,
        KafkaDeadLetterQueue.DEAD_LETTER_PARTITION,
        Integer.toString(record.getPartition()));
    header(letter, KafkaDeadLetterQueue.DEAD_LETTER_OFFSET, Long.toString(record.getOffset()));
    record.getHeaders().forEach(letter.headers()::add);
    return letter;
  }

  private static String reason(Throwable failure) {
    String text = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return text.length() <= MOST_REASON ? text : text.substring(0, MOST_REASON);
  }

  private static void header(ProducerRecord<?, ?> letter, String name, String value) {
    letter.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void terminate() {
    producer.close();
  }
}
