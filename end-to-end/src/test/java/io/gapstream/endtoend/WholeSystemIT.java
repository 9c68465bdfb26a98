package io.gapstream.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.gapstream.contracts.CertificateMessage;
import io.gapstream.contracts.Curve;
import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Environment;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.NetworkWeights;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.Status;
import io.gapstream.contracts.Topic;
import io.gapstream.contracts.TrainingMessage;
import io.gapstream.contracts.TrainingMethod;
import io.gapstream.localstack.Home;
import io.gapstream.localstack.StackState;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The packaged services on a real broker and a real database, each in a process of its own. What is
 * expected comes from outside of them: the records on the broker, the rows in the database, the
 * processes of the operating system, and problem (P) written out by hand.
 */
@Timeout(180)
@SuppressWarnings("NullAway.Init") // set before any test
final class WholeSystemIT {

  /** Data, and nobody who works on them. */
  private static final String DATA_ONLY =
      """
      {
        "name": "%s",
        "generator": {"n": 40, "d": %d, "labels": "teacher", "seed": %d},
        "betaFraction": 0.1,
        "plan": {"relaxation": {"methods": []}, "training": {"methods": []}}
      }
      """;

  /**
   * Small enough that every solver meets its stopping test, so that work done again is the same.
   */
  private static final String SMALL =
      """
      {
        "name": "%s",
        "generator": {"n": 20, "d": 3, "labels": "teacher", "teacherNeurons": 2, "noise": 0.1, "seed": 4},
        "betaFraction": 0.2,
        "plan": {
          "relaxation": {"methods": ["lifted", "gated", "cone-decomposition", "column-generation"], "patterns": 20, "seed": %d, "budgetSeconds": 60},
          "training": {"methods": ["adam", "gradient-descent"], "widths": [8], "seeds": [1], "steps": 100, "budgetSeconds": 60}
        }
      }
      """;

  /** One second for each of eight runs, which none of them can finish in. */
  private static final String LONG =
      """
      {
        "name": "long",
        "generator": {"n": 400, "d": 20, "labels": "teacher", "teacherNeurons": 5, "noise": 0.3, "seed": 5},
        "betaFraction": 0.05,
        "plan": {
          "relaxation": {"methods": []},
          "training": {"methods": ["gradient-descent"], "widths": [50], "seeds": [1, 2, 3, 4, 5, 6, 7, 8], "steps": 100000000, "budgetSeconds": 8}
        }
      }
      """;

  private static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("gapstream.root"), "gapstream.root"));

  private static Path folder;
  private static RunningStack stack;

  @BeforeAll
  static void start(@TempDir Path home) {
    folder = home;
    stack = RunningStack.start(home);
  }

  @AfterAll
  static void stop() {
    if (stack == null) {
      return; // it did not start, and has told why
    }
    stack.close();
    assertThat(folder.resolve("run/stack.json")).doesNotExist();
  }

  @Test
  void certifiesAFileOnceHoweverOftenItIsSent() throws IOException {
    // Given
    byte[] csv = Files.readAllBytes(Home.examples().resolve("iris.csv"));
    String path = "/api/v1/datasets?target=species&name=iris&betaFraction=0.1&budgetSeconds=6";
    List<String> live = stack.listen();

    // When
    JsonNode accepted = stack.post(path, "text/csv", csv);
    JsonNode again = stack.post(path, "text/csv", csv);
    String id = accepted.path("experimentId").asText();
    stack.awaitComplete(id);
    stack.awaitQuiet();
    JsonNode certificate = stack.get("/api/v1/certificates/" + id);

    // Then
    double lower = certificate.path("lower").asDouble();
    double upper = certificate.path("upper").asDouble();
    assertThat(certificate.path("verdict").asText()).isEqualTo("verified");
    assertThat(lower).isPositive().isLessThanOrEqualTo(upper);
    assertThat(certificate.path("completedResults")).isEqualTo(accepted.path("plannedResults"));
    assertThat(certificate.path("n").asInt()).isEqualTo(150);
    assertThat(certificate.path("d").asInt()).isEqualTo(5);
    List<Double> reached = objectives(id);
    assertThat(reached).hasSizeGreaterThanOrEqualTo(9).allMatch(value -> value >= lower);
    assertThat(upper)
        .isCloseTo(reached.stream().min(Double::compare).orElseThrow(), within(1e-7 * upper));

    assertThat(again).isEqualTo(accepted);
    assertThat(stack.records(Topic.DATASETS.topicName(), id)).hasSize(2);
    assertThat(stack.query("select count(*) from experiment where name = 'iris'"))
        .containsExactly("1");
    assertThat(stack.query("select count(*) from certificate where experiment_id = '" + id + "'"))
        .containsExactly("1");
    assertThat(stack.get("/api/v1/certificates?name=iris").path("items")).hasSize(1);

    CertificateMessage published = published(id, certificate.path("version").asLong());
    assertThat(published.lower()).isEqualTo(lower);
    assertThat(published.upper()).isEqualTo(upper);

    assertThat(events(live, "certificate", id)).isNotEmpty();
    assertThat(events(live, "progress", id)).isNotEmpty();
  }

  @Test
  void aCertificateIsCheckedFarFromTheStack() throws Exception {
    // Given
    String id = certified("to be checked");
    Path file = folder.resolve("exported.gapcert.json");

    // When
    int exported = gap("export-certificate", id, "--with-data", "-o", file.toString());
    int verified = gap("verify", file.toString());
    JsonNode claim = MessageJson.read(Files.readAllBytes(file), JsonNode.class);
    Files.writeString(
        file,
        Files.readString(file)
            .replaceFirst(
                "(?<=\"lower\":\\{\"value\":)[^,]*",
                Double.toString(claim.at("/upper/value").asDouble())));
    int refuted = gap("verify", file.toString());

    // Then
    assertThat(exported).isZero();
    assertThat(verified).isZero();
    assertThat(refuted).isEqualTo(1);
    JsonNode certificate = stack.get("/api/v1/certificates/" + id);
    assertThat(claim.at("/lower/value")).isEqualTo(certificate.path("lower"));
    assertThat(claim.at("/upper/value")).isEqualTo(certificate.path("upper"));
  }

  @Test
  void aCallCertifiesAFileWhoseTargetHasALongNameAndLeavesACertificate() throws Exception {
    // Given
    String name = "\u76EE\u6A19".repeat(225);
    Path csv = folder.resolve("long.csv");
    Files.writeString(
        csv, Files.readString(Home.examples().resolve("iris.csv")).replaceFirst("species", name));
    Path file = folder.resolve("long.gapcert.json");

    // When
    int certified =
        gap("certify", csv.toString(), "--target", name, "--budget", "6s", "-o", file.toString());
    int verified = gap("verify", file.toString(), "--data", csv.toString(), "--target", name);

    // Then
    assertThat(certified).isZero();
    assertThat(verified).isZero();
  }

  /** The packaged command line in a process of its own. */
  private static int gap(String... words) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                ROOT.resolve("local-stack/target/gap.jar").toString(),
                "io.gapstream.localstack.cli.Gap"));
    command.addAll(List.of(words));
    ProcessBuilder process = new ProcessBuilder(command).inheritIO();
    process.environment().put("GAP_RESULTS_URL", stack.part("results-service").url());
    process.environment().put("GAP_DATA_GENERATOR_URL", stack.part("data-generator").url());
    return process.start().waitFor();
  }

  @Test
  void resultsDeliveredTwiceChangeNoRow() {
    // Given
    String id = certified("results twice");
    List<String> before = rows(id);
    List<ConsumerRecord<String, byte[]>> results = new ArrayList<>();
    results.addAll(stack.records(Topic.RELAXATIONS.topicName()));
    results.addAll(stack.records(Topic.TRAININGS.topicName()));

    // When
    stack.sendAgain(results);
    stack.awaitQuiet();

    // Then
    assertThat(results).hasSizeGreaterThanOrEqualTo(6);
    assertThat(rows(id)).isEqualTo(before);
  }

  @Test
  void aDatasetDeliveredTwiceIsWorkedOnAgainAndChangesNoBound() {
    // Given
    String id = certified("dataset twice");
    List<String> before = bounds(id);
    List<ConsumerRecord<String, byte[]>> trainings = stack.records(Topic.TRAININGS.topicName(), id);

    // When
    stack.sendAgain(stack.records(Topic.DATASETS.topicName(), id));
    stack.awaitQuiet();

    // Then
    assertThat(stack.records(Topic.TRAININGS.topicName(), id)).hasSize(2 * trainings.size());
    assertThat(bounds(id)).hasSizeGreaterThan(6).isEqualTo(before);
  }

  @Test
  void setsWhatIsNoMessageAsideAndGoesOn() {
    // Given
    Set<String> malformed =
        Set.of("no JSON", "{\"experimentId\":\"00000000000000000000000000000000\"}");
    for (Topic<?> topic : List.of(Topic.DATASETS, Topic.RELAXATIONS, Topic.TRAININGS)) {
      for (String text : malformed) {
        stack.sendEverywhere(topic, "0".repeat(32), text.getBytes(StandardCharsets.UTF_8));
      }
    }

    // When
    String id = certified("after malformed ones");

    // Then
    assertThat(stack.get("/api/v1/certificates/" + id).path("verdict").asText())
        .isEqualTo("verified");
    for (String topic :
        List.of(
            "gap.datasets.v1.dlq.relaxation",
            "gap.datasets.v1.dlq.trainer",
            "gap.datasets.v1.dlq.results",
            "gap.relaxations.v1.dlq.results",
            "gap.trainings.v1.dlq.results")) {
      List<ConsumerRecord<String, byte[]>> letters = stack.records(topic);
      assertThat(letters)
          .as(topic)
          .extracting(letter -> new String(letter.value(), StandardCharsets.UTF_8))
          .containsAll(malformed);
      assertThat(letters)
          .allSatisfy(
              letter -> {
                assertThat(header(letter, "dead-letter-reason")).contains("Not a valid");
                assertThat(topic).startsWith(header(letter, "dead-letter-topic"));
              });
    }
  }

  @Test
  void finishesAJobWhoseTrainerIsKilledInTheMiddle() {
    // Given
    StackState.PartState before = stack.part("trainer-service");
    String id = request(LONG);
    List<ConsumerRecord<String, byte[]>> done =
        RunningStack.awaitThat(
            () -> stack.records(Topic.TRAININGS.topicName(), id), records -> records.size() >= 2);

    // When
    long pid = Objects.requireNonNull(before.pid());
    boolean killed = ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    JsonNode certificate = stack.awaitComplete(id);

    // Then
    assertThat(killed).isTrue();
    assertThat(done).hasSizeLessThan(8);
    StackState.PartState after = stack.part("trainer-service");
    assertThat(after.restarts()).isEqualTo(before.restarts() + 1);
    assertThat(after.pid()).isNotEqualTo(pid);
    assertThat(certificate.path("completedResults").asInt()).isEqualTo(8);
    assertThat(certificate.path("results").findValuesAsText("seed"))
        .containsExactlyInAnyOrder("1", "2", "3", "4", "5", "6", "7", "8");
    // Nothing was acknowledged before the kill, so the whole job was done again.
    assertThat(stack.records(Topic.TRAININGS.topicName(), id).size())
        .isGreaterThanOrEqualTo(8 + done.size());
  }

  @ParameterizedTest
  @CsvSource({"0, 3", "1, 1", "7, 1", "3, 4", "200, 50"})
  void onnxruntimeComputesWhatTheNetworkDoes(int m, int d) throws Exception {
    // Given
    String id = request(DATA_ONLY.formatted("onnx " + m + " " + d, d, 10 + m));
    DatasetMessage dataset = dataset(id);
    NetworkWeights network = randomNetwork(m, d);
    stack.send(
        Topic.TRAININGS,
        new TrainingMessage(
            id,
            dataset.sha256(),
            TrainingMethod.ADAM,
            Math.max(1, m),
            1,
            Status.CONVERGED,
            null,
            objective(dataset, network) * (1 + 1e-9),
            network,
            new Curve(NumericArray.vector(), NumericArray.vector()),
            0.0,
            0.01,
            1,
            0.5,
            new Environment("test 1", "17", "here", 1)));
    String path = "/api/v1/certificates/" + id;
    RunningStack.awaitThat(() -> stack.get(path), certificate -> certificate.has("upper"));

    // When
    byte[] model = stack.getFile(path + "/network.onnx");
    ExportedFiles.Run run = ExportedFiles.run(model, dataset.x().values(), d);
    ExportedFiles.Run ofOneRow =
        ExportedFiles.run(model, Arrays.copyOf(dataset.x().values(), d), d);

    // Then
    assertThat(run.y()).hasSize(40);
    double first = preciseOutput(dataset, network, 0);
    assertThat(ofOneRow.y()).hasSize(1);
    assertThat(ofOneRow.y()[0]).isCloseTo(first, within(1e-12 * Math.abs(first)));
    for (int i = 0; i < 40; i++) {
      double expected = preciseOutput(dataset, network, i);
      assertThat(run.y()[i])
          .as("row %s", i)
          .isCloseTo(expected, within(1e-12 * Math.abs(expected)));
    }
    assertThat(run.metadata())
        .containsEntry("experimentId", id)
        .containsEntry("datasetSha256", dataset.sha256())
        .containsEntry("beta", String.valueOf(dataset.beta()))
        .containsEntry("n", "40")
        .containsEntry("d", String.valueOf(d))
        .containsEntry("m", String.valueOf(m));
  }

  @Test
  void exportsWhatACertificateRestsOn() throws Exception {
    // Given
    String id = certified("exports");
    DatasetMessage dataset = dataset(id);

    // When
    double[] x = ExportedFiles.npy(exported(id, "X.npy"));
    double[] y = ExportedFiles.npy(exported(id, "y.npy"));
    double[] dual = ExportedFiles.npy(exported(id, "dual.npy"));
    byte[] onnx = exported(id, "network.onnx");
    Map<String, double[]> weights = ExportedFiles.npz(exported(id, "network.npz"));

    // Then
    assertThat(x).isEqualTo(dataset.x().values());
    assertThat(y).isEqualTo(dataset.y().values());
    assertThat(stack.records(Topic.RELAXATIONS.topicName(), id))
        .extracting(record -> MessageJson.read(record.value(), RelaxationMessage.class).lower())
        .filteredOn(Objects::nonNull)
        .extracting(lower -> lower.dual().values())
        .contains(dual);
    // The loss that onnxruntime's outputs have, and the penalty of the weights: the upper bound.
    double value = 0;
    double[] outputs = ExportedFiles.run(onnx, x, dataset.d()).y();
    for (int i = 0; i < outputs.length; i++) {
      value += 0.5 * (outputs[i] - y[i]) * (outputs[i] - y[i]);
    }
    for (double[] array : weights.values()) {
      for (double weight : array) {
        value += 0.5 * dataset.beta() * weight * weight;
      }
    }
    double upper = stack.get("/api/v1/certificates/" + id).path("upper").asDouble();
    assertThat(weights).containsOnlyKeys("U.npy", "a.npy");
    assertThat(value).isCloseTo(upper, within(1e-9 * upper));
  }

  /** What {@code gap export} writes, in a process of its own. */
  private static byte[] exported(String id, String part) throws Exception {
    Path file = folder.resolve(id + "-" + part);
    ProcessBuilder gap =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                ROOT.resolve("local-stack/target/gap.jar").toString(),
                "io.gapstream.localstack.cli.Gap",
                "export",
                id,
                part,
                "--output",
                file.toString())
            .redirectErrorStream(true);
    gap.environment().keySet().removeIf(name -> name.startsWith("GAP_"));
    gap.environment().put("GAP_HOME", folder.toString());
    Process call = gap.start();
    String output = new String(call.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(call.waitFor()).as(output).isZero();
    assertThat(output.strip()).isEqualTo(file.toString());
    return Files.readAllBytes(file);
  }

  private static NetworkWeights randomNetwork(int m, int d) {
    Random random = new Random(31 * m + d);
    return new NetworkWeights(
        NumericArray.matrix(m, d, random.doubles((long) m * d, -1, 1).toArray()),
        NumericArray.vector(random.doubles(m, -1, 1).toArray()));
  }

  /** The network's output for a row, to 34 digits before it is rounded. */
  private static double preciseOutput(DatasetMessage dataset, NetworkWeights network, int row) {
    double[] x = dataset.x().values();
    double[] u = network.u().values();
    int d = dataset.d();
    BigDecimal sum = BigDecimal.ZERO;
    for (int j = 0; j < network.m(); j++) {
      BigDecimal z = BigDecimal.ZERO;
      for (int k = 0; k < d; k++) {
        z =
            z.add(
                new BigDecimal(x[row * d + k]).multiply(new BigDecimal(u[j * d + k])),
                MathContext.DECIMAL128);
      }
      BigDecimal a = new BigDecimal(network.a().values()[j]);
      sum = sum.add(z.max(BigDecimal.ZERO).multiply(a), MathContext.DECIMAL128);
    }
    return sum.doubleValue();
  }

  private static DatasetMessage dataset(String id) {
    return MessageJson.read(
        stack.records(Topic.DATASETS.topicName(), id).get(0).value(), DatasetMessage.class);
  }

  private static String certified(String name) {
    String id = request(SMALL.formatted(name, seed(name)));
    JsonNode certificate = stack.awaitComplete(id);
    assertThat(certificate.path("verdict").asText()).isEqualTo("verified");
    stack.awaitQuiet();
    return id;
  }

  /** Another seed for each name, since a name alone makes no other experiment. */
  private static int seed(String name) {
    return name.hashCode() & 0xffff;
  }

  private static String request(String body) {
    return stack
        .post("/api/v1/experiments", "application/json", body.getBytes(StandardCharsets.UTF_8))
        .path("experimentId")
        .asText();
  }

  /** Everything that is stored of an experiment, times included. */
  private static List<String> rows(String id) {
    List<String> rows = new ArrayList<>();
    for (String table :
        List.of("experiment", "dataset", "certificate", "certificate_history", "result")) {
      String key = table.equals("experiment") ? "id" : "experiment_id";
      rows.addAll(
          stack.query(
              "select to_jsonb(t) from "
                  + table
                  + " t where "
                  + key
                  + " = '"
                  + id
                  + "' order by 1"));
    }
    rows.addAll(
        stack.query(
            "select md5(document) from evidence where result_id like '" + id + "/%' order by 1"));
    for (String table : List.of("refuted_claim", "pending_claim", "contradiction")) {
      rows.addAll(
          stack.query(
              "select to_jsonb(t) from " + table + " t where experiment_id = '" + id + "'"));
    }
    return rows;
  }

  /** What is stored of an experiment but for when and how fast it came about. */
  private static List<String> bounds(String id) {
    List<String> bounds = new ArrayList<>();
    bounds.addAll(
        stack.query(
            "select to_jsonb(t) - 'updated_at' from certificate t where experiment_id = '"
                + id
                + "'"));
    bounds.addAll(
        stack.query(
            "select to_jsonb(t) from certificate_history t where experiment_id = '"
                + id
                + "' order by version"));
    bounds.addAll(
        stack.query(
            "select concat_ws(' ', id, verdict, value, rung, status, complete) from result"
                + " where experiment_id = '"
                + id
                + "' order by id"));
    return bounds;
  }

  /** The value of problem (P) for every network that was sent for an experiment. */
  private static List<Double> objectives(String id) {
    DatasetMessage dataset = dataset(id);
    List<Double> values = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : stack.records(Topic.TRAININGS.topicName(), id)) {
      NetworkWeights network = MessageJson.read(record.value(), TrainingMessage.class).network();
      if (network != null) {
        values.add(objective(dataset, network));
      }
    }
    for (ConsumerRecord<String, byte[]> record : stack.records(Topic.RELAXATIONS.topicName(), id)) {
      NetworkWeights network = MessageJson.read(record.value(), RelaxationMessage.class).network();
      if (network != null) {
        values.add(objective(dataset, network));
      }
    }
    return values;
  }

  private static double objective(DatasetMessage dataset, NetworkWeights network) {
    double[] x = dataset.x().values();
    double[] u = network.u().values();
    double[] a = network.a().values();
    int d = dataset.d();
    double value = 0;
    for (int i = 0; i < dataset.n(); i++) {
      double residual = -dataset.y().values()[i];
      for (int j = 0; j < a.length; j++) {
        double z = 0;
        for (int k = 0; k < d; k++) {
          z += x[i * d + k] * u[j * d + k];
        }
        residual += a[j] * Math.max(z, 0);
      }
      value += residual * residual / 2;
    }
    for (double[] weights : List.of(u, a)) {
      for (double weight : weights) {
        value += dataset.beta() / 2 * weight * weight;
      }
    }
    return value;
  }

  /** A version of a certificate on the broker; the outbox may take a moment. */
  private static CertificateMessage published(String id, long version) {
    List<ConsumerRecord<String, byte[]>> records =
        RunningStack.awaitThat(
            () ->
                stack.records(Topic.CERTIFICATES.topicName(), id).stream()
                    .filter(record -> read(record).version() == version)
                    .toList(),
            found -> !found.isEmpty());
    return read(records.get(0));
  }

  private static CertificateMessage read(ConsumerRecord<String, byte[]> record) {
    return MessageJson.read(record.value(), CertificateMessage.class);
  }

  /** The data of the events of a kind that name the experiment. */
  private static List<String> events(List<String> live, String kind, String id) {
    List<String> lines = List.copyOf(live);
    List<String> found = new ArrayList<>();
    for (int i = 0; i + 1 < lines.size(); i++) {
      if (lines.get(i).equals("event:" + kind) && lines.get(i + 1).contains(id)) {
        found.add(lines.get(i + 1));
      }
    }
    return found;
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
