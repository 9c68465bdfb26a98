package io.gapstream.datagenerator.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.datagenerator.Broker;
import io.gapstream.datagenerator.DatasetTopic;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser sends for a page that is not this service's, sent here byte by byte. */
@QuarkusTest
@TestProfile(HttpGuardTest.MoreNames.class)
@WithTestResource(value = Broker.class, scope = TestResourceScope.GLOBAL)
class HttpGuardTest {

  /** As a deployment in containers sets it, with one page that may use the service. */
  public static final class MoreNames implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "gapstream.http.allowed-hosts",
          "data-generator,lab.example.org:8443",
          "gapstream.http.allowed-origins",
          "https://page.example.org");
    }
  }

  private static final String EXPERIMENT =
      "{\"name\":\"m\",\"generator\":{\"n\":20,\"d\":2,\"labels\":\"noise\"},\"beta\":1,"
          + "\"plan\":{\"relaxation\":{\"methods\":[]},\"training\":{\"methods\":[]}}}";

  @TestHTTPResource("/")
  private @Nullable URI uri;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/api/v1/experiments",
        "/q/health/live",
        "/q/metrics",
        "/q/openapi",
        "/q/swagger-ui/",
        "/no/such/page"
      })
  void refusesAnotherHostEverywhere(String path) throws IOException {
    // When
    String answer = raw("GET " + path + " HTTP/1.1", "Host: rebound.example.com:8081");
    // Then
    assertThat(answer)
        .startsWith("HTTP/1.1 421 ")
        .contains("application/problem+json")
        .contains("Host is 'rebound.example.com:8081', which is no name of this service")
        .contains("GAPSTREAM_HTTP_ALLOWED_HOSTS");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost.example.com",
        "localhost:80.example.com",
        "127.0.0.1.example.com",
        "127.0.0.2",
        "10.0.0.1:8081",
        "[::2]",
        "[::1].example.com",
        "me@localhost",
        "example.com/localhost",
        "example.com#localhost",
        "localhost, example.com",
        "lab.example.org",
        "lab.example.org:80",
        ":8081",
        "localhost."
      })
  void takesNoHostThatOnlyLooksLikeItsOwn(String host) throws IOException {
    // When
    String answer = raw("GET /q/health/live HTTP/1.1", "Host: " + host);
    // Then
    assertThat(answer).matches("(?s)HTTP/1.1 4(21|00) .*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LocalHost:8081",
        "127.0.0.1",
        "127.0.0.1:1",
        "[::1]",
        "[::1]:65535",
        "data-generator",
        "data-generator:8081",
        "lab.example.org:8443"
      })
  void takesItsOwnNames(String host) throws IOException {
    // When
    String answer = raw("GET /q/health/live HTTP/1.1", "Host: " + host);
    // Then
    assertThat(answer).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void refusesARequestWithoutAHostOrWithTwo() throws IOException {
    // When
    String none = raw("GET /q/health/live HTTP/1.1", "Accept: */*");
    String two = raw("GET /q/health/live HTTP/1.1", "Host: localhost", "Host: example.com");
    // Then
    assertThat(none).startsWith("HTTP/1.1 400 ");
    assertThat(two).startsWith("HTTP/1.1 400 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.example.com",
        "https://localhost.example.com",
        "http://localhost:1",
        "http://127.0.0.1:3000",
        "https://page.example.org.evil.com",
        "https://page.example.org:444",
        "http://page.example.org",
        "chrome-extension://localhost",
        "null",
        ""
      })
  void refusesAPageOfAnotherOrigin(String origin) {
    // Given
    long before = DatasetTopic.size();
    // When
    Response json =
        given()
            .header("Origin", origin)
            .contentType("application/json")
            .body(EXPERIMENT)
            .post("/api/v1/experiments");
    Response form =
        given()
            .header("Origin", origin)
            .multiPart("file", "a.csv", "a,y\n1,2\n3,4\n".getBytes(StandardCharsets.UTF_8))
            .post("/api/v1/datasets?target=y&beta=1");
    // Then
    for (Response response : new Response[] {json, form}) {
      assertThat(response.statusCode()).as(response.asString()).isEqualTo(403);
      assertThat(response.contentType()).startsWith("application/problem+json");
      assertThat(response.jsonPath().getString("detail"))
          .startsWith("Origin is '" + origin + "'")
          .contains("GAPSTREAM_HTTP_ALLOWED_ORIGINS");
      assertThat(response.header("Access-Control-Allow-Origin")).isNull();
    }
    assertThat(DatasetTopic.size()).isEqualTo(before);
  }

  @Test
  void takesItsOwnPagesAndThoseThatAreAllowed() {
    // Given
    URI server = Objects.requireNonNull(uri);
    String own = "http://" + server.getHost() + ":" + server.getPort();
    String allowed = "https://page.example.org";
    // When
    Response fromOwn =
        given()
            .header("Origin", own)
            .contentType("application/json")
            .body(EXPERIMENT)
            .post("/api/v1/experiments");
    Response fromAllowed =
        given()
            .header("Origin", allowed)
            .contentType("application/json")
            .body(EXPERIMENT)
            .post("/api/v1/experiments");
    Response asked =
        given()
            .header("Origin", allowed)
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "content-type")
            .options("/api/v1/experiments");
    // Then
    assertThat(fromOwn.statusCode()).as(fromOwn.asString()).isEqualTo(202);
    assertThat(fromAllowed.statusCode()).as(fromAllowed.asString()).isEqualTo(202);
    assertThat(fromAllowed.header("Access-Control-Allow-Origin")).isEqualTo(allowed);
    assertThat(asked.statusCode()).isEqualTo(200);
    assertThat(asked.header("Access-Control-Allow-Origin")).isEqualTo(allowed);
    assertThat(asked.header("Access-Control-Allow-Headers")).isEqualTo("content-type");
  }

  @ParameterizedTest
  @CsvSource({"/api/v1/experiments", "/api/v1/datasets?target=y&beta=1"})
  void refusesABodyThatDoesNotSayWhatItIs(String path) throws Exception {
    // Given
    long before = DatasetTopic.size();
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    HttpClient newer = HttpClient.newHttpClient();
    HttpRequest request =
        HttpRequest.newBuilder(Objects.requireNonNull(uri).resolve(path))
            .POST(HttpRequest.BodyPublishers.ofString(EXPERIMENT))
            .build();
    HttpRequest chunked =
        HttpRequest.newBuilder(Objects.requireNonNull(uri).resolve(path))
            .POST(
                HttpRequest.BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream(EXPERIMENT.getBytes(StandardCharsets.UTF_8))))
            .build();
    // When
    List<HttpResponse<String>> answers =
        List.of(
            client.send(request, BodyHandlers.ofString()),
            client.send(chunked, BodyHandlers.ofString()),
            newer.send(request, BodyHandlers.ofString()));
    // Then
    for (HttpResponse<String> answer : answers) {
      assertThat(answer.statusCode()).isEqualTo(415);
      assertThat(answer.body()).contains("The body has no Content-Type");
    }
    assertThat(DatasetTopic.size()).isEqualTo(before);
  }

  @Test
  void refusesACompressedBody() {
    // When
    Response response =
        given()
            .header("Content-Encoding", "gzip")
            .contentType("text/csv")
            .body(new byte[] {31, -117, 8, 0})
            .post("/api/v1/datasets?target=y&beta=1");
    // Then
    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(response.contentType()).startsWith("application/problem+json");
    assertThat(response.jsonPath().getString("detail"))
        .startsWith("Content-Encoding is 'gzip'")
        .contains("decompress it first");
  }

  private String raw(String... lines) throws IOException {
    URI server = Objects.requireNonNull(uri);
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              (String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
