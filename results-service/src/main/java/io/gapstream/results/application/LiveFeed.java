package io.gapstream.results.application;

import io.gapstream.contracts.ProgressMessage;
import io.gapstream.results.ResultsConfig;
import io.gapstream.results.store.ChangeListener;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.jboss.logging.Logger;

/**
 * What live readers of this replica see: certificates as they are after each committed change,
 * whichever replica made it, and progress. When changes may have gone unheard, every stream is
 * ended, because a reader that comes back reads the current state first.
 */
@ApplicationScoped
public class LiveFeed {

  private static final Logger LOG = Logger.getLogger(LiveFeed.class);

  /** Something to show. */
  public sealed interface Event {

    /** Whose. */
    String experimentId();

    /** A certificate as it is now. */
    record Changed(Certificate certificate) implements Event {
      @Override
      public String experimentId() {
        return certificate.experimentId();
      }
    }

    /** Where a job stands. */
    record Progress(ProgressMessage message) implements Event {
      @Override
      public String experimentId() {
        return message.experimentId();
      }
    }
  }

  private final Certificates certificates;
  private final int buffer;
  private volatile boolean stopped;
  private volatile BroadcastProcessor<Event> readers = BroadcastProcessor.create();

  LiveFeed(Certificates certificates, ResultsConfig config) {
    this.certificates = certificates;
    this.buffer = config.streamBuffer();
  }

  /**
   * Events from now on; none once the service stops. Fails for a reader that falls too far behind.
   */
  public Multi<Event> events() {
    return Multi.createFrom()
        .deferred(() -> stopped ? Multi.createFrom().<Event>empty() : readers)
        .onOverflow()
        .buffer(buffer);
  }

  /** Shows where a job stands. */
  public void progress(ProgressMessage message) {
    readers.onNext(new Event.Progress(message));
  }

  void changed(@Observes ChangeListener.Changed changes) {
    try {
      certificates
          .current(changes.experimentIds())
          .forEach(certificate -> readers.onNext(new Event.Changed(certificate)));
    } catch (RuntimeException e) {
      LOG.warnf("Changes not shown, live streams start again: reason=%s", e.getMessage());
      restart();
    }
  }

  // A stream has no end of its own: one that is open would hold the service until it is killed.
  void stopping(@Observes ShutdownDelayInitiatedEvent event) {
    stop();
  }

  void stopping(@Observes ShutdownEvent event) {
    stop();
  }

  private void stop() {
    stopped = true;
    restart();
  }

  void missed(@Observes ChangeListener.Missed missed) {
    restart();
  }

  private void restart() {
    BroadcastProcessor<Event> ended = readers;
    readers = BroadcastProcessor.create();
    ended.onComplete();
  }
}
