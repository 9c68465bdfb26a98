package io.gapstream.results.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.results.Servers;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guard also stands before the dashboard's files and the event stream. */
@QuarkusTest
@WithTestResource(Servers.class)
class HttpGuardTest {

  private static final String EVENTS = "/api/v1/events";

  @TestHTTPResource("/")
  private @Nullable URI uri;

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/index.html", "/app.js", "/api/v1/certificates", EVENTS, "/q/health/ready"})
  void refusesOtherHostsAndOtherPages(String path) throws IOException {
    // When
    String host = statusLine(path, "Host: rebound.example.com", "Accept: */*");
    String origin = statusLine(path, "Host: localhost", "Origin: http://evil.example.com");
    // Then
    assertThat(host).startsWith("HTTP/1.1 421 ");
    assertThat(origin).startsWith("HTTP/1.1 403 ");
  }

  @Test
  void servesItsOwnDashboard() throws IOException {
    // Given
    URI server = Objects.requireNonNull(uri);
    String here = server.getHost() + ":" + server.getPort();
    // When
    int page = given().get("/index.html").statusCode();
    int list = given().header("Origin", "http://" + here).get("/api/v1/certificates").statusCode();
    String events =
        statusLine(EVENTS, "Host: " + here, "Origin: http://" + here, "Accept: text/event-stream");
    // Then
    assertThat(List.of(page, list)).containsOnly(200);
    assertThat(events).startsWith("HTTP/1.1 200 ");
  }

  private String statusLine(String path, String... headers) throws IOException {
    URI server = Objects.requireNonNull(uri);
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              ("GET " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return Objects.requireNonNull(
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine());
    }
  }
}
