package io.gapstream.results.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.TrainingMessage;
import io.gapstream.results.Sample;
import io.gapstream.results.Servers;
import io.gapstream.results.application.Intake;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A study of seven experiments, some with an interval and some without. Expected orders are written
 * down by hand.
 */
@QuarkusTest
@WithTestResource(Servers.class)
class CertificateResourceTest {

  private static final String STUDY = "paging";
  private static final int SIZE = 7;

  @Inject Intake intake;
  @Inject ObjectMapper json;

  /** Numbers 0 to 3 have an interval that grows with the number; 4 to 6 have none. */
  @BeforeEach
  void aStudy() {
    for (int i = 0; i < SIZE; i++) {
      Sample sample = Sample.named(name(i), STUDY);
      intake.dataset(sample.dataset());
      if (i < 4) {
        RelaxationMessage lower = sample.lower(1, 1.0 / (i + 1));
        TrainingMessage upper = sample.trainedToZero(1);
        intake.relaxation(lower, MessageJson.write(lower));
        intake.training(upper, MessageJson.write(upper));
      }
    }
  }

  private static String name(int i) {
    return String.format(Locale.ROOT, "Paging %d", i);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "updatedAt",
        "-updatedAt",
        "createdAt",
        "-createdAt",
        "name",
        "-name",
        "ratio",
        "-ratio",
        "lower",
        "-lower",
        "upper",
        "-upper"
      })
  void givesEveryCertificateOnceOverPagesOfTwo(String sort) throws Exception {
    // Given
    List<String> atOnce = names(list(Map.of("sort", sort)).get("items"));
    // When
    List<String> paged = new ArrayList<>();
    JsonNode page = list(Map.of("sort", sort, "limit", 2));
    paged.addAll(names(page.get("items")));
    while (page.has("next")) {
      page = list(Map.of("sort", sort, "limit", 2, "cursor", page.get("next").asText()));
      assertThat(page.get("items").size()).isBetween(1, 2);
      paged.addAll(names(page.get("items")));
    }
    // Then
    assertThat(paged).hasSize(SIZE).doesNotHaveDuplicates().isEqualTo(atOnce);
  }

  @Test
  void sortsByNameInBothDirections() throws Exception {
    // When
    List<String> up = names(list(Map.of("sort", "name")).get("items"));
    List<String> down = names(list(Map.of("sort", "-name")).get("items"));
    // Then
    assertThat(up).startsWith(name(0), name(1), name(2)).endsWith(name(6));
    assertThat(down).startsWith(name(6), name(5)).endsWith(name(1), name(0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ratio", "-ratio"})
  void putsCertificatesWithoutTheValueLast(String sort) throws Exception {
    // When
    List<String> names = names(list(Map.of("sort", sort)).get("items"));
    // Then
    assertThat(names.subList(0, 4)).containsExactlyInAnyOrder(name(0), name(1), name(2), name(3));
    assertThat(names.subList(4, SIZE)).containsExactlyInAnyOrder(name(4), name(5), name(6));
  }

  @ParameterizedTest
  @CsvSource({
    "verdict, verified, 4",
    "verdict, pending, 3",
    "verdict, refuted, 0",
    "rung, triangle, 4",
    "rung, quadratic, 0",
    "complete, false, 7",
    "complete, true, 0",
    "name, pAGING 3, 1",
    "name, %, 0",
    "maxRatio, 1, 0",
    "maxRatio, 1e300, 4",
  })
  void filters(String parameter, String value, int expected) throws Exception {
    // When
    JsonNode page = list(Map.of(parameter, value));
    // Then
    assertThat(page.get("items")).hasSize(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "verdict | certain | choose one of verified, pending, refuted",
        "rung | top | choose one of cone-bnb, quartic, pairs, quadratic, triangle",
        "complete | yes | choose one of true, false",
        "maxRatio | 0.5 | give a number, 1 or above",
        "maxRatio | NaN | give a number, 1 or above",
        "maxRatio | much | give a number, 1 or above",
        "sort | beta | choose one of updatedAt, createdAt, name, ratio, lower, upper",
        "limit | 0 | give a whole number from 1 to 500",
        "limit | ten | give a whole number from 1 to 500",
        "cursor | !!! | give the 'next' of the page before",
        "cursor | bm9uZQ | give the 'next' of the page before",
        "verdct | verified | choose one of complete, cursor, limit",
      })
  void refusesWhatItCannotUseAndSaysWhatItCan(String parameter, String value, String advice)
      throws Exception {
    // When
    var response = given().queryParam(parameter, value).get("/api/v1/certificates");
    // Then
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.contentType()).startsWith("application/problem+json");
    JsonNode problem = json.readTree(response.asString());
    assertThat(problem.get("detail").asText()).contains(parameter, value, advice);
  }

  @Test
  void refusesACursorOfAnotherOrder() throws Exception {
    // Given
    String cursor = list(Map.of("sort", "name", "limit", 2)).get("next").asText();
    // When
    int status =
        given()
            .queryParam("sort", "-name")
            .queryParam("cursor", cursor)
            .get("/api/v1/certificates")
            .statusCode();
    // Then
    assertThat(status).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/history"})
  void saysWhichExperimentItDoesNotKnow(String below) throws Exception {
    // When
    var response = given().get("/api/v1/certificates/unknown" + below);
    // Then
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.contentType()).startsWith("application/problem+json");
    assertThat(json.readTree(response.asString()).get("detail").asText()).contains("'unknown'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "studyId", "verdict", "rung", "sort", "cursor", "maxRatio"})
  void refusesTextThatNoDatabaseHolds(String parameter) throws Exception {
    // When
    var response =
        given().urlEncodingEnabled(false).get("/api/v1/certificates?" + parameter + "=%00");
    // Then
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(json.readTree(response.asString()).get("detail").asText())
        .contains(parameter, "U+0000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"name\n%s\n\0", "name\n\0\na", "name\n%s\n", "-updatedAt\n%s\n"})
  void refusesACursorThatItNeverGave(String text) {
    // Given
    String id = Sample.named(name(0), STUDY).id();
    String cursor =
        Base64.getUrlEncoder()
            .encodeToString(String.format(Locale.ROOT, text, id).getBytes(StandardCharsets.UTF_8));
    // When
    int status =
        given()
            .queryParam("sort", text.substring(0, text.indexOf('\n')))
            .queryParam("cursor", cursor)
            .get("/api/v1/certificates")
            .statusCode();
    // Then
    assertThat(status).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/history",
        "/file",
        "/network.onnx",
        "/network.npz",
        "/dual.npy",
        "/X.npy",
        "/y.npy"
      })
  void asksTheDatabaseForNoIdThatIsNone(String below) {
    // When
    int status =
        given().urlEncodingEnabled(false).get("/api/v1/certificates/%00" + below).statusCode();
    // Then
    assertThat(status).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/index.html", "/app.js", "/feed.js", "/style.css"})
  void letsBrowsersAskWhetherThePageIsStillTheSame(String path) {
    // When
    var response = given().get(path);
    var again = given().header("If-Modified-Since", response.header("Last-Modified")).get(path);
    // Then
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(again.statusCode()).isEqualTo(304);
  }

  @Test
  void writesNumbersInTheShortestFormThatReadsBack() {
    // Given
    String id = Sample.named(name(0), STUDY).id();
    double upper = java.util.Objects.requireNonNull(Sample.named(name(0)).trainedToZero(1).value());
    // When
    String body = given().get("/api/v1/certificates/" + id).asString();
    // Then
    assertThat(body).contains("\"upper\":" + upper + ",").doesNotContain("NaN", "null");
  }

  @Test
  void describesItselfAndItsHealth() throws Exception {
    // When
    String openApi = given().accept("application/json").get("/q/openapi").asString();
    int ui = given().get("/q/swagger-ui/").statusCode();
    JsonNode live = json.readTree(given().get("/q/health/live").asString());
    JsonNode ready = json.readTree(given().get("/q/health/ready").asString());
    // Then
    JsonNode paths = json.readTree(openApi).get("paths");
    assertThat(paths.has("/api/v1/certificates")).isTrue();
    assertThat(paths.at("/~1api~1v1~1certificates/get/parameters")).hasSize(9);
    assertThat(ui).isEqualTo(200);
    assertThat(live.get("status").asText()).isEqualTo("UP");
    assertThat(live.get("checks").toString()).doesNotContainIgnoringCase("kafka", "database");
    assertThat(ready.get("status").asText()).isEqualTo("UP");
    assertThat(ready.get("checks").toString()).contains("Kafka", "Database");
  }

  @Test
  void servesThePageWithoutAnythingFromOutside() {
    // When
    String page = given().get("/").asString();
    String script = given().get("/app.js").asString();
    String style = given().get("/style.css").asString();
    // Then
    assertThat(page).contains("<title>Gapstream certificates</title>");
    assertThat(page + style + script.replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("http:", "https:", "innerHTML");
  }

  private JsonNode list(Map<String, ?> parameters) throws Exception {
    RequestSpecification request = given().queryParam("studyId", STUDY);
    parameters.forEach(request::queryParam);
    return json.readTree(
        request.get("/api/v1/certificates").then().statusCode(200).extract().asString());
  }

  private static List<String> names(JsonNode items) {
    return items.findValuesAsText("name");
  }
}
