package io.gapstream.contracts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The golden files, the messages that they hold, and the schemas. */
final class Golden {

  static final ObjectMapper PLAIN = new ObjectMapper();

  static final String EXPERIMENT = "0123456789abcdef0123456789abcdef";

  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private static final Environment ENVIRONMENT =
      new Environment("gapstream 0.1.0", "17.0.15", "worker-1", 4);

  private static final NetworkWeights NETWORK =
      new NetworkWeights(
          NumericArray.matrix(2, 2, new double[] {1, 2, -3, 0.5}), NumericArray.vector(1.5, -0.5));

  private Golden() {}

  /** The message in each golden file, by the file's name. */
  static Map<String, Message> messages() {
    return Map.ofEntries(
        Map.entry("dataset.v1.generated", generated()),
        Map.entry(
            "dataset.v1.float32",
            generated(
                new TrainingPlan(
                    List.of(TrainingMethod.LBFGS, TrainingMethod.SGD_MOMENTUM),
                    List.of(8),
                    List.of(1L),
                    1000,
                    60.5,
                    TrainingPrecision.FLOAT32,
                    2))),
        Map.entry("dataset.v1.uploaded", uploaded()),
        Map.entry(
            "relaxation.v1.lower",
            relaxation(
                RelaxationMethod.LIFTED,
                2,
                Status.CONVERGED,
                BoundKind.LOWER,
                5.601,
                new LowerEvidence(
                    NumericArray.vector(0.5, -0.25, 0),
                    0.998,
                    new Witness.Quadratic(
                        NumericArray.vector(0.5),
                        NumericArray.vector(1),
                        NumericArray.vector(-0.125),
                        null,
                        3.5),
                    new Witness.Triangle()),
                null,
                Map.of("relaxedValue", 5.75, "relativeGap", 1.5e-9))),
        Map.entry(
            "relaxation.v1.lower-tree",
            relaxation(
                RelaxationMethod.COLUMN_GENERATION,
                3,
                Status.CONVERGED,
                BoundKind.LOWER,
                5.605,
                new LowerEvidence(
                    NumericArray.vector(0.5, -0.25, 0),
                    0.999,
                    new Witness.ConeTree(1.25, ByteSequence.of(new byte[] {3, 0, 1, 5, -1})),
                    new Witness.Quartic(
                        NumericArray.vector(0.5),
                        NumericArray.vector(2),
                        NumericArray.vector(-0.125),
                        NumericArray.vector(1, 0, 0.5))),
                null,
                Map.of())),
        Map.entry(
            "relaxation.v1.pairs",
            relaxation(
                RelaxationMethod.LIFTED,
                3,
                Status.CONVERGED,
                BoundKind.LOWER,
                5.601,
                new LowerEvidence(
                    NumericArray.vector(0.5, -0.25, 0),
                    0.998,
                    new Witness.Pairs(
                        NumericArray.vector(0.5, 0.25, 0),
                        NumericArray.vector(0, 0.125, 0),
                        NumericArray.vector(0, 1, 0.5),
                        NumericArray.vector(1, -1, 0),
                        NumericArray.matrix(1, 3, new double[] {2, 0, -0.75}),
                        NumericArray.matrix(2, 1, new double[] {1, -0.5}),
                        3.5),
                    new Witness.Quadratic(
                        NumericArray.vector(0.5),
                        NumericArray.vector(1),
                        NumericArray.vector(-0.125),
                        NumericArray.matrix(2, 1, new double[] {1, -0.5}),
                        2.25)),
                null,
                Map.of("relaxedValue", 5.75, "relativeGap", 1.5e-9))),
        Map.entry(
            "relaxation.v1.upper",
            relaxation(
                RelaxationMethod.COLUMN_GENERATION,
                1,
                Status.TIME_LIMIT,
                BoundKind.UPPER,
                5.607,
                null,
                NETWORK,
                Map.of())),
        Map.entry(
            "relaxation.v1.estimate",
            relaxation(
                RelaxationMethod.GATED,
                1,
                Status.ITERATION_LIMIT,
                BoundKind.ESTIMATE,
                4.25,
                null,
                null,
                Map.of())),
        Map.entry(
            "relaxation.v1.failed",
            new RelaxationMessage(
                EXPERIMENT,
                generated().sha256(),
                RelaxationMethod.CONE_DECOMPOSITION,
                1,
                true,
                Status.FAILED,
                "The gated program gave nothing to split.",
                BoundKind.UPPER,
                null,
                null,
                null,
                Map.of(),
                0,
                0,
                ENVIRONMENT)),
        Map.entry(
            "training.v1.converged",
            new TrainingMessage(
                EXPERIMENT,
                generated().sha256(),
                TrainingMethod.ADAM,
                2,
                -9007199254740993L,
                Status.CONVERGED,
                null,
                66.66,
                NETWORK,
                new Curve(NumericArray.vector(0, 10, 100), NumericArray.vector(90.5, 70.25, 66.66)),
                0.125,
                0.01,
                100,
                1.5,
                ENVIRONMENT)),
        Map.entry(
            "training.v1.stopped",
            new TrainingMessage(
                EXPERIMENT,
                generated().sha256(),
                TrainingMethod.SGD_MOMENTUM,
                8,
                3,
                Status.TIME_LIMIT,
                null,
                70.25,
                NETWORK,
                new Curve(NumericArray.vector(0, 10), NumericArray.vector(90.5, 70.25)),
                0.0625,
                0.01,
                10,
                0.75,
                ENVIRONMENT,
                false)),
        Map.entry(
            "training.v1.diverged",
            new TrainingMessage(
                EXPERIMENT,
                generated().sha256(),
                TrainingMethod.GRADIENT_DESCENT,
                100,
                1,
                Status.DIVERGED,
                null,
                null,
                null,
                new Curve(NumericArray.vector(), NumericArray.vector()),
                null,
                10,
                3,
                0.25,
                ENVIRONMENT)),
        Map.entry(
            "certificate.v1",
            new CertificateMessage(
                EXPERIMENT,
                "study 12",
                "planted teacher",
                3,
                2,
                0.25,
                5.5,
                11,
                2.0,
                Rung.TRIANGLE,
                Verdict.VERIFIED,
                3,
                Instant.parse("2026-02-03T04:05:06.000000007Z"))),
        Map.entry(
            "certificate.v1.trivial",
            new CertificateMessage(
                EXPERIMENT,
                null,
                "planted teacher",
                3,
                2,
                0.25,
                0,
                11,
                null,
                null,
                Verdict.VERIFIED,
                1,
                Instant.parse("2026-02-03T04:05:06Z"))),
        Map.entry(
            "certificate.v1.withdrawn",
            new CertificateMessage(
                EXPERIMENT,
                "study 12",
                "planted teacher",
                3,
                2,
                0.25,
                null,
                null,
                null,
                null,
                Verdict.REFUTED,
                4,
                Instant.parse("2026-02-03T04:05:07Z"))),
        Map.entry(
            "progress.v1.running",
            new ProgressMessage(
                EXPERIMENT,
                "relaxation-service",
                "lifted",
                ProgressMessage.Phase.RUNNING,
                4,
                5.5,
                BoundKind.LOWER,
                12.5)),
        Map.entry(
            "progress.v1.started",
            new ProgressMessage(
                EXPERIMENT,
                "trainer-service",
                "adam width 8 seed 1",
                ProgressMessage.Phase.STARTED,
                1,
                null,
                null,
                0)));
  }

  /** The message in this golden file. */
  static Message message(String name) {
    return Objects.requireNonNull(messages().get(name), name);
  }

  private static DatasetMessage generated() {
    return generated(
        new TrainingPlan(
            List.of(
                TrainingMethod.ADAM, TrainingMethod.GRADIENT_DESCENT, TrainingMethod.SGD_MOMENTUM),
            List.of(8, 32),
            List.of(1L, -2L),
            1000,
            60.5));
  }

  private static DatasetMessage generated(TrainingPlan training) {
    return new DatasetMessage(
        EXPERIMENT,
        null,
        "planted teacher",
        Origin.generated(new Generator(3, 2, Labels.TEACHER, 5, 0.1, 42)),
        Preprocessing.raw(false),
        3,
        2,
        NumericArray.matrix(3, 2, new double[] {1, -0.5, 0.1, 2, -3, 1e-300}),
        NumericArray.vector(1.5, -0.0, Double.MIN_VALUE),
        "8d6c78a470c56dff2049ecd7229aaf4803fd7c4c9aedf167961d3ac29b50b974",
        0.25,
        0.1,
        2.5,
        new RunPlan(new RelaxationPlan(List.of(RelaxationMethod.values()), 100, 7, 30), training));
  }

  private static DatasetMessage uploaded() {
    return new DatasetMessage(
        EXPERIMENT,
        "study 12",
        "Zürich “ζ”",
        Origin.upload("houses.csv"),
        new Preprocessing(
            true, true, NumericArray.vector(3.5), NumericArray.vector(1.25), -7.0, 0.5),
        3,
        2,
        NumericArray.matrix(3, 2, new double[] {-1, 1, 0.5, 1, 0.5, 1}),
        NumericArray.vector(-1, 0.25, 0.75),
        "fff36246536b0b6bd26fefe72c58045beb8894ff0d5e157a0189532aefeb233f",
        1.25,
        null,
        3,
        new RunPlan(
            new RelaxationPlan(List.of(), 1, 0, 1),
            new TrainingPlan(List.of(), List.of(), List.of(), 1, 1)));
  }

  private static RelaxationMessage relaxation(
      RelaxationMethod method,
      int revision,
      Status status,
      BoundKind kind,
      double value,
      @Nullable LowerEvidence lower,
      @Nullable NetworkWeights network,
      Map<String, Double> measures) {
    return new RelaxationMessage(
        EXPERIMENT,
        generated().sha256(),
        method,
        revision,
        status != Status.TIME_LIMIT,
        status,
        null,
        kind,
        value,
        lower,
        network,
        measures,
        12,
        0.75,
        ENVIRONMENT);
  }

  /** The topic that carries the message of a golden file. */
  static Topic<?> topic(String name) {
    return Topic.ALL.stream()
        .filter(topic -> topic.eventType().startsWith("gap." + name.split("[.]")[0] + "."))
        .findFirst()
        .orElseThrow();
  }

  static byte[] json(String name) {
    return resource("golden/" + name + ".json");
  }

  static byte[] headers(String name) {
    return resource("golden/" + name + ".headers");
  }

  static JsonNode tree(String name) {
    return parse(json(name));
  }

  static JsonNode parse(byte[] json) {
    try {
      return PLAIN.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the schema of this golden file's message has against a document; empty for nothing. */
  static List<Error> schemaErrors(String name, byte[] json) {
    return schema(name)
        .validate(
            new String(json, StandardCharsets.UTF_8),
            InputFormat.JSON,
            context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
  }

  private static Schema schema(String name) {
    String file = name.split("[.]")[0] + ".v1.schema.json";
    return SCHEMAS.getSchema(SchemaLocation.of("classpath:io/gapstream/contracts/" + file));
  }

  /** A resource beside the messages. */
  static byte[] resource(String name) {
    try (InputStream stream = Message.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(stream, name).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
