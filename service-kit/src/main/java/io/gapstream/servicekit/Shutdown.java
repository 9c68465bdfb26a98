package io.gapstream.servicekit;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Whether the service is stopping. What fails from then on says nothing about a record. */
@Singleton
public final class Shutdown {

  /** Before every other observer: channels, pools and connections are closed after this. */
  static final int FIRST = 1;

  private volatile boolean begun;

  void onStop(@Observes @Priority(FIRST) ShutdownEvent event) {
    begin();
  }

  /** A start that fails fires no {@link ShutdownEvent}. */
  void onEnd(@Observes @Priority(FIRST) @BeforeDestroyed(ApplicationScoped.class) Object event) {
    begin();
  }

  /** From here on the service is stopping. */
  public void begin() {
    begun = true;
  }

  /** Whether the service is stopping. */
  public boolean begun() {
    return begun;
  }
}
