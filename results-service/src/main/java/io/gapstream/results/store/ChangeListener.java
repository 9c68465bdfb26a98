package io.gapstream.results.store;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * Hears of every committed change of a certificate, whichever replica made it, through PostgreSQL's
 * LISTEN on a connection of its own. What happens while that connection is down is not heard;
 * {@link Missed} says so, and the live streams then start again from the current state.
 */
@ApplicationScoped
public class ChangeListener {

  static final String CHANNEL = "gapstream_certificates";

  private static final Logger LOG = Logger.getLogger(ChangeListener.class);
  private static final Duration WAIT = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /**
   * Certificates changed.
   *
   * @param experimentIds whose
   */
  public record Changed(Set<String> experimentIds) {}

  /** Changes may have gone unheard. */
  public record Missed() {}

  private final DataSource dataSource;
  private final Event<Changed> changed;
  private final Event<Missed> missed;
  private volatile boolean stopping;
  private @Nullable Thread thread;

  ChangeListener(DataSource dataSource, Event<Changed> changed, Event<Missed> missed) {
    this.dataSource = dataSource;
    this.changed = changed;
    this.missed = missed;
  }

  void start(@Observes StartupEvent event) {
    Thread started = new Thread(this::listenUntilStopped, "certificate-changes");
    started.setDaemon(true);
    started.start();
    thread = started;
  }

  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    stopping = true;
    Thread started = thread;
    if (started != null) {
      started.interrupt();
      started.join(2 * WAIT.toMillis());
    }
  }

  private void listenUntilStopped() {
    while (!stopping) {
      try (Connection connection = dataSource.getConnection()) {
        listen(connection);
      } catch (SQLException | RuntimeException e) {
        if (!stopping) {
          LOG.warnf(
              "Change listener lost its connection and tries again: reason=%s", e.getMessage());
          pause();
        }
      }
    }
  }

  private void listen(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("listen " + CHANNEL);
      missed.fire(new Missed());
      PGConnection postgres = connection.unwrap(PGConnection.class);
      while (!stopping) {
        PGNotification[] notifications = postgres.getNotifications((int) WAIT.toMillis());
        if (notifications != null && notifications.length > 0) {
          changed.fire(
              new Changed(
                  Arrays.stream(notifications)
                      .map(PGNotification::getParameter)
                      .collect(Collectors.toUnmodifiableSet())));
        }
      }
      statement.execute("unlisten " + CHANNEL);
    }
  }

  private void pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      // Only stop() interrupts, and the loop then ends by itself.
      LOG.debug("Change listener stops");
    }
  }
}
