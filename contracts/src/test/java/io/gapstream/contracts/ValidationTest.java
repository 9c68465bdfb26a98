package io.gapstream.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Takes the golden files, which are valid, and spoils one value at a time. What the schema can
 * express is refused by the schema too, which shares no code with the records.
 */
class ValidationTest {

  private static final String LONG = "\"" + "x".repeat(201) + "\"";

  /**
   * One spoiled value.
   *
   * @param file the golden file
   * @param place a JSON pointer
   * @param value what to put there, as JSON; empty to take the field away
   * @param reason what the refusal must hold
   */
  private record Case(String file, String place, String value, String... reason) {

    @Override
    public String toString() {
      String shown = value.length() > 60 ? value.substring(0, 60) + "..." : value;
      return file + " " + place + " " + shown;
    }
  }

  private static Case dataset(String place, String value, String... reason) {
    return new Case("dataset.v1.generated", place, value, reason);
  }

  private static Case upload(String place, String value, String... reason) {
    return new Case("dataset.v1.uploaded", place, value, reason);
  }

  private static Case lower(String place, String value, String... reason) {
    return new Case("relaxation.v1.lower", place, value, reason);
  }

  private static Case upper(String place, String value, String... reason) {
    return new Case("relaxation.v1.upper", place, value, reason);
  }

  private static Case training(String place, String value, String... reason) {
    return new Case("training.v1.converged", place, value, reason);
  }

  private static Case withdrawn(String place, String value, String... reason) {
    return new Case("certificate.v1.withdrawn", place, value, reason);
  }

  private static Case certificate(String place, String value, String... reason) {
    return new Case("certificate.v1", place, value, reason);
  }

  private static Case progress(String place, String value, String... reason) {
    return new Case("progress.v1.running", place, value, reason);
  }

  static Stream<Case> refusedBySchemaAndRecord() {
    return Stream.of(
        dataset("/experimentId", "\"0123\"", "experimentId", "'0123'"),
        dataset("/experimentId", "\"0123456789ABCDEF0123456789ABCDEF\"", "experimentId", "lower"),
        dataset("/name", "\"  \"", "name is blank"),
        dataset("/name", LONG, "name has 201 characters", "200"),
        dataset("/name", "\"a\\nb\"", "name holds a control character"),
        dataset("/name", "7", "name"),
        dataset("/studyId", "\"\"", "studyId is blank"),
        dataset("/n", "0", "n is 0", "from 1 to 500000"),
        dataset("/n", "500001", "n is 500001"),
        dataset("/n", "2.5", "n:", "2.5"),
        dataset("/n", "\"3\"", "n:", "\"3\""),
        dataset("/n", "true", "n:"),
        dataset("/n", "null", "n:"),
        dataset("/d", "5001", "d is 5001", "5000"),
        dataset("/X/dtype", "\"<f4\"", "X:", "dtype is '<f4'"),
        dataset("/X/shape", "[6]", "X has shape [6]", "[3, 2]"),
        dataset("/y/shape", "[3, 1]", "y has shape [3, 1]"),
        dataset("/y/shape", "[]", "y:", "shape is []"),
        dataset("/y/shape", "[-3]", "y:", "[-3]", "negative"),
        dataset("/y/shape", "[1, 3, 1]", "y:", "[1, 3, 1]"),
        dataset("/y/shape", "[3.5]", "y.shape[0]:", "3.5"),
        dataset("/y/data", "\"*\"", "y:", "not base64"),
        dataset("/y/data", "8", "y.data:"),
        dataset("/sha256", "\"00\"", "sha256 is '00'", "64"),
        dataset("/beta", "0", "beta is 0", "above 0"),
        dataset("/beta", "-1.5", "beta is -1.5"),
        dataset("/beta", "\"NaN\"", "beta is NaN"),
        dataset("/betaFraction", "0", "betaFraction is 0"),
        dataset("/betaMax", "0", "betaMax is 0"),
        dataset("/origin/kind", "\"stolen\"", "origin.kind", "stolen"),
        dataset("/origin/kind", "\"inline\"", "origin.generator"),
        dataset("/origin/kind", "0", "origin.kind"),
        dataset("/origin/generator", "", "origin.generator"),
        dataset("/origin/source", "\"a.csv\"", "origin.source is 'a.csv'", "upload"),
        dataset("/origin/generator/n", "0", "generator.n is 0"),
        dataset("/origin/generator/d", "5001", "generator.d is 5001"),
        dataset("/origin/generator/labels", "\"random\"", "labels", "random"),
        dataset("/origin/generator/teacherNeurons", "0", "generator.teacherNeurons is 0"),
        dataset("/origin/generator/noise", "-0.1", "generator.noise is -0.1"),
        dataset("/preprocessing/standardized", "true", "preprocessing", "true"),
        dataset("/preprocessing/targetMean", "1.5", "preprocessing", "false"),
        dataset("/plan/relaxation/methods", "[\"magic\"]", "plan.relaxation.methods[0]", "magic"),
        dataset("/plan/relaxation/methods", "[\"gated\", \"gated\"]", "[gated, gated]", "once"),
        dataset("/plan/relaxation/methods", "[null]", "plan.relaxation.methods", "[null]"),
        dataset("/plan/relaxation/patterns", "0", "plan.relaxation.patterns is 0"),
        dataset("/plan/relaxation/budgetSeconds", "0", "plan.relaxation.budgetSeconds is 0"),
        dataset("/plan/relaxation/budgetSeconds", "86401", "86401", "86400"),
        dataset("/plan/training/widths", "[0]", "plan.training.widths is 0"),
        dataset("/plan/training/widths", "[8, 8]", "plan.training.widths", "[8, 8]", "once"),
        dataset("/plan/training/seeds", "[1, 1]", "plan.training.seeds", "[1, 1]"),
        dataset("/plan/training/seeds", "[null]", "plan.training.seeds", "[null]"),
        dataset("/plan/training/steps", "0", "plan.training.steps is 0"),
        dataset("/plan/training/batchRows", "0", "plan.training.batchRows is 0"),
        dataset("/plan/training/budgetSeconds", "-1", "plan.training.budgetSeconds is -1"),
        upload("/preprocessing/targetScale", "0", "preprocessing.targetScale is 0"),
        upload("/preprocessing/standardized", "false", "preprocessing", "false"),
        upload("/preprocessing/featureScales", "", "preprocessing"),
        lower("/datasetSha256", "\"x\"", "datasetSha256 is 'x'"),
        lower("/method", "\"gated\"", "kind is 'lower'", "estimate"),
        lower("/kind", "\"estimate\"", "kind is 'estimate'", "gated"),
        lower("/kind", "\"upper\"", "lower is to be given"),
        lower("/revision", "0", "revision is 0"),
        lower("/status", "\"done\"", "status", "done"),
        lower("/status", "\"failed\"", "reason", "'failed'"),
        lower("/status", "\"diverged\"", "value is 5.601", "'diverged'"),
        lower("/reason", "\"none\"", "reason", "'converged'"),
        lower("/value", "\"NaN\"", "value is NaN"),
        lower("/lower", "", "lower is to be given"),
        lower("/lower/scale", "-1", "lower.scale is -1"),
        lower("/lower/plus/rung", "\"oracle\"", "lower.plus", "oracle"),
        lower("/lower/plus/rung", "", "lower.plus", "rung"),
        lower("/lower/plus/mu/shape", "[1, 1]", "witness.mu has shape [1, 1]"),
        lower("/lower/plus", quadratic("lambda", "-1"), "witness.lambda is -1.0"),
        lower("/lower/plus", pairs("lambda", "-1"), "witness.lambda is -1.0"),
        lower("/measures/gap", "\"Infinity\"", "measures.gap is Infinity"),
        lower("/measures/a\0b", "1.0", "a name in measures", "U+0000"),
        lower("/measures/a\ud800", "1.0", "measures", "surrogate"),
        lower("/measures/gap", "null", "measures.gap"),
        lower("/measures/ ", "1.0", "a name in measures is blank"),
        lower("/iterations", "-1", "iterations is -1"),
        lower("/elapsedSeconds", "-0.5", "elapsedSeconds is -0.5"),
        lower("/environment/processors", "0", "environment.processors is 0"),
        lower("/environment/host", "\"\"", "environment.host is blank"),
        lower("/environment/host", "\"a\\u0000b\"", "environment.host holds the character U+0000"),
        lower("/environment/host", "\"a\\ud800\"", "environment.host", "surrogate"),
        dataset("/name", "\"a\\u0000\"", "name holds the character U+0000"),
        dataset("/studyId", "\"\\udc00\"", "studyId", "surrogate"),
        progress("/activity", "\"\\u0000b\"", "activity holds the character U+0000"),
        upper("/network", "", "network is to be given"),
        upper("/kind", "\"lower\"", "lower is to be given"),
        upper("/network/U/shape", "[4]", "network.U has shape [4]"),
        new Case("relaxation.v1.failed", "/value", "1.5", "value is 1.5", "'failed'"),
        new Case("relaxation.v1.failed", "/reason", "", "reason"),
        new Case("relaxation.v1.failed", "/reason", "\" \"", "reason is blank"),
        new Case("relaxation.v1.failed", "/reason", "\"a\\u0000b\"", "reason", "U+0000"),
        new Case("relaxation.v1.failed", "/reason", "\"a\\nb\\udfff\"", "reason", "surrogate"),
        training("/method", "\"newton\"", "method", "newton"),
        training("/width", "0", "width is 0"),
        training("/value", "", "value is missing", "'converged'"),
        training("/network", "", "value and network"),
        training("/patternDrift", "1.5", "patternDrift is 1.5"),
        training("/learningRate", "-1", "learningRate is -1"),
        training("/steps", "-1", "steps is -1"),
        new Case("training.v1.diverged", "/patternDrift", "0.5", "patternDrift is 0.5"),
        new Case("training.v1.diverged", "/last", "false", "last is false without a value"),
        new Case("training.v1.stopped", "/last", "0", "last:"),
        new Case("training.v1.stopped", "/last", "\"no\"", "last:"),
        new Case("training.v1.stopped", "/last", "\"false\"", "last:"),
        certificate("/studyId", "\"\"", "studyId is blank"),
        certificate("/n", "0", "n is 0"),
        certificate("/d", "0", "d is 0"),
        certificate("/beta", "0", "beta is 0"),
        certificate("/lower", "-1", "lower is -1"),
        certificate("/upper", "-1", "upper is -1"),
        certificate("/ratio", "0.5", "ratio is 0.5"),
        certificate("/rung", "", "rung is missing", "5.5"),
        certificate("/verdict", "\"refuted\"", "verdict is 'refuted'", "leave them out"),
        certificate("/verdict", "\"pending\"", "verdict is 'pending'"),
        certificate("/lower", "", "lower is missing"),
        certificate("/upper", "", "upper is missing"),
        withdrawn("/lower", "5.5", "verdict is 'refuted'"),
        withdrawn("/upper", "11.0", "verdict is 'refuted'"),
        withdrawn("/ratio", "2.0", "verdict is 'refuted'"),
        withdrawn("/rung", "\"triangle\"", "verdict is 'refuted'"),
        withdrawn("/verdict", "\"verified\"", "lower is missing"),
        certificate("/version", "0", "version is 0"),
        certificate("/at", "\"yesterday\"", "at:", "yesterday"),
        certificate("/at", "1700000000", "at:"),
        certificate("/at", "\"1700000000\"", "at:", "1700000000"),
        new Case("certificate.v1.trivial", "/ratio", "2.0", "ratio is 2"),
        progress("/service", "\"\"", "service is blank"),
        progress("/activity", LONG, "activity has 201"),
        progress("/phase", "\"waiting\"", "phase", "waiting"),
        progress("/sequence", "0", "sequence is 0"),
        progress("/kind", "", "value and kind"),
        progress("/value", "", "value and kind"),
        progress("/elapsedSeconds", "-1", "elapsedSeconds is -1"));
  }

  /** Rules that tie one value to another in a way that a schema cannot express. */
  static Stream<Case> refusedByTheRecordAlone() {
    return Stream.of(
        dataset("/n", "4", "X has shape [3, 2]", "[4, 2]"),
        dataset("/d", "3", "X has shape [3, 2]", "[3, 3]"),
        dataset("/y", array(1, 2), "y has shape [2]", "[3]"),
        dataset("/y", array(1, Double.NaN, 2), "y:", "NaN at position 1"),
        dataset("/y", array(Double.POSITIVE_INFINITY, 1, 2), "y:", "Infinity at position 0"),
        dataset("/X/shape", "[3, 1000000000]", "X:", "3000000000 values"),
        dataset(
            "/origin/generator",
            "{\"n\":500000,\"d\":5,\"labels\":\"noise\",\"teacherNeurons\":1,\"noise\":0,\"seed\":1}",
            "generator n * (d + 1) is 3000000"),
        dataset("/plan/training/widths", "[8, 700000]", "widths holds 700000", "at most 666666"),
        dataset("/plan/training/seeds", range(4_000), "plan.training runs is 24000"),
        upload("/preprocessing/featureMeans", array(1, 2), "featureScales has shape [1]"),
        upload("/preprocessing/bias", "false", "featureMeans has shape [1]", "[2]"),
        upload("/preprocessing/featureScales", array(0), "featureScales is 0"),
        lower("/lower/dual", array(), "rows of lower.dual is 0"),
        lower("/lower/plus/sigma", array(1, 1), "witness.sigma has shape [2]", "[1]"),
        lower("/lower/plus", quadratic("mu", array(0)), "witness.mu is 0.0 at position 0"),
        lower("/lower/plus", quadratic("theta", array(1.5)), "witness.theta is 1.5", "to 1"),
        lower("/lower/plus", quadratic("sigma", array(-2)), "witness.sigma is -2.0"),
        lower("/lower/plus", quadratic("metric", matrix(1, 0)), "columns of witness.metric is 0"),
        lower("/lower/plus", quadratic("metric", matrix(0, 0)), "rows of witness.metric is 0"),
        lower("/lower/plus", quadratic("metric", matrix(1, 3, 1, 0, 0)), "is 3", "from 1 to 2"),
        lower("/lower/plus", quadratic("metric", array(1)), "witness.metric is a vector"),
        lower("/lower/plus", pairs("anchors", array(0, -1, 0)), "witness.anchors is -1.0"),
        lower("/lower/plus", pairs("theta", array(0, 0, 7)), "witness.theta is 7.0 at position 2"),
        lower("/lower/plus", pairs("sigma", array(-1.5, 0, 0)), "witness.sigma is -1.5"),
        lower("/lower/plus", pairs("metric", matrix(2, 4, 1, 0, 0, 0, 0, 1, 0, 0)), "from 1 to 3"),
        lower("/lower/plus", pairs("pairs", matrix(1, 3, 1.5, 0, 1)), "rows 1.5 and 0.0", "whole"),
        lower("/lower/plus", pairs("pairs", matrix(1, 3, 1, 1, 1)), "the larger one first"),
        lower("/lower/plus", pairs("pairs", matrix(1, 3, 3, 1, 1)), "below n"),
        lower("/lower/plus", pairs("pairs", matrix(1, 3, 1, -1, 1)), "rows 1.0 and -1.0"),
        lower("/lower/plus", pairs("pairs", matrix(2, 3, 1, 0, 1, 1, 0, 0)), "pair 1, 0 twice"),
        lower("/lower/plus", quartic("touch", array(0)), "witness.touch is 0.0"),
        lower("/lower/plus", quartic("touch", array(1.25)), "witness.touch is 1.25"),
        lower("/lower/plus", quartic("slope", array(-1)), "witness.slope is -1.0"),
        lower("/lower/plus", quartic("offset", array(2)), "witness.offset is 2.0"),
        upper("/network/a", array(1), "network.a has shape [1]", "[2]"),
        training("/width", "1", "neurons of the network is 2"),
        training("/curve/steps", array(0, 10), "curve.values has shape [3]", "[2]"),
        training("/curve/steps", array(0, 10, 10), "curve.steps has 10.0 after 10.0"),
        training("/curve/steps", array(0, 0.5, 1), "curve.steps has 0.5"),
        training("/curve/steps", array(-1, 0, 1), "curve.steps has -1.0"),
        certificate("/lower", "11.5", "lower is 11.5 and upper is 11.0"));
  }

  @ParameterizedTest
  @MethodSource({"refusedBySchemaAndRecord", "refusedByTheRecordAlone"})
  void refusesAndNamesTheFieldAndTheValue(Case spoiled) {
    // Given
    byte[] json = spoil(spoiled);
    Class<? extends Message> type = Golden.topic(spoiled.file()).messageClass();

    // Then
    assertThatThrownBy(() -> MessageJson.read(json, type))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessageContainingAll(spoiled.reason())
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1_000));
  }

  @ParameterizedTest
  @MethodSource("refusedBySchemaAndRecord")
  void theSchemaRefusesItToo(Case spoiled) {
    // When
    byte[] json = spoil(spoiled);

    // Then
    assertThat(Golden.schemaErrors(spoiled.file(), json)).isNotEmpty();
  }

  /** A missing field of any depth: optional ones apart, each is missed. */
  @ParameterizedTest
  @MethodSource("files")
  void missesEveryFieldThatTheSchemaRequires(String file) {
    // Given
    List<String> places = new ArrayList<>();
    places(Golden.tree(file), "", places);
    assertThat(places).hasSizeGreaterThan(5);
    Class<? extends Message> type = Golden.topic(file).messageClass();

    for (String place : places) {
      // When
      byte[] json = spoil(new Case(file, place, ""));
      boolean schemaRefuses = !Golden.schemaErrors(file, json).isEmpty();
      boolean recordRefuses = false;
      try {
        MessageJson.read(json, type);
      } catch (InvalidMessageException e) {
        recordRefuses = true;
      }

      // Then
      assertThat(recordRefuses).as(place).isEqualTo(schemaRefuses);
    }
  }

  static TreeSet<String> files() {
    return new TreeSet<>(Golden.messages().keySet());
  }

  private static void places(JsonNode node, String prefix, List<String> places) {
    for (Iterator<Map.Entry<String, JsonNode>> field = node.fields(); field.hasNext(); ) {
      Map.Entry<String, JsonNode> next = field.next();
      places.add(prefix + "/" + next.getKey());
      places(next.getValue(), prefix + "/" + next.getKey(), places);
    }
  }

  @Test
  void refusesAPlanWithMorePatternsThanFitMemory() {
    // Given
    RelaxationPlan plan = new RelaxationPlan(List.of(RelaxationMethod.GATED), 1_000_000, 1, 10);

    // Then
    assertThatThrownBy(() -> plan.requireRoom(400_000, 4))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessage(
            "plan.relaxation.patterns is 1000000; with n = 400000 and d = 4 at most 9993 are"
                + " allowed.");
    new RelaxationPlan(List.of(RelaxationMethod.GATED), 9993, 1, 10).requireRoom(400_000, 4);
    new RelaxationPlan(List.of(RelaxationMethod.LIFTED), 1_000_000, 1, 10).requireRoom(400_000, 4);
  }

  @Test
  void refusesValuesThatJsonCannotHold() {
    Environment environment = new Environment("gapstream", "17", "host", 1);
    assertThatThrownBy(() -> NumericArray.vector(1, Double.NEGATIVE_INFINITY))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessageContaining("-Infinity at position 1");
    assertThatThrownBy(() -> NumericArray.matrix(2, 3, new double[5]))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessageContaining("2 x 3 has 5 values");
    assertThatThrownBy(
            () ->
                new Preprocessing(
                    true, false, NumericArray.vector(1), NumericArray.vector(1), Double.NaN, 1.0))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessageContaining("preprocessing.targetMean is NaN");
    assertThatThrownBy(
            () ->
                new RelaxationMessage(
                    Golden.EXPERIMENT,
                    "0".repeat(64),
                    RelaxationMethod.GATED,
                    1,
                    true,
                    Status.CONVERGED,
                    null,
                    BoundKind.ESTIMATE,
                    1.0,
                    null,
                    null,
                    Map.of("gap", Double.NaN),
                    1,
                    1,
                    environment))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessageContaining("measures.gap is NaN");
    assertThatThrownBy(
            () ->
                new Witness.Quadratic(
                    NumericArray.vector(),
                    NumericArray.vector(),
                    NumericArray.vector(),
                    null,
                    Double.POSITIVE_INFINITY))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessageContaining("witness.lambda is Infinity");
    assertThatThrownBy(() -> new Environment("gap\ud800stream", "17", "host", 1))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessageContainingAll("environment.software", "surrogate");
  }

  @Test
  void takesTheLastResultOfARunForOneWhetherItSaysSoOrNot() {
    // Given
    Case saysSo = new Case("training.v1.converged", "/last", "true");

    // When
    TrainingMessage read = MessageJson.read(spoil(saysSo), TrainingMessage.class);

    // Then
    assertThat(Golden.schemaErrors(saysSo.file(), spoil(saysSo))).isEmpty();
    assertThat(read).isEqualTo(Golden.message("training.v1.converged"));
    assertThat(read.endsRun()).isTrue();
    assertThat(read.withMoreToCome().endsRun()).isFalse();
    assertThat(read.withMoreToCome().eventId()).startsWith(read.eventId() + "/");
  }

  @Test
  void listsCannotBeChangedAfterwards() {
    // Given
    List<Integer> widths = new ArrayList<>(List.of(8));
    TrainingPlan plan = new TrainingPlan(List.of(TrainingMethod.ADAM), widths, List.of(1L), 10, 1);

    // When
    widths.add(-1);

    // Then
    assertThat(plan.widths()).containsExactly(8);
    assertThat(plan.runs()).containsExactly(new TrainingRun(TrainingMethod.ADAM, 8, 1));
  }

  @Test
  void runsAreEveryCombinationOnce() {
    // Given
    DatasetMessage dataset = (DatasetMessage) Golden.message("dataset.v1.generated");

    // When
    List<TrainingRun> runs = dataset.plan().training().runs();

    // Then
    assertThat(runs).hasSize(12).doesNotHaveDuplicates();
    assertThat(dataset.plan().plannedResults()).isEqualTo(16);
  }

  @Test
  void theBoundRestsOnTheLesserRung() {
    RelaxationMessage message = (RelaxationMessage) Golden.message("relaxation.v1.lower");
    assertThat(Objects.requireNonNull(message.lower()).rung()).isEqualTo(Rung.TRIANGLE);
  }

  @Test
  void eventIdsTellResultsOfOneExperimentApart() {
    assertThat(Golden.messages().values().stream().map(Message::eventId))
        .filteredOn(id -> id.contains("/"))
        .doesNotHaveDuplicates()
        .allMatch(id -> id.startsWith(Golden.EXPERIMENT));
  }

  @Test
  void writesTimesInUtc() {
    // When
    String written =
        new String(
            MessageJson.write(Golden.message("certificate.v1.trivial")), StandardCharsets.UTF_8);

    // Then
    assertThat(written).contains("\"" + Instant.parse("2026-02-03T04:05:06Z") + "\"");
  }

  private static byte[] spoil(Case spoiled) {
    JsonNode tree = Golden.tree(spoiled.file());
    int slash = spoiled.place().lastIndexOf('/');
    ObjectNode parent = (ObjectNode) tree.at(spoiled.place().substring(0, slash));
    String field = spoiled.place().substring(slash + 1);
    if (spoiled.value().isEmpty()) {
      parent.remove(field);
    } else {
      parent.set(field, Golden.parse(spoiled.value().getBytes(StandardCharsets.UTF_8)));
    }
    return Pattern.compile("\\p{Cs}")
        .matcher(tree.toString())
        .replaceAll(half -> String.format("\\\\u%04x", (int) half.group().charAt(0)))
        .getBytes(StandardCharsets.UTF_8);
  }

  /** A vector as another program writes it; nothing stops that from holding NaN. */
  private static String array(double... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    return "{\"dtype\":\"<f8\",\"shape\":["
        + values.length
        + "],\"data\":\""
        + Base64.getEncoder().encodeToString(bytes.array())
        + "\"}";
  }

  private static String matrix(int rows, int columns, double... values) {
    return array(values).replace("[" + values.length + "]", "[" + rows + "," + columns + "]");
  }

  /** A sound witness of rung quadratic for one column, with one member replaced. */
  private static String quadratic(String member, String value) {
    return witness(
        member,
        value,
        "quadratic",
        Map.of(
            "mu",
            array(1),
            "theta",
            array(1),
            "sigma",
            array(0),
            "metric",
            matrix(1, 1, 1),
            "lambda",
            "1"));
  }

  /** A sound witness of rung pairs for three rows and two columns, with one member replaced. */
  private static String pairs(String member, String value) {
    return witness(
        member,
        value,
        "pairs",
        Map.of(
            "squares", array(1, 1, 1),
            "anchors", array(0, 0, 0),
            "theta", array(0, 0, 0),
            "sigma", array(0, 0, 0),
            "pairs", matrix(2, 3, 1, 0, 1, 2, 0, 1),
            "metric", matrix(2, 1, 1, 0),
            "lambda", "1"));
  }

  /** A witness of rung quartic for one row of each sign, with one member replaced. */
  private static String quartic(String member, String value) {
    return witness(
        member,
        value,
        "quartic",
        Map.of("touch", array(1), "slope", array(1), "offset", array(0), "gram", array(1, 0, 1)));
  }

  private static String witness(
      String member, String value, String rung, Map<String, String> sound) {
    Map<String, String> members = new TreeMap<>(sound);
    members.put(member, value);
    return members.entrySet().stream()
        .map(entry -> "\"" + entry.getKey() + "\":" + entry.getValue())
        .collect(Collectors.joining(",", "{\"rung\":\"" + rung + "\",", "}"));
  }

  private static String range(int count) {
    return IntStream.range(0, count)
        .mapToObj(String::valueOf)
        .collect(Collectors.joining(",", "[", "]"));
  }
}
