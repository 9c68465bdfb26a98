package io.gapstream.datagenerator.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.datagenerator.Broker;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What operators and clients look at. The examples of the API description are taken from the served
 * description and sent, so they cannot grow stale.
 */
@QuarkusTest
@WithTestResource(value = Broker.class, scope = TestResourceScope.GLOBAL)
class OperationsTest {

  private static final String EXPERIMENT =
      "{\"name\":\"m\",\"generator\":{\"n\":20,\"d\":2,\"labels\":\"noise\"},\"beta\":1}";

  @Test
  void describesItselfWithExamplesThatWork() {
    // Given
    JsonPath description = given().get("/q/openapi?format=json").jsonPath();
    List<Object> experiments =
        description.getList(
            "paths.'/api/v1/experiments'.post.requestBody.content.'application/json'.examples"
                + ".collect { it.value.value }");
    String csv =
        description.getString(
            "paths.'/api/v1/datasets'.post.requestBody.content.'text/csv'.examples.'three rows'"
                + ".value");
    // When
    List<Integer> statuses =
        experiments.stream()
            .map(
                example ->
                    given()
                        .contentType("application/json")
                        .body(example)
                        .post("/api/v1/experiments")
                        .statusCode())
            .toList();
    int upload =
        given()
            .contentType("text/csv")
            .body(csv)
            .post("/api/v1/datasets?target=species&betaFraction=0.1")
            .statusCode();
    // Then
    assertThat(statuses).containsExactly(202, 202);
    assertThat(upload).isEqualTo(202);
  }

  @Test
  void describesEveryParameterAndEveryStatus() {
    // When
    JsonPath description = given().get("/q/openapi?format=json").jsonPath();
    // Then
    assertThat(description.getList("paths.'/api/v1/datasets'.post.parameters.name", String.class))
        .containsExactlyInAnyOrder(
            "target",
            "name",
            "file",
            "studyId",
            "beta",
            "betaFraction",
            "standardize",
            "bias",
            "budgetSeconds",
            "seed");
    assertThat(description.getMap("paths.'/api/v1/datasets'.post.responses").keySet())
        .asString()
        .contains("202", "400", "413", "415", "429", "503");
    assertThat(description.getMap("paths.'/api/v1/datasets'.post.requestBody.content").keySet())
        .asString()
        .contains("text/csv", "multipart/form-data");
  }

  @Test
  void countsWhatItAcceptsAndWhatItRefuses() {
    // Given
    double accepted = counter("accepted");
    double refused = counter("refused");
    // When
    given().contentType("application/json").body(EXPERIMENT).post("/api/v1/experiments");
    given().contentType("application/json").body("{}").post("/api/v1/experiments");
    given().contentType("text/csv").body("").post("/api/v1/datasets?target=y&beta=1");
    // Then
    assertThat(counter("accepted")).isEqualTo(accepted + 1);
    assertThat(counter("refused")).isEqualTo(refused + 2);
  }

  @Test
  void isReadyWhileTheBrokerAnswers() {
    // When
    Response ready = given().get("/q/health/ready");
    // Then
    assertThat(ready.statusCode()).isEqualTo(200);
    assertThat(ready.asString()).contains("datasets", "Waiting datasets are known");
  }

  private static double counter(String outcome) {
    String line = "gapstream_experiments_total{outcome=\"" + outcome + "\"} ";
    return given()
        .get("/q/metrics")
        .asString()
        .lines()
        .filter(text -> text.startsWith(line))
        .mapToDouble(text -> Double.parseDouble(text.substring(line.length())))
        .sum();
  }
}
