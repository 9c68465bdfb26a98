package io.gapstream.datagenerator.rest;

import static io.restassured.RestAssured.given;
import static io.restassured.path.json.config.JsonPathConfig.NumberReturnType.DOUBLE;
import static io.restassured.path.json.config.JsonPathConfig.jsonPathConfig;
import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.RelaxationMethod;
import io.gapstream.contracts.TrainingMethod;
import io.gapstream.contracts.TrainingPrecision;
import io.gapstream.datagenerator.Broker;
import io.gapstream.datagenerator.DatasetTopic;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Experiments over HTTP, with a real broker behind. What is on the topic is read by a plain Kafka
 * client; expected values are those of the request, and the hash is computed here byte by byte.
 */
@QuarkusTest
@WithTestResource(value = Broker.class, scope = TestResourceScope.GLOBAL)
class ExperimentsResourceTest {

  private static final String PATH = "/api/v1/experiments";
  private static final String POINTS = "\"data\":{\"X\":[[1,2],[3,5],[4,4]],\"y\":[1,0,2]}";
  private static final String GENERATOR = "{\"n\":40,\"d\":3,\"labels\":\"teacher\",\"seed\":5}";

  @Test
  void publishesWhatItAnswers() {
    // When
    Response response =
        post(
            """
            {"name": "planted", "studyId": "s-1", "generator": %s, "betaFraction": 0.25,
             "plan": {"relaxation": {"methods": ["gated"], "patterns": 50, "seed": 3, "budgetSeconds": 4},
                      "training": {"methods": ["adam"], "widths": [7], "seeds": [1, 9], "steps": 11,
                                   "budgetSeconds": 6, "precision": "float32", "batchRows": 5}}}
            """
                .formatted(GENERATOR));
    // Then
    assertThat(response.statusCode()).isEqualTo(202);
    JsonPath answer = response.jsonPath(jsonPathConfig().numberReturnType(DOUBLE));
    DatasetMessage dataset = DatasetTopic.message(answer.getString("experimentId"));
    assertThat(response.header("Location"))
        .isEqualTo("/api/v1/certificates/" + dataset.experimentId());
    assertThat(answer.getString("name")).isEqualTo("planted").isEqualTo(dataset.name());
    assertThat(answer.getInt("n")).isEqualTo(40).isEqualTo(dataset.n());
    assertThat(answer.getInt("d")).isEqualTo(3).isEqualTo(dataset.d());
    assertThat(answer.getDouble("beta")).isEqualTo(dataset.beta());
    assertThat(answer.getDouble("betaMax")).isEqualTo(dataset.betaMax());
    assertThat(answer.getDouble("betaFraction")).isEqualTo(0.25);
    assertThat(answer.getString("sha256")).isEqualTo(dataset.sha256()).isEqualTo(hash(dataset));
    assertThat(answer.getInt("plannedResults")).isEqualTo(1 + 2);
    assertThat(dataset.studyId()).isEqualTo("s-1");
    assertThat(dataset.plan().relaxation().methods()).containsExactly(RelaxationMethod.GATED);
    assertThat(dataset.plan().relaxation().patterns()).isEqualTo(50);
    assertThat(dataset.plan().training().methods()).containsExactly(TrainingMethod.ADAM);
    assertThat(dataset.plan().training().seeds()).containsExactly(1L, 9L);
    assertThat(dataset.plan().training().steps()).isEqualTo(11);
    assertThat(dataset.plan().training().precision()).isEqualTo(TrainingPrecision.FLOAT32);
    assertThat(dataset.plan().training().batchRows()).isEqualTo(5);
  }

  @Test
  void writesCloudEventsWithTheExperimentAsKey() {
    // When
    String id =
        post("{\"name\":\"event\",\"generator\":" + GENERATOR + ",\"beta\":1.5}")
            .jsonPath()
            .getString("experimentId");
    // Then
    ConsumerRecord<String, byte[]> record = DatasetTopic.records(id).get(0);
    assertThat(record.key()).isEqualTo(id);
    assertThat(header(record, "ce_id")).isEqualTo(id);
    assertThat(header(record, "ce_type")).isEqualTo("gap.dataset.v1");
    assertThat(header(record, "ce_source")).isEqualTo("/gapstream/data-generator");
    assertThat(header(record, "ce_specversion")).isEqualTo("1.0");
    assertThat(header(record, "content-type")).isEqualTo("application/json");
  }

  @Test
  void fillsInThePlanAndThePreprocessing() {
    // When
    DatasetMessage inline = accepted("{\"name\":\"inline\"," + POINTS + ",\"betaFraction\":0.1}");
    DatasetMessage generated =
        accepted("{\"name\":\"gen\",\"generator\":" + GENERATOR + ",\"betaFraction\":0.1}");
    // Then
    assertThat(inline.preprocessing().standardized()).isTrue();
    assertThat(inline.preprocessing().bias()).isTrue();
    assertThat(inline.d()).isEqualTo(3);
    assertThat(generated.preprocessing().standardized()).isFalse();
    assertThat(generated.preprocessing().bias()).isFalse();
    assertThat(inline.plan()).isEqualTo(generated.plan());
    assertThat(inline.plan().relaxation().methods()).containsExactly(RelaxationMethod.values());
    assertThat(inline.plan().relaxation().patterns()).isEqualTo(200);
    assertThat(inline.plan().relaxation().seed()).isEqualTo(1);
    assertThat(inline.plan().relaxation().budgetSeconds()).isEqualTo(30);
    assertThat(inline.plan().training().methods()).containsExactly(TrainingMethod.values());
    assertThat(inline.plan().training().widths()).containsExactly(100);
    assertThat(inline.plan().training().seeds()).containsExactly(1L, 2L, 3L);
    assertThat(inline.plan().training().steps()).isEqualTo(2000);
    assertThat(inline.plan().training().budgetSeconds()).isEqualTo(30);
    assertThat(inline.plan().training().precision()).isNull();
    assertThat(inline.plan().training().batchRows()).isNull();
  }

  @Test
  void keepsInlineNumbersAsTheyAreWhenAskedTo() {
    // When
    DatasetMessage dataset =
        accepted(
            "{\"name\":\"raw\"," + POINTS + ",\"beta\":0.5,\"standardize\":false,\"bias\":false}");
    // Then
    assertThat(dataset.x().values()).containsExactly(1, 2, 3, 5, 4, 4);
    assertThat(dataset.y().values()).containsExactly(1, 0, 2);
    assertThat(dataset.beta()).isEqualTo(0.5);
    assertThat(dataset.betaFraction()).isNull();
  }

  @Test
  void sendsTheSameMessageForTheSameRequest() {
    // Given
    String request =
        "{\"name\":\"twice\",\"generator\":"
            + GENERATOR.replace("\"seed\":5", "\"seed\":6")
            + ",\"betaFraction\":0.1}";
    // When
    String first = post(request).jsonPath().getString("experimentId");
    String second = post(request).jsonPath().getString("experimentId");
    // Then
    assertThat(second).isEqualTo(first);
    List<ConsumerRecord<String, byte[]>> records = DatasetTopic.records(first);
    assertThat(records).hasSize(2);
    assertThat(records.get(1).value()).isEqualTo(records.get(0).value());
    assertThat(records.get(1).partition()).isEqualTo(records.get(0).partition());
    assertThat(header(records.get(1), "ce_id")).isEqualTo(header(records.get(0), "ce_id"));
  }

  static Stream<Arguments> badRequests() {
    return Stream.of(
        bad("", "The body is empty or not an object"),
        bad("null", "The body is null"),
        bad("[]", "The body is empty or not an object"),
        bad("{\"name\":", "The body ends before its JSON does"),
        bad("{\"name\":\"a\",\"name\":\"b\"}", "Duplicate field 'name'"),
        bad("{\"name\":\"a\"} x", "not the JSON that it must be"),
        bad(
            "{\"name\":\"a\",\"betaFracton\":1}",
            "The request has a field 'betaFracton' that is not known; the known ones there are"
                + " beta, betaFraction,"),
        bad(with("\"plan\":{\"training\":{\"width\":[1]}}"), "a field 'plan.training.width'"),
        bad("{\"generator\":" + GENERATOR + ",\"beta\":1}", "name is missing"),
        bad("{\"name\":\" \",\"generator\":" + GENERATOR + ",\"beta\":1}", "name is blank"),
        bad("{\"name\":\"a\",\"beta\":1}", "There is neither generator nor data"),
        bad(
            "{\"name\":\"a\"," + POINTS + ",\"generator\":" + GENERATOR + ",\"beta\":1}",
            "There are both generator and data"),
        bad("{\"name\":\"a\"," + POINTS + "}", "There is neither beta nor betaFraction"),
        bad(with("\"betaFraction\":0.1"), "There are both beta and betaFraction"),
        bad("{\"name\":\"a\"," + POINTS + ",\"beta\":0}", "beta is 0.0; it must be"),
        bad("{\"name\":\"a\"," + POINTS + ",\"beta\":-2}", "beta is -2.0; it must be"),
        bad("{\"name\":\"a\"," + POINTS + ",\"beta\":1e999}", "beta is Infinity; it must be"),
        bad("{\"name\":\"a\"," + POINTS + ",\"beta\":NaN}", "Non-standard token 'NaN'"),
        bad("{\"name\":\"a\"," + POINTS + ",\"beta\":\"NaN\"}", "beta"),
        bad(
            "{\"name\":\"a\"," + POINTS + ",\"betaFraction\":0}",
            "betaFraction is 0.0; it must be"),
        bad(generator("\"n\":1,\"d\":3,\"labels\":\"noise\""), "1 row is too few"),
        bad(generator("\"n\":-5,\"d\":3,\"labels\":\"noise\""), "-5 rows are too few"),
        bad(generator("\"n\":5,\"d\":0,\"labels\":\"noise\""), "There are 0 features"),
        bad(generator("\"n\":5.5,\"d\":3,\"labels\":\"noise\""), "generator.n"),
        bad(generator("\"d\":3,\"labels\":\"noise\""), "generator.n is missing"),
        bad(generator("\"n\":5,\"d\":3"), "generator.labels is missing"),
        bad(
            generator("\"n\":5,\"d\":3,\"labels\":\"techer\""),
            "generator.labels is 'techer'; it must be one of noise, teacher."),
        bad(generator("\"n\":5,\"d\":3,\"labels\":0"), "generator.labels"),
        bad(
            generator("\"n\":5,\"d\":3,\"labels\":\"teacher\",\"noise\":-1"),
            "generator.noise is -1.0"),
        bad(
            generator("\"n\":5,\"d\":3,\"labels\":\"teacher\",\"teacherNeurons\":0"),
            "generator.teacherNeurons is 0"),
        bad(generator("\"n\":5,\"d\":3,\"labels\":\"teacher\",\"noise\":1e308"), "Rescale the"),
        bad(data("[[1,2],[3]]", "[1,2]"), "data.X[1] has 1 value and data.X[0] has 2"),
        bad(data("[[1,2],[3,\"4\"]]", "[1,2]"), "data.X[1][1] is '4'; it must be a number."),
        bad(data("[[1,2],[3,null]]", "[1,2]"), "data.X[1][1] is null"),
        bad(data("[[1,2],[3,1e999]]", "[1,2]"), "data.X[1][1] is 1e999, beyond the largest"),
        bad(data("[[1,2],7]", "[1,2]"), "data.X[1] is 7; it must be a list of numbers."),
        bad(data("7", "[1,2]"), "data.X is 7; it must be a list of rows."),
        bad(data("[[1,2],[3,4]]", "[1,true]"), "data.y[1] is true; it must be a number."),
        bad(data("[[1,2],[3,4]]", "[1]"), "data.X has 2 rows and data.y has 1 values"),
        bad(data("[[1,2]]", "[1]"), "1 row is too few"),
        bad(data("[]", "[]"), "0 rows are too few"),
        bad(data("[[],[]]", "[1,2]"), "There are 0 features"),
        bad("{\"name\":\"a\",\"data\":{\"y\":[1,2]},\"beta\":1}", "data.X is missing"),
        bad(data("[[1,2],[3,2]]", "[1,2]"), "the column 'X[1]' is 2.0 in every row"),
        bad(data("[[1,2],[3,4]]", "[2,2]"), "the target 'y' is 2.0 in every row"),
        bad(
            "{\"name\":\"a\",\"data\":{\"X\":[[1],[2]],\"y\":[0,0]},\"beta\":1,"
                + "\"standardize\":false}",
            "No network fits the target better than zero"),
        bad(
            with("\"plan\":{\"relaxation\":{\"methods\":[\"magic\"]}}"),
            "plan.relaxation.methods[0] is 'magic'; it must be one of lifted, gated,"),
        bad(with("\"plan\":{\"relaxation\":{\"methods\":[null]}}"), "plan.relaxation.methods"),
        bad(
            with("\"plan\":{\"relaxation\":{\"methods\":[\"gated\",\"gated\"]}}"),
            "plan.relaxation.methods is [gated, gated]; name each once."),
        bad(
            with("\"plan\":{\"relaxation\":{\"budgetSeconds\":0}}"),
            "plan.relaxation.budgetSeconds is 0.0"),
        bad(
            with("\"plan\":{\"training\":{\"budgetSeconds\":1e9}}"),
            "at most 86400.0 s are allowed"),
        bad(with("\"plan\":{\"training\":{\"widths\":[0]}}"), "plan.training.widths is 0"),
        bad(with("\"plan\":{\"training\":{\"batchRows\":0}}"), "plan.training.batchRows is 0"),
        bad(with("\"plan\":{\"training\":{\"precision\":\"float16\"}}"), "plan.training.precision"),
        bad(
            with("\"plan\":{\"training\":{\"steps\":\"many\"}}"),
            "plan.training.steps has a value of the wrong kind; it must be a whole number"));
  }

  @ParameterizedTest
  @MethodSource("badRequests")
  void refusesABadRequestWithItsReason(String request, String reason) {
    // Given
    long before = DatasetTopic.size();
    // When
    Response response = post(request);
    // Then
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(400);
    assertThat(response.contentType()).startsWith("application/problem+json");
    assertThat(response.jsonPath().getString("detail")).contains(reason).endsWith(".");
    assertThat(response.jsonPath().getInt("status")).isEqualTo(400);
    assertThat(response.asString()).doesNotContain("io.gapstream", "java.", "jackson");
    assertThat(DatasetTopic.size()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"n\":500001,\"d\":1,\"labels\":\"noise\"",
        "\"n\":1000,\"d\":2000,\"labels\":\"noise\"",
        "\"n\":10,\"d\":5001,\"labels\":\"noise\"",
        "\"n\":9000000000,\"d\":9000000000,\"labels\":\"noise\""
      })
  void refusesAGeneratorAboveTheLimits(String generator) {
    // Given
    long before = DatasetTopic.size();
    // When
    Response response = post(generator(generator));
    // Then
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.contentType()).startsWith("application/problem+json");
    assertThat(response.jsonPath().getString("detail")).contains("use fewer");
    assertThat(DatasetTopic.size()).isEqualTo(before);
  }

  @Test
  void refusesInlineDataAboveTheLimits() {
    // Given
    long before = DatasetTopic.size();
    String row = "[" + "0,".repeat(999) + "0]";
    // When
    Response response = post(data("[" + (row + ",").repeat(2000) + row + "]", "[0]"));
    // Then
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.jsonPath().getString("detail")).contains("above 2000000 values");
    assertThat(DatasetTopic.size()).isEqualTo(before);
  }

  @Test
  void refusesOtherMediaTypesAndMethods() {
    // When
    Response text = given().contentType("text/plain").body("x").post(PATH);
    Response get = given().get(PATH);
    // Then
    assertThat(text.statusCode()).isEqualTo(415);
    assertThat(text.contentType()).startsWith("application/problem+json");
    assertThat(get.statusCode()).isEqualTo(405);
  }

  private static Arguments bad(String request, String reason) {
    return Arguments.of(request, reason);
  }

  private static String with(String field) {
    return "{\"name\":\"a\"," + POINTS + ",\"beta\":1," + field + "}";
  }

  private static String generator(String fields) {
    return "{\"name\":\"a\",\"generator\":{" + fields + "},\"beta\":1}";
  }

  private static String data(String x, String y) {
    return "{\"name\":\"a\",\"data\":{\"X\":" + x + ",\"y\":" + y + "},\"beta\":1}";
  }

  private static Response post(String json) {
    return given().contentType("application/json").body(json).post(PATH);
  }

  private static DatasetMessage accepted(String json) {
    Response response = post(json);
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(202);
    return DatasetTopic.message(response.jsonPath().getString("experimentId"));
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "absent" : new String(header.value(), StandardCharsets.UTF_8);
  }

  /** The canonical hash, from its description. */
  private static String hash(DatasetMessage dataset) {
    int n = dataset.n();
    int d = dataset.d();
    ByteBuffer bytes =
        ByteBuffer.allocate(10 + 16 + 8 * n * (d + 1)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put("gapdata/1\n".getBytes(StandardCharsets.US_ASCII)).putLong(n).putLong(d);
    for (double value : dataset.x().values()) {
      bytes.putDouble(value);
    }
    for (double value : dataset.y().values()) {
      bytes.putDouble(value);
    }
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
