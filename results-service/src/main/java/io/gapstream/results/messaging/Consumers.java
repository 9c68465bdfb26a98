package io.gapstream.results.messaging;

import io.gapstream.contracts.Topic;
import io.gapstream.results.application.Intake;
import io.gapstream.results.application.LiveFeed;
import io.gapstream.servicekit.Events;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * What comes in. A record is acknowledged when its method returns, which is after the commit;
 * records may be taken in any order and more than once, the outcome is the same.
 */
@ApplicationScoped
public class Consumers {

  private static final String POOL = "verification";

  private final Intake intake;
  private final LiveFeed feed;

  Consumers(Intake intake, LiveFeed feed) {
    this.intake = intake;
    this.feed = feed;
  }

  @Incoming("datasets")
  @Blocking(value = POOL, ordered = false)
  @UntilDatabaseAnswers
  Uni<Void> dataset(ConsumerRecord<String, byte[]> record) {
    intake.dataset(Events.incoming(Topic.DATASETS, record), EventTime.of(record));
    return Uni.createFrom().voidItem();
  }

  @Incoming("relaxations")
  @Blocking(value = POOL, ordered = false)
  @UntilDatabaseAnswers
  Uni<Void> relaxation(ConsumerRecord<String, byte[]> record) {
    intake.relaxation(Events.incoming(Topic.RELAXATIONS, record), record.value());
    return Uni.createFrom().voidItem();
  }

  @Incoming("trainings")
  @Blocking(value = POOL, ordered = false)
  @UntilDatabaseAnswers
  Uni<Void> training(ConsumerRecord<String, byte[]> record) {
    intake.training(Events.incoming(Topic.TRAININGS, record), record.value());
    return Uni.createFrom().voidItem();
  }

  @Incoming("progress")
  void progress(ConsumerRecord<String, byte[]> record) {
    feed.progress(Events.incoming(Topic.PROGRESS, record));
  }
}
