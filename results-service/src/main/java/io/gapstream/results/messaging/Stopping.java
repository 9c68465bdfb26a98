package io.gapstream.results.messaging;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Whether the service is about to end. What fails from then on says nothing about a message. */
@ApplicationScoped
class Stopping {

  private volatile boolean now;

  void onShutdown(@Observes ShutdownEvent event) {
    now = true;
  }

  boolean now() {
    return now;
  }
}
