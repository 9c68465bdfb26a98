package io.gapstream.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.sun.net.httpserver.HttpServer;
import io.gapstream.contracts.Topic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Holds docker-compose.yml and the Dockerfiles against what the services read; no engine is needed.
 * A variable that nothing reads would be ignored without a word.
 */
class ComposeFileTest {

  private static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("gapstream.root"), "gapstream.root"));

  private static final Set<String> SERVERS = Set.of("kafka", "postgres");

  private static final Set<String> SERVICES =
      Set.of("data-generator", "relaxation-service", "trainer-service", "results-service");

  private static final Pattern READ = Pattern.compile("\\$\\{(GAPSTREAM_[A-Z_]+)(?::([^}]*))?}");

  /** A name and a version of at least two numbers, or a digest. */
  private static final Pattern PINNED =
      Pattern.compile("[a-z/-]+:[0-9]+[.][0-9][^ ]*|[^ ]+@sha256:[0-9a-f]{64}");

  private static JsonNode services;

  /** What the four services have in common, under the name {@code service}. */
  private static JsonNode common;

  @BeforeAll
  static void readTheFile() throws IOException {
    JsonNode file = new YAMLMapper().readTree(Files.readString(ROOT.resolve("docker-compose.yml")));
    services = file.path("services");
    common = file.path("x-service");
  }

  @Test
  void runsTheServersAndTheFourServicesAndNothingElse() {
    // When
    Set<String> names = new TreeSet<>();
    services.fieldNames().forEachRemaining(names::add);

    // Then
    assertThat(names)
        .containsExactlyInAnyOrder(
            "kafka",
            "postgres",
            "data-generator",
            "relaxation-service",
            "trainer-service",
            "results-service");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"data-generator", "relaxation-service", "trainer-service", "results-service"})
  void setsOnlyWhatTheServiceReads(String service) throws IOException {
    // Given
    Map<String, String> read = defaults(service);

    // When
    List<String> set = new ArrayList<>();
    services.path(service).path("environment").fieldNames().forEachRemaining(set::add);

    // Then
    assertThat(read.keySet()).containsAll(set);
    assertThat(set)
        .contains("GAPSTREAM_KAFKA_BOOTSTRAP_SERVERS")
        .filteredOn(name -> name.startsWith("GAPSTREAM_DATABASE_"))
        .hasSize(service.equals("results-service") ? 3 : 0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"data-generator", "relaxation-service", "trainer-service", "results-service"})
  void publishesThePortOnWhichTheServiceListens(String service) throws IOException {
    // Given
    String port = defaults(service).get("GAPSTREAM_HTTP_PORT");

    // When
    String dockerfile = dockerfile(service);

    // Then
    assertThat(services.path(service).path("ports").get(0).asText())
        .isEqualTo("127.0.0.1:" + port + ":" + port);
    assertThat(dockerfile)
        .contains("ENV GAPSTREAM_HTTP_PORT=" + port + "\n")
        .contains("EXPOSE " + port + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"data-generator", "relaxation-service", "trainer-service", "results-service"})
  void listensBeyondTheContainerAndKnowsItsNameThere(String service) throws IOException {
    // When
    Map<String, String> read = defaults(service);

    // Then
    assertThat(read).containsEntry("GAPSTREAM_HTTP_HOST", "127.0.0.1");
    assertThat(dockerfile(service)).contains("ENV GAPSTREAM_HTTP_HOST=0.0.0.0\n");
    assertThat(
            services
                .path(service)
                .path("environment")
                .path("GAPSTREAM_HTTP_ALLOWED_HOSTS")
                .asText())
        .isEqualTo(service);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"data-generator", "relaxation-service", "trainer-service", "results-service"})
  void buildsAnImageThatIsPinnedAndNotRoot(String service) throws IOException {
    // When
    String dockerfile = dockerfile(service);

    // Then
    assertThat(dockerfile.lines().filter(line -> line.startsWith("FROM ")))
        .isNotEmpty()
        .allMatch(line -> PINNED.matcher(line.substring("FROM ".length())).matches());
    assertThat(dockerfile.lines().filter(line -> line.startsWith("USER ")))
        .hasSize(1)
        .noneMatch(line -> line.startsWith("USER 0") || line.startsWith("USER root"));
    assertThat(dockerfile).contains("HEALTHCHECK").contains("/q/health/ready");
    assertThat(Files.readString(ROOT.resolve(service).resolve(".dockerignore")))
        .isEqualTo("*\n!target/quarkus-app\n");
  }

  @Test
  void killsAServiceThatDoesNotAnswerAnyMoreAndLeavesOneAloneThatStarts(@TempDir Path folder)
      throws Exception {
    // Given: the check of the image, a process that stands for the JVM, and its port
    Set<String> checks = new TreeSet<>();
    for (String service : SERVICES) {
      checks.add(healthcheck(service));
      assertThat(services.path(service).path("<<").asText()).isEqualTo("service");
      assertThat(dockerfile(service)).contains("echo $$ >$d/pid; exec java ");
    }
    assertThat(checks).hasSize(1);
    assertThat(common.path("init").asBoolean()).isTrue();
    assertThat(common.path("restart").asText()).isEqualTo("unless-stopped");
    String check = checks.iterator().next();
    Process victim = new ProcessBuilder("sleep", "120").start();
    Files.createDirectories(folder.resolve("gapstream"));
    Files.writeString(folder.resolve("gapstream/pid"), Long.toString(victim.pid()));

    // When: it does not answer yet
    int port;
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      port = silent.getLocalPort();
      for (int i = 0; i < 2; i++) {
        assertThat(run(check, folder, port)).isNotZero();
      }
    }

    // Then
    assertThat(folder.resolve("gapstream/missed")).doesNotExist();

    // When: it answers
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
    server.createContext(
        "/q/health/",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    int healthy = run(check, folder, port);
    server.stop(0);

    // Then
    assertThat(healthy).isZero();

    // When: it answers no more
    int checksUntilDeath = 0;
    try (ServerSocket silent = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
      while (victim.isAlive() && checksUntilDeath < 20) {
        assertThat(run(check, folder, silent.getLocalPort())).isNotZero();
        checksUntilDeath++;
      }
    }

    // Then
    assertThat(victim.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(victim.exitValue()).isEqualTo(128 + 9);
    assertThat(checksUntilDeath).isBetween(6, 8);
  }

  @Test
  void restartsTheServersToo() {
    for (String server : SERVERS) {
      assertThat(services.path(server).path("init").asBoolean()).as(server).isTrue();
      assertThat(services.path(server).path("restart").asText()).isEqualTo("unless-stopped");
      assertThat(services.path(server).at("/healthcheck/test/3").asText()).contains("kill -9");
    }
  }

  private static String healthcheck(String service) throws IOException {
    Matcher found = Pattern.compile("HEALTHCHECK [^\\[]*CMD (\\[.*])").matcher(dockerfile(service));
    assertThat(found.find()).isTrue();
    JsonNode command = new ObjectMapper().readTree(found.group(1));
    assertThat(command.get(0).asText()).isEqualTo("bash");
    assertThat(command.get(1).asText()).isEqualTo("-c");
    return command.get(2).asText();
  }

  private static int run(String check, Path folder, int port) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", check)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("TMPDIR", folder.toString());
    builder.environment().put("GAPSTREAM_HTTP_PORT", Integer.toString(port));
    return builder.start().waitFor();
  }

  @Test
  void everyImageIsPinned() {
    services.forEach(
        service ->
            assertThat(service.path("image").asText())
                .matches(image -> PINNED.matcher(image).matches()));
  }

  @Test
  void theBrokerTakesTheLargestRecord() {
    // When
    JsonNode environment = services.path("kafka").path("environment");

    // Then
    assertThat(environment.path("KAFKA_MESSAGE_MAX_BYTES").asInt())
        .isEqualTo(Topic.MAX_RECORD_BYTES);
    assertThat(environment.path("KAFKA_REPLICA_FETCH_MAX_BYTES").asInt())
        .isEqualTo(Topic.MAX_RECORD_BYTES);
  }

  @Test
  void whatTheServersKeepOutlivesThem() throws IOException {
    // Given
    Set<String> volumes = new TreeSet<>();
    new YAMLMapper()
        .readTree(Files.readString(ROOT.resolve("docker-compose.yml")))
        .path("volumes")
        .fieldNames()
        .forEachRemaining(volumes::add);

    // Then
    for (String server : SERVERS) {
      assertThat(services.path(server).path("volumes").get(0).asText().split(":")[0]).isIn(volumes);
    }
    assertThat(services.at("/kafka/volumes/0").asText())
        .endsWith(":" + services.at("/kafka/environment/KAFKA_LOG_DIRS").asText());
  }

  @Test
  void nothingIsPublishedBeyondThisMachine() {
    for (JsonNode service : services) {
      for (JsonNode port : service.path("ports")) {
        assertThat(port.asText()).startsWith("127.0.0.1:");
      }
    }
  }

  /** What a service reads from the environment, with the defaults. */
  private static Map<String, String> defaults(String service) throws IOException {
    Path file = ROOT.resolve(service).resolve("src/main/resources/application.properties");
    assertThat(file).exists();
    Map<String, String> defaults = new HashMap<>();
    Matcher matcher = READ.matcher(Files.readString(file));
    while (matcher.find()) {
      defaults.put(matcher.group(1), Objects.requireNonNullElse(matcher.group(2), ""));
    }
    return defaults;
  }

  private static String dockerfile(String service) throws IOException {
    return Files.readString(
        ROOT.resolve(service)
            .resolve(services.path(service).path("build").path("dockerfile").asText()));
  }
}
