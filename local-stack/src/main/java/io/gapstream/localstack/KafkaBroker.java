package io.gapstream.localstack;

import io.gapstream.contracts.Topic;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker in a JVM of its own: one node, KRaft, on 127.0.0.1. Its data stay in the
 * folder it is given and are there again when a broker is started in the same folder.
 */
public final class KafkaBroker implements RunningPart {

  private static final String HOST = "127.0.0.1";
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  /** Closing its logs takes a second; a broker that is killed recovers them. */
  private static final Duration STOP_GRACE = Duration.ofSeconds(5);

  private static final int PROBE_MILLIS = 5_000;
  private static final Duration POLL = Duration.ofMillis(100);

  /** Another program may take a port between the look and the broker's start. */
  private static final int TRIES_WITH_FREE_PORTS = 3;

  /** What a record batch adds to the record it carries. */
  private static final int BATCH_OVERHEAD_BYTES = 64 * 1024;

  private final ChildJvm child;
  private final int port;

  /** Asks whether it still answers; made when somebody wants to know. */
  private @Nullable Admin probe;

  private KafkaBroker(ChildJvm child, int port) {
    this.child = child;
    this.port = port;
  }

  /**
   * Starts a broker and returns when it answers.
   *
   * @param dataDir holds its data and its log; made if absent; a folder of its own
   * @param port on 127.0.0.1; 0 picks a free one
   * @throws StackException if the port is taken, the folder is in use or the broker does not start
   */
  public static KafkaBroker start(Path dataDir, int port) {
    return start(dataDir, dataDir.resolve("broker.log"), port);
  }

  static KafkaBroker start(Path dataDir, Path log, int port) {
    Path folder = dataDir.toAbsolutePath().normalize();
    try {
      PrivateFiles.makeFolder(folder);
    } catch (IOException e) {
      throw new StackException("Could not make the broker's folder " + folder, e);
    }
    endOrphan(folder);
    if (port != 0) {
      Ports.requireFree(port, "the Kafka broker");
    }
    for (int attempt = 1; ; attempt++) {
      int chosen = port == 0 ? Ports.free() : port;
      int controller = Ports.free();
      try {
        return startOn(folder, log, chosen, controller);
      } catch (StackException e) {
        boolean anotherMayDo = !Ports.isFree(controller) || (port == 0 && !Ports.isFree(chosen));
        if (attempt == TRIES_WITH_FREE_PORTS || !anotherMayDo) {
          throw e;
        }
      }
    }
  }

  /** Ends the broker that an earlier, killed run left in this folder; gives its process id. */
  static Optional<Long> endOrphan(Path dataDir) {
    return ProcessRecord.endOrphan(pidFile(dataDir), STOP_GRACE);
  }

  /** For a client's {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return HOST + ":" + port;
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** Its process id. */
  @Override
  public long pid() {
    return child.pid();
  }

  /** Whether its process runs. */
  @Override
  public boolean isAlive() {
    return child.isAlive();
  }

  @Override
  public boolean answers() {
    try {
      return !probe().describeCluster().nodes().get(PROBE_MILLIS, TimeUnit.MILLISECONDS).isEmpty();
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized Admin probe() {
    Admin known = probe;
    if (known == null) {
      known = admin(port, PROBE_MILLIS, PROBE_MILLIS);
      probe = known;
    }
    return known;
  }

  /** Kills it without warning, as a power cut of its machine would; for tests of recovery. */
  @Override
  public void kill() {
    child.kill();
  }

  /** Stops it in order, and kills it where that takes too long. Its data stay. */
  @Override
  public void close() {
    synchronized (this) {
      if (probe != null) {
        probe.close(Duration.ZERO);
        probe = null;
      }
    }
    child.stop(STOP_GRACE);
  }

  private static Admin admin(int port, int requestMillis, int callMillis) {
    return Admin.create(
        Map.of(
            AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
            HOST + ":" + port,
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
            Integer.toString(requestMillis),
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            Integer.toString(callMillis)));
  }

  private static KafkaBroker startOn(Path folder, Path log, int port, int controllerPort) {
    Path lib = ProjectRoot.find().resolve("local-stack/broker/target/lib");
    if (!Files.isDirectory(lib)) {
      throw new StackException(
          lib + " is missing. Build it: ./mvnw -pl local-stack/broker generate-resources");
    }
    String clusterId = writeSettings(folder, port, controllerPort);
    List<String> arguments =
        List.of(
            "-Xms48m",
            "-Xmx384m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            // Without it every I/O thread keeps a direct buffer as large as its largest record.
            "-Djdk.nio.maxCachedBufferSize=262144",
            "-Djava.awt.headless=true",
            "-Dlog4j2.configurationFile=log4j2.properties",
            "-cp",
            lib + "/*" + ":" + ownClasses(),
            BrokerMain.class.getName(),
            "server.properties",
            clusterId);
    ChildJvm child =
        ChildJvm.start(
            "The Kafka broker", pidFile(folder), log.toAbsolutePath(), folder, arguments, Map.of());
    try {
      awaitReady(child, port, clusterId);
    } catch (RuntimeException e) {
      child.stop(STOP_GRACE);
      throw e;
    }
    return new KafkaBroker(child, port);
  }

  private static Path pidFile(Path folder) {
    return folder.resolve("broker.pid");
  }

  private static Path ownClasses() {
    Path classes = ProjectRoot.find().resolve("local-stack/target/classes");
    if (!Files.isDirectory(classes)) {
      throw new StackException(classes + " is missing. Build it: ./mvnw -pl local-stack compile");
    }
    return classes;
  }

  private static String writeSettings(Path folder, int port, int controllerPort) {
    Properties broker = new Properties();
    broker.putAll(
        Map.of(
            "process.roles", "broker,controller",
            "node.id", "1",
            "listeners",
                "PLAINTEXT://" + HOST + ":" + port + ",CONTROLLER://" + HOST + ":" + controllerPort,
            "advertised.listeners", "PLAINTEXT://" + HOST + ":" + port,
            "controller.listener.names", "CONTROLLER",
            "listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            // Static voters, so that the controller may have another port at every start.
            "controller.quorum.voters", "1@" + HOST + ":" + controllerPort,
            // Relative to the working directory: a comma in a path would make it two folders.
            "log.dirs", "data"));
    broker.putAll(
        Map.of(
            "auto.create.topics.enable",
            "false",
            "message.max.bytes",
            Integer.toString(Topic.MAX_RECORD_BYTES + BATCH_OVERHEAD_BYTES),
            "replica.fetch.max.bytes",
            Integer.toString(Topic.MAX_RECORD_BYTES + BATCH_OVERHEAD_BYTES),
            "socket.request.max.bytes",
            Integer.toString(2 * Topic.MAX_RECORD_BYTES),
            "socket.send.buffer.bytes",
            "1048576",
            "socket.receive.buffer.bytes",
            "1048576"));
    // One node: every internal topic has one copy, and few partitions open few files.
    broker.putAll(
        Map.of(
            "offsets.topic.replication.factor", "1",
            "offsets.topic.num.partitions", "4",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            "transaction.state.log.num.partitions", "4",
            "share.coordinator.state.topic.replication.factor", "1",
            "share.coordinator.state.topic.min.isr", "1"));
    // After a kill the broker and its consumers are let in again after seconds, not a minute.
    broker.putAll(
        Map.of(
            "broker.session.timeout.ms", "2000",
            "broker.heartbeat.interval.ms", "500",
            "group.initial.rebalance.delay.ms", "0",
            "group.consumer.min.session.timeout.ms", "3000",
            "group.consumer.session.timeout.ms", "6000",
            "group.consumer.min.heartbeat.interval.ms", "500",
            "group.consumer.heartbeat.interval.ms", "1000"));
    // Fits a small heap and two processors.
    broker.putAll(
        Map.of(
            "log.cleaner.dedupe.buffer.size", "2097152",
            "log.index.size.max.bytes", "1048576",
            "num.network.threads", "2",
            "num.io.threads", "4",
            "background.threads", "2"));
    Properties logging = new Properties();
    logging.putAll(
        Map.of(
            "status", "error",
            "appender.console.type", "Console",
            "appender.console.name", "console",
            "appender.console.layout.type", "PatternLayout",
            "appender.console.layout.pattern", "%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p %m (%c)%n",
            "rootLogger.level", "warn",
            "rootLogger.appenderRefs", "console",
            "rootLogger.appenderRef.console.ref", "console"));
    try {
      store(broker, folder.resolve("server.properties"));
      store(logging, folder.resolve("log4j2.properties"));
      return clusterId(folder.resolve("cluster-id"));
    } catch (IOException e) {
      throw new StackException("Could not write the broker's settings into " + folder, e);
    }
  }

  private static void store(Properties values, Path file) throws IOException {
    try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      values.store(writer, null);
    }
  }

  private static String clusterId(Path file) throws IOException {
    if (Files.exists(file)) {
      String known = Files.readString(file).strip();
      if (!known.isEmpty()) {
        return known;
      }
    }
    String fresh = Uuid.randomUuid().toString();
    Files.writeString(file, fresh);
    return fresh;
  }

  /**
   * Waits until the broker answers as the cluster that was asked for: an open port alone could be
   * another program's.
   */
  private static void awaitReady(ChildJvm child, int port, String clusterId) {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!Ports.accepts(port)) {
      pause(child, deadline);
    }
    try (Admin admin = admin(port, 5_000, 10_000)) {
      while (true) {
        try {
          String answered = admin.describeCluster().clusterId().get(10, TimeUnit.SECONDS);
          int nodes = admin.describeCluster().nodes().get(10, TimeUnit.SECONDS).size();
          child.requireAlive();
          if (!clusterId.equals(answered)) {
            throw new StackException(
                "Port "
                    + port
                    + " answers as Kafka cluster "
                    + answered
                    + ", not as "
                    + clusterId
                    + ". Stop that broker.");
          }
          if (nodes > 0) {
            return;
          }
        } catch (ExecutionException | TimeoutException e) {
          // Not yet: the broker opens its port before it has joined its own controller.
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new StackException("Interrupted while the Kafka broker started", e);
        }
        pause(child, deadline);
      }
    }
  }

  private static void pause(ChildJvm child, long deadline) {
    child.requireAlive();
    if (System.nanoTime() > deadline) {
      throw new StackException(
          "The Kafka broker did not answer within "
              + START_LIMIT.toSeconds()
              + " s. "
              + child.tail());
    }
    try {
      Thread.sleep(POLL.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while the Kafka broker started", e);
    }
  }
}
