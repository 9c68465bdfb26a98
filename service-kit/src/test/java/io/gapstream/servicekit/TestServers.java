package io.gapstream.servicekit;

import io.gapstream.localstack.KafkaBroker;
import io.gapstream.localstack.PostgresServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker for the tests of a service, and a real PostgreSQL where the argument {@code
 * database} is {@code true}, both on free ports.
 */
public final class TestServers implements QuarkusTestResourceLifecycleManager {

  private boolean database;
  private @Nullable Path folder;
  private @Nullable KafkaBroker broker;
  private @Nullable PostgresServer postgres;

  @Override
  public void init(Map<String, String> arguments) {
    database = Boolean.parseBoolean(arguments.get("database"));
  }

  @Override
  public Map<String, String> start() {
    Path data = TestFolders.create();
    folder = data;
    Map<String, String> configuration = new HashMap<>();
    KafkaBroker kafka = KafkaBroker.start(data.resolve("kafka"), 0);
    broker = kafka;
    configuration.put("kafka.bootstrap.servers", kafka.bootstrapServers());
    if (database) {
      PostgresServer server = PostgresServer.start(data.resolve("postgres"), 0);
      postgres = server;
      configuration.put("quarkus.datasource.jdbc.url", server.jdbcUrl());
      configuration.put("quarkus.datasource.username", server.user());
      configuration.put("quarkus.datasource.password", server.password());
    }
    return configuration;
  }

  @Override
  public void stop() {
    if (postgres != null) {
      postgres.close();
    }
    if (broker != null) {
      broker.close();
    }
    if (folder != null) {
      TestFolders.delete(folder);
    }
  }
}
