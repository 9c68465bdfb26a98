package io.gapstream.servicekit;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.vertx.http.HttpServerStart;
import io.smallrye.mutiny.Multi;
import io.smallrye.reactive.messaging.ChannelRegistry;
import io.smallrye.reactive.messaging.PausableChannel;
import io.smallrye.reactive.messaging.PublisherDecorator;
import io.smallrye.reactive.messaging.SubscriberDecorator;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.enterprise.inject.Instance;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/**
 * When records come in: from the moment at which the service answers requests, which is after its
 * schema is there and its port is its own, to the moment at which it is told to stop. A channel
 * that ends in between never opens again, so the process must.
 */
@ApplicationScoped
class Channels implements PublisherDecorator, SubscriberDecorator {

  private static final Logger LOG = Logger.getLogger(Channels.class);

  private final Instance<ChannelRegistry> registry;
  private final Shutdown shutdown;
  private final RestartNeeded restart;

  Channels(Instance<ChannelRegistry> registry, Shutdown shutdown, RestartNeeded restart) {
    this.registry = registry;
    this.shutdown = shutdown;
    this.restart = restart;
  }

  void open(@ObservesAsync HttpServerStart event) {
    each(PausableChannel::resume);
    LOG.info("Requests are answered and records are taken");
  }

  void close(@Observes @Priority(Shutdown.FIRST) ShutdownEvent event) {
    each(PausableChannel::pause);
  }

  private void each(Consumer<PausableChannel> action) {
    for (String name : registry.get().getIncomingNames()) {
      PausableChannel channel = registry.get().getPausable(name);
      if (channel != null) {
        action.accept(channel);
      }
    }
  }

  /** Watches what comes from the broker and what goes to it, alike. */
  @Override
  public Multi<? extends Message<?>> decorate(
      Multi<? extends Message<?>> publisher, List<String> names, boolean isConnector) {
    if (!isConnector) {
      return publisher;
    }
    return publisher
        .onTermination()
        .invoke(
            (failure, cancelled) -> {
              if (!shutdown.begun()) {
                restart.because("the channel " + names + " ended: " + failure);
              }
            });
  }

  @Override
  public int getPriority() {
    return PublisherDecorator.super.getPriority();
  }
}
