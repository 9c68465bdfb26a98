package io.gapstream.datagenerator;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The broker's process is killed and started again; the service is the same all the while. */
@QuarkusTest
@WithTestResource(value = Broker.class, scope = TestResourceScope.GLOBAL)
class BrokerOutageTest {

  private static final String EXPERIMENT =
      "{\"name\":\"outage\",\"generator\":{\"n\":20,\"d\":2,\"labels\":\"noise\"},\"beta\":1}";

  @Test
  void answers503WhileTheBrokerIsAwayAndRecovers() {
    // Given
    String id = post().jsonPath().getString("experimentId");
    Broker.kill();
    Response refused;
    Response ready;
    Response live;
    try {
      // When
      refused = post();
      ready = given().get("/q/health/ready");
      live = given().get("/q/health/live");
    } finally {
      Broker.startAgain();
    }
    // Then
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.contentType()).startsWith("application/problem+json");
    assertThat(refused.header("Retry-After")).isEqualTo("10");
    assertThat(refused.jsonPath().getString("detail"))
        .contains("did not acknowledge")
        .contains("repeat the request");
    assertThat(ready.statusCode()).isEqualTo(503);
    assertThat(live.statusCode()).isEqualTo(200);
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              Response response = post();
              assertThat(response.statusCode()).isEqualTo(202);
              assertThat(response.jsonPath().getString("experimentId")).isEqualTo(id);
            });
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> assertThat(given().get("/q/health/ready").statusCode()).isEqualTo(200));
    assertThat(DatasetTopic.records(id)).hasSizeGreaterThanOrEqualTo(2);
  }

  private static Response post() {
    return given().contentType("application/json").body(EXPERIMENT).post("/api/v1/experiments");
  }
}
