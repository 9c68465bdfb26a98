package io.gapstream.datagenerator;

import io.gapstream.localstack.KafkaBroker;
import io.gapstream.servicekit.TestFolders;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker of this module's own, so that a test may stop it and start it again. The
 * framework calls it from another class loader than the tests, hence the system properties.
 */
public final class Broker implements QuarkusTestResourceLifecycleManager {

  private static final String FOLDER = "gapstream.test.broker.folder";
  private static final String PORT = "gapstream.test.broker.port";
  private static final String PID = "gapstream.test.broker.pid";

  private @Nullable Path folder;

  @Override
  public Map<String, String> start() {
    folder = TestFolders.create();
    run(folder, 0);
    // The service's own timeouts, a third as long: the test of an outage waits for all of them.
    return Map.of(
        "kafka.bootstrap.servers",
        bootstrapServers(),
        "mp.messaging.outgoing.datasets.max.block.ms",
        "2000",
        "mp.messaging.outgoing.datasets.request.timeout.ms",
        "3000",
        "mp.messaging.outgoing.datasets.delivery.timeout.ms",
        "5000",
        "gapstream.broker-timeout",
        "7s");
  }

  @Override
  public void stop() {
    kill();
    TestFolders.delete(Objects.requireNonNull(folder));
  }

  private static void run(Path folder, int port) {
    KafkaBroker broker = KafkaBroker.start(folder, port);
    System.setProperty(FOLDER, folder.toString());
    System.setProperty(PORT, Integer.toString(broker.port()));
    System.setProperty(PID, Long.toString(broker.pid()));
  }

  /** For a client's {@code bootstrap.servers}. */
  static String bootstrapServers() {
    return "127.0.0.1:" + System.getProperty(PORT);
  }

  /** Ends the broker's process without warning. */
  static void kill() {
    ProcessHandle.of(Long.getLong(PID))
        .ifPresent(
            process -> {
              process.destroyForcibly();
              process.onExit().join();
            });
  }

  /** Starts a broker with the same data on the same port. */
  static void startAgain() {
    run(Path.of(System.getProperty(FOLDER)), Integer.getInteger(PORT));
  }
}
