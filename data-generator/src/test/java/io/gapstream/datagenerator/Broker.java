package io.gapstream.datagenerator;

import io.gapstream.localstack.KafkaBroker;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
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
    try {
      folder = Files.createTempDirectory("gapstream-data-generator");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run(folder, 0);
    return Map.of("kafka.bootstrap.servers", bootstrapServers());
  }

  @Override
  public void stop() {
    kill();
    delete(Objects.requireNonNull(folder));
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

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
