package io.gapstream.results.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.ProgressMessage;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.Topic;
import io.gapstream.contracts.TrainingMessage;
import io.gapstream.results.Records;
import io.gapstream.results.Sample;
import io.gapstream.results.Servers;
import io.gapstream.results.application.Intake;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The live stream as a client without any library reads it: lines of text. */
@QuarkusTest
@WithTestResource(Servers.class)
class EventResourceTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Inject Intake intake;

  @SuppressWarnings("NullAway.Init") // the test framework sets it
  @TestHTTPResource("/api/v1/events")
  URI events;

  @Test
  void deliversCertificatesAsTheyChange() throws Exception {
    // Given
    Sample sample = Sample.named("stream " + UUID.randomUUID());
    Sample other = Sample.named("other stream " + UUID.randomUUID());
    RelaxationMessage lower = sample.lower(1, 1);
    TrainingMessage upper = sample.trainedWell(1);
    try (Reader reader = new Reader(URI.create(events + "?experimentId=" + sample.id()))) {
      await().atMost(PATIENCE).until(() -> reader.lines.stream().anyMatch(l -> l.startsWith(":")));
      // When
      intake.dataset(other.dataset());
      intake.dataset(sample.dataset());
      intake.relaxation(lower, MessageJson.write(lower));
      intake.training(upper, MessageJson.write(upper));
      // Then
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(reader.lines)
                      .contains("event:certificate")
                      .anyMatch(
                          line ->
                              line.startsWith("data:")
                                  && line.contains(sample.id())
                                  && line.contains("\"verdict\":\"verified\"")));
      assertThat(reader.lines).noneMatch(line -> line.contains(other.id()));
    }
  }

  @Test
  void deliversProgress() throws Exception {
    // Given
    String id = Sample.named("progress " + UUID.randomUUID()).id();
    try (Reader reader = new Reader(events);
        Records topics = new Records()) {
      await().atMost(PATIENCE).until(() -> reader.lines.stream().anyMatch(l -> l.startsWith(":")));
      // When
      ProgressMessage message =
          new ProgressMessage(
              id,
              "relaxation-service",
              "lifted",
              ProgressMessage.Phase.RUNNING,
              1,
              0.5,
              BoundKind.LOWER,
              1.5);
      // Then: the topic is read from its end on, so the first ones may come too early
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                topics.send(Topic.PROGRESS, message);
                assertThat(reader.lines)
                    .contains("event:progress")
                    .anyMatch(line -> line.startsWith("data:") && line.contains(id));
              });
    }
  }

  @Test
  void refusesAnExperimentThatCannotBe() {
    // When
    var response = given().queryParam("experimentId", "xyz").get("/api/v1/events");
    // Then
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.contentType()).startsWith("application/problem+json");
    assertThat(response.asString()).contains("xyz");
  }

  /** Reads a stream's lines until it is closed. */
  private static final class Reader implements AutoCloseable {

    final List<String> lines = new CopyOnWriteArrayList<>(Collections.emptyList());
    private final InputStream body;

    Reader(URI uri) throws Exception {
      HttpResponse<InputStream> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(uri).header("accept", "text/event-stream").build(),
                  HttpResponse.BodyHandlers.ofInputStream());
      assertThat(response.statusCode()).isEqualTo(200);
      body = response.body();
      Thread thread = new Thread(this::read, "stream-reader");
      thread.setDaemon(true);
      thread.start();
    }

    private void read() {
      try {
        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))
            .lines()
            .forEach(lines::add);
      } catch (UncheckedIOException e) {
        // The test has read enough and closed the stream.
      }
    }

    @Override
    public void close() throws Exception {
      body.close();
    }
  }
}
