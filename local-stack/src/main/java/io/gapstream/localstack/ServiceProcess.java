package io.gapstream.localstack;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One of the project's services, in a JVM of its own. */
final class ServiceProcess implements RunningPart {

  /** Two processors that start four services at once, on a busy machine. */
  private static final Duration START_LIMIT = Duration.ofSeconds(180);

  /** A service finishes what it holds and gives its partitions back; a frozen one never would. */
  private static final Duration STOP_GRACE = Duration.ofSeconds(5);

  private static final Duration POLL = Duration.ofMillis(150);
  private static final int HTTP_MILLIS = 5_000;

  /** Every answer of a service bears the mark of its process: another program's does not. */
  static final String INSTANCE = "Gapstream-Instance";

  /** Explicit vectors, which the numerics use where the module is there. */
  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  private final ChildJvm child;
  private final int port;
  private final String instance;

  private ServiceProcess(ChildJvm child, int port, String instance) {
    this.child = child;
    this.port = port;
    this.instance = instance;
  }

  /**
   * Starts a service and returns when it is ready.
   *
   * @param part which one
   * @param home takes its log and its process id
   * @param port it listens on, on 127.0.0.1
   * @param environment addresses of the broker and the database
   */
  static ServiceProcess start(Part part, Home home, int port, Map<String, String> environment) {
    Path jar = jar(part);
    Ports.requireFree(port, part.partName());
    String instance = UUID.randomUUID().toString();
    List<String> arguments = new ArrayList<>();
    arguments.add("-Xms24m");
    arguments.add("-Xmx" + heapMegabytes(part) + "m");
    // The child runs on the same Java as this process.
    if (ModuleFinder.ofSystem().find(VECTOR_MODULE).isPresent()) {
      arguments.addAll(List.of("--add-modules", VECTOR_MODULE));
    }
    arguments.addAll(
        List.of(
            "-XX:+UseSerialGC",
            // This collector would let a long loop run without ever stopping for anything: no
            // thread dump, no collection, no answer to the supervisor. G1 has both by itself.
            "-XX:+UseCountedLoopSafepoints",
            "-XX:LoopStripMiningIter=1000",
            // Gives memory back after a large dataset.
            "-XX:MinHeapFreeRatio=15",
            "-XX:MaxHeapFreeRatio=30",
            "-Xshare:auto",
            // A service without memory answers nobody; the supervisor starts it again.
            "-XX:+ExitOnOutOfMemoryError",
            "-Djdk.nio.maxCachedBufferSize=262144",
            "-Djava.awt.headless=true",
            "-Dquarkus.http.host=127.0.0.1",
            "-Dquarkus.http.header.\"" + INSTANCE + "\".value=" + instance,
            "-jar",
            jar.toString()));
    ChildJvm child =
        ChildJvm.start(
            part.partName(),
            home.pidFile(part),
            home.log(part),
            home.logs(),
            arguments,
            environment);
    try {
      awaitReady(part, child, port, instance);
    } catch (RuntimeException e) {
      child.stop(STOP_GRACE);
      throw e;
    }
    return new ServiceProcess(child, port, instance);
  }

  /**
   * The jar that starts a service.
   *
   * @throws StackException if it was not built
   */
  static Path jar(Part part) {
    Path jar =
        ProjectRoot.find().resolve(part.partName()).resolve("target/quarkus-app/quarkus-run.jar");
    if (!Files.isRegularFile(jar)) {
      throw new StackException(jar + " is missing. Build it: ./mvnw -DskipTests package");
    }
    return jar;
  }

  @Override
  public long pid() {
    return child.pid();
  }

  @Override
  public boolean isAlive() {
    return child.isAlive();
  }

  @Override
  public boolean answers() {
    return asks(port, "live", instance);
  }

  @Override
  public void kill() {
    child.kill();
  }

  @Override
  public void close() {
    child.stop(STOP_GRACE);
  }

  /**
   * A dataset of the largest size is 16 MB of numbers and 22 MB as JSON; a worker holds it several
   * times over, and the results service holds the evidence of several workers. The search over
   * cones keeps some hundred thousand of them.
   */
  private static int heapMegabytes(Part part) {
    return switch (part) {
      case DATA_GENERATOR -> 512;
      case RELAXATION_SERVICE -> 1536;
      default -> 768;
    };
  }

  private static void awaitReady(Part part, ChildJvm child, int port, String instance) {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!asks(port, "ready", instance)) {
      child.requireAlive();
      if (System.nanoTime() > deadline) {
        throw new StackException(
            part.partName()
                + " was not ready on port "
                + port
                + " within "
                + START_LIMIT.toSeconds()
                + " s. "
                + child.tail());
      }
      try {
        Thread.sleep(POLL.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StackException("Interrupted while " + part.partName() + " started", e);
      }
    }
    child.requireAlive();
  }

  /** Whether the service says yes, and is the one that was started. */
  static boolean asks(int port, String question, String instance) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + "/q/health/" + question)
                  .toURL()
                  .openConnection();
      connection.setConnectTimeout(HTTP_MILLIS);
      connection.setReadTimeout(HTTP_MILLIS);
      try {
        return connection.getResponseCode() == HttpURLConnection.HTTP_OK
            && instance.equals(connection.getHeaderField(INSTANCE));
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      return false;
    }
  }
}
