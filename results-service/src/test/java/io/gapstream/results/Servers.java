package io.gapstream.results;

import io.gapstream.localstack.KafkaBroker;
import io.gapstream.localstack.PostgresServer;
import io.gapstream.servicekit.TestFolders;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.Map;

/** A real broker and a real PostgreSQL, which can be killed and started again where they were. */
@SuppressWarnings("NullAway.Init") // started before any test
public final class Servers implements QuarkusTestResourceLifecycleManager {

  private static Path folder;
  private static KafkaBroker broker;
  private static PostgresServer postgres;

  public static KafkaBroker broker() {
    return broker;
  }

  public static PostgresServer postgres() {
    return postgres;
  }

  /** Starts the killed broker on its data and its port. */
  public static void restartBroker() {
    broker = KafkaBroker.start(folder.resolve("kafka"), broker.port());
  }

  /** Starts the killed database on its data and its port. */
  public static void restartPostgres() {
    postgres.close(); // releases what the handle of the killed server holds in this JVM
    postgres = PostgresServer.start(folder.resolve("postgres"), postgres.port());
  }

  @Override
  public Map<String, String> start() {
    folder = TestFolders.create();
    broker = KafkaBroker.start(folder.resolve("kafka"), 0);
    postgres = PostgresServer.start(folder.resolve("postgres"), 0);
    return Map.of(
        "kafka.bootstrap.servers", broker.bootstrapServers(),
        "quarkus.datasource.jdbc.url", postgres.jdbcUrl(),
        "quarkus.datasource.username", postgres.user(),
        "quarkus.datasource.password", postgres.password());
  }

  @Override
  public void stop() {
    postgres.close();
    broker.close();
    TestFolders.delete(folder);
  }
}
