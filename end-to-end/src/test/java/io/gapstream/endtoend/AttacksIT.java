package io.gapstream.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.ExperimentId;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.RelaxationPlan;
import io.gapstream.contracts.RunPlan;
import io.gapstream.contracts.Topic;
import io.gapstream.numerics.problem.DataHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.DoubleStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody who can write to the topics lies to the running services. Nothing false may be stored,
 * shown or exported, and nothing honest lost: what is true is what the honest messages said, and an
 * exported file is judged by {@code gap verify} in a process of its own.
 */
@Timeout(180)
@SuppressWarnings("NullAway.Init") // set before any test
final class AttacksIT {

  private static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("gapstream.root"), "gapstream.root"));

  private static final String EXPERIMENT =
      """
      {
        "name": "victim",
        "generator": {"n": 20, "d": %d, "labels": "teacher", "teacherNeurons": 2, "noise": 0.1, "seed": 4},
        "betaFraction": 0.2,
        "plan": {
          "relaxation": {"methods": [%s], "patterns": 20, "seed": %d, "budgetSeconds": 2},
          "training": {"methods": ["adam"], "widths": [8], "seeds": [1], "steps": 200, "budgetSeconds": 2}
        }
      }
      """;

  private static Path folder;
  private static RunningStack stack;

  @BeforeAll
  static void start(@TempDir Path home) {
    folder = home;
    stack = RunningStack.start(home);
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  void otherLabelsOrAnotherBetaUnderAnIdThatIsForeseenAreRefused() {
    // Given
    DatasetMessage known = dataset(post(14, 1, "lifted"));
    DatasetMessage foreseen = withSeed(known, 2);
    double[] y = known.y().values().clone();
    y[0] += 5;
    DatasetMessage otherLabels = forged(foreseen, NumericArray.vector(y), foreseen.beta());
    DatasetMessage otherBeta = forged(foreseen, foreseen.y(), 3 * foreseen.beta());
    stack.send(Topic.DATASETS, otherLabels);
    stack.send(Topic.DATASETS, otherBeta);
    // When
    String id = post(14, 2, "lifted");
    JsonNode certificate = stack.awaitComplete(id);
    // Then
    assertThat(id).isEqualTo(foreseen.experimentId());
    assertThat(certificate.path("verdict").asText()).isEqualTo("verified");
    assertThat(certificate.path("beta").asDouble()).isEqualTo(known.beta());
    assertThat(stack.query("select sha256 from experiment where id = '" + id + "'"))
        .containsExactly(known.sha256());
    for (String service : List.of("relaxation", "trainer", "results")) {
      assertThat(stack.records("gap.datasets.v1.dlq." + service, id)).as(service).hasSize(2);
    }
    assertThat(checked(id)).isZero();
  }

  @Test
  void evidenceThatNoFileMayHoldReplacesNone() {
    // Given
    String id = post(14, 3, "lifted");
    JsonNode before = stack.awaitComplete(id);
    stack.awaitQuiet();
    ObjectNode honest = bestLower(id);
    for (String sign : List.of("plus", "minus")) {
      ObjectNode forged = honest.deepCopy();
      forged.put("revision", 5000);
      forged.put("last", false);
      padMetric((ObjectNode) forged.at("/lower/" + sign), 14);
      // When
      stack.sendJson(Topic.RELAXATIONS, id, forged);
    }
    stack.awaitQuiet();
    // Then
    assertThat(stack.get("/api/v1/certificates/" + id).path("lower"))
        .isEqualTo(before.path("lower"));
    assertThat(checked(id)).isZero();
  }

  @Test
  void aClaimThatNoTableHoldsKeepsNothingElseBack() {
    // Given
    DatasetMessage foreseen = withSeed(dataset(post(3, 4, "lifted")), 5);
    String id = foreseen.experimentId();
    ObjectNode poison = failed(id, foreseen.sha256(), "lifted", 1);
    poison.put("last", false);
    poison.put("reason", "a\0b");
    stack.sendJson(Topic.RELAXATIONS, id, poison);
    // When
    JsonNode certificate = stack.awaitComplete(post(3, 5, "lifted"));
    // Then
    assertThat(certificate.path("experimentId").asText()).isEqualTo(id);
    assertThat(certificate.path("verdict").asText()).isEqualTo("verified");
    assertThat(stack.records("gap.datasets.v1.dlq.results", id)).isEmpty();
  }

  @Test
  void aFailureThatBelongsToOtherDataCompletesNothing() {
    // Given
    // Nobody works on the method that is said to have failed, since the plan does not name it.
    DatasetMessage foreseen = withSeed(dataset(post(3, 6, "lifted")), 7);
    String id = foreseen.experimentId();
    stack.sendJson(Topic.RELAXATIONS, id, failed(id, "0".repeat(64), "lifted", Integer.MAX_VALUE));
    stack.awaitQuiet();
    // When
    JsonNode certificate = stack.awaitComplete(post(3, 7, "lifted"));
    // Then
    JsonNode lifted = result(certificate, "lifted");
    assertThat(lifted.path("status").asText()).isNotEqualTo("failed");
    assertThat(certificate.path("completedResults").asInt()).isEqualTo(2);
    assertThat(certificate.path("verdict").asText()).isEqualTo("verified");
  }

  @Test
  void aLargestRevisionHidesNoHonestBound() {
    // Given
    DatasetMessage foreseen = withSeed(dataset(post(3, 8, "lifted")), 9);
    String id = foreseen.experimentId();
    stack.sendJson(
        Topic.RELAXATIONS, id, failed(id, foreseen.sha256(), "lifted", Integer.MAX_VALUE));
    stack.awaitQuiet();
    // When
    stack.awaitComplete(post(3, 9, "lifted")); // which the forged result may bring about too early
    JsonNode certificate =
        RunningStack.awaitThat(
            () -> stack.get("/api/v1/certificates/" + id),
            found -> found.path("lower").asDouble() > 0);
    // Then
    assertThat(result(certificate, "lifted").path("verdict").asText()).isEqualTo("verified");
    assertThat(result(certificate, "lifted").path("value").asDouble())
        .isEqualTo(certificate.path("lower").asDouble());
  }

  @Test
  void aBoundThatIsNotProvedIsNeverShown() {
    // Given
    String id = post(3, 10, "lifted");
    JsonNode before = stack.awaitComplete(id);
    stack.awaitQuiet();
    ObjectNode honest = bestLower(id);
    double upper = before.path("upper").asDouble();
    // When
    for (double value : new double[] {upper * 1.5, upper * (1 - 1e-9), Double.MAX_VALUE}) {
      ObjectNode forged = honest.deepCopy();
      forged.put("revision", 6000);
      forged.put("value", value);
      stack.sendJson(Topic.RELAXATIONS, id, forged);
    }
    stack.awaitQuiet();
    // Then
    JsonNode after = stack.get("/api/v1/certificates/" + id);
    for (String field : List.of("lower", "upper", "verdict", "version")) {
      assertThat(after.path(field)).as(field).isEqualTo(before.path(field));
    }
    assertThat(checked(id)).isZero();
  }

  private static String post(int d, int seed, String... methods) {
    String names = "\"" + String.join("\", \"", methods) + "\"";
    return stack
        .post(
            "/api/v1/experiments",
            "application/json",
            String.format(Locale.ROOT, EXPERIMENT, d, names, seed).getBytes(StandardCharsets.UTF_8))
        .path("experimentId")
        .asText();
  }

  private static DatasetMessage dataset(String id) {
    return MessageJson.read(
        stack.records(Topic.DATASETS.topicName(), id).get(0).value(), DatasetMessage.class);
  }

  /** The message of a request that nobody has made yet: it differs in the seed alone. */
  private static DatasetMessage withSeed(DatasetMessage known, long seed) {
    RelaxationPlan plan = known.plan().relaxation();
    return DatasetMessage.of(
        known.studyId(),
        known.name(),
        known.origin(),
        known.preprocessing(),
        known.x(),
        known.y(),
        known.sha256(),
        known.beta(),
        known.betaFraction(),
        known.betaMax(),
        new RunPlan(
            new RelaxationPlan(plan.methods(), plan.patterns(), seed, plan.budgetSeconds()),
            known.plan().training()));
  }

  private static DatasetMessage forged(DatasetMessage message, NumericArray y, double beta) {
    DatasetMessage forged =
        new DatasetMessage(
            message.experimentId(),
            message.studyId(),
            message.name(),
            message.origin(),
            message.preprocessing(),
            message.n(),
            message.d(),
            message.x(),
            y,
            DataHash.sha256(message.n(), message.d(), message.x().values(), y.values()),
            beta,
            message.betaFraction(),
            message.betaMax(),
            message.plan());
    assertThat(ExperimentId.of(forged)).isNotEqualTo(forged.experimentId());
    return forged;
  }

  /** The best lower bound that was sent. */
  private static ObjectNode bestLower(String id) {
    ObjectNode best = null;
    for (ConsumerRecord<String, byte[]> record : stack.records(Topic.RELAXATIONS.topicName(), id)) {
      ObjectNode message = MessageJson.read(record.value(), ObjectNode.class);
      if (message.has("lower")
          && (best == null || message.path("value").asDouble() > best.path("value").asDouble())) {
        best = message;
      }
    }
    return Objects.requireNonNull(best, "No lower bound was sent.");
  }

  /** S = I or S = W W' stays what it is with one more column of zeros. */
  private static void padMetric(ObjectNode witness, int d) {
    double[] values;
    int columns;
    if (witness.path("metric").isObject()) {
      NumericArray metric =
          MessageJson.read(
              witness.get("metric").toString().getBytes(StandardCharsets.UTF_8),
              NumericArray.class);
      values = metric.values();
      columns = metric.shape()[1];
    } else {
      columns = d;
      values = new double[d * d];
      for (int k = 0; k < d; k++) {
        values[k * d + k] = 1;
      }
    }
    int width = columns + 2 * d;
    double[] padded = new double[d * width];
    for (int k = 0; k < d; k++) {
      System.arraycopy(values, k * columns, padded, k * width, columns);
    }
    assertThat(DoubleStream.of(padded).filter(value -> value != 0).count())
        .isEqualTo(Arrays.stream(values).filter(value -> value != 0).count());
    witness.set(
        "metric",
        MessageJson.read(
            MessageJson.write(NumericArray.matrix(d, width, padded)), ObjectNode.class));
  }

  private static ObjectNode failed(String id, String sha256, String method, int revision) {
    ObjectNode message =
        MessageJson.read(
            """
            {"last": true, "status": "failed", "reason": "so they say", "kind": "lower", "measures": {},
             "iterations": 0, "elapsedSeconds": 0.1,
             "environment": {"software": "liar 1", "java": "17", "host": "here", "processors": 2}}
            """
                .getBytes(StandardCharsets.UTF_8),
            ObjectNode.class);
    message.put("experimentId", id);
    message.put("datasetSha256", sha256);
    message.put("method", method);
    message.put("revision", revision);
    return message;
  }

  private static JsonNode result(JsonNode certificate, String method) {
    ArrayNode results = (ArrayNode) certificate.path("results");
    for (JsonNode result : results) {
      if (result.path("method").asText().equals(method)
          && result.path("kind").asText().equals("lower")) {
        return result;
      }
    }
    throw new AssertionError("There is no result of " + method + ": " + certificate);
  }

  /** What {@code gap verify} says of the exported file; 0 is verified. */
  private static int checked(String id) {
    try {
      Path file = folder.resolve(id + ".gapcert.json");
      Files.write(file, stack.getFile("/api/v1/certificates/" + id + "/file?withData=true"));
      return new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              ROOT.resolve("local-stack/target/gap.jar").toString(),
              "io.gapstream.localstack.cli.Gap",
              "verify",
              file.toString())
          .inheritIO()
          .start()
          .waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException("The certificate could not be checked.", e);
    }
  }
}
