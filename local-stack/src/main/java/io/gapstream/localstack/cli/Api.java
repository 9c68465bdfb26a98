package io.gapstream.localstack.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The services' REST interface, as far as the command line needs it. */
final class Api {

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  /** The largest upload is read, preprocessed and stored before its answer. */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(120);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_LIMIT)
          .build();
  private final URI results;
  private final URI generator;

  private final Patience patience;

  /**
   * @param terminal is told of waiting
   */
  Api(Stacks.Services services, Terminal terminal) {
    this.patience = new Patience(terminal);
    this.results = services.results();
    this.generator = services.generator();
  }

  /** The certificate with its results; empty while results-service does not know it. */
  Optional<JsonNode> certificate(String experimentId) {
    HttpResponse<byte[]> response =
        send(get(results, "/api/v1/certificates/" + encode(experimentId)));
    return response.statusCode() == 404 ? Optional.empty() : Optional.of(read(response));
  }

  /** The certificate with all its evidence, as a file. */
  byte[] certificateFile(String experimentId, boolean withData) {
    String path = "/api/v1/certificates/" + encode(experimentId) + "/file?withData=" + withData;
    return body(send(get(results, path)));
  }

  /** A page of certificates. */
  JsonNode certificates(Map<String, String> query) {
    return read(send(get(results, "/api/v1/certificates" + query(query))));
  }

  /** A part of a certificate, as the file that it is. */
  byte[] certificatePart(String experimentId, CertificatePart part) {
    return body(send(get(results, "/api/v1/certificates/" + encode(experimentId) + "/" + part)));
  }

  /** Sends a file with its parameters; the answer says what became of it. */
  JsonNode upload(Upload upload) {
    return read(
        send(
            post("/api/v1/datasets")
                .header("Content-Type", upload.contentType())
                .POST(upload.body())
                .build()));
  }

  /** Requests an experiment on data that data-generator makes. */
  JsonNode requestExperiment(JsonNode request) {
    return read(
        send(
            post("/api/v1/experiments")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(request.toString()))
                .build()));
  }

  private HttpRequest.Builder post(String path) {
    return HttpRequest.newBuilder(URI.create(generator + path)).timeout(ANSWER_LIMIT);
  }

  private static HttpRequest get(URI service, String path) {
    return HttpRequest.newBuilder(URI.create(service + path)).timeout(ANSWER_LIMIT).GET().build();
  }

  private HttpResponse<byte[]> send(HttpRequest request) {
    try {
      URI service = request.uri().resolve("/");
      return patience.send(
          service, () -> http.send(request, HttpResponse.BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.UNREACHABLE,
          "No answer from "
              + request.uri().resolve("/")
              + " ("
              + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
              + "). See 'gap status'.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.FAILED, "Interrupted.", e);
    }
  }

  private static byte[] body(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    if (status / 100 != 2) {
      throw new CommandException(exitCode(status), detail(response));
    }
    return response.body();
  }

  private static JsonNode read(HttpResponse<byte[]> response) {
    try {
      return JSON.readTree(body(response));
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.FAILED, response.uri() + " answered with something else than JSON.", e);
    }
  }

  private static int exitCode(int status) {
    return switch (status) {
      case 400, 413, 415, 422 -> ExitCode.BAD_INPUT;
      case 404 -> ExitCode.NOT_FOUND;
      case 408, 429, 502, 503, 504 -> ExitCode.UNREACHABLE;
      default -> ExitCode.FAILED;
    };
  }

  /** What the service says is wrong (RFC 9457), else the status. */
  private static String detail(HttpResponse<byte[]> response) {
    try {
      JsonNode detail = JSON.readTree(response.body()).path("detail");
      if (detail.isTextual()) {
        return detail.textValue();
      }
    } catch (JsonProcessingException e) {
      // Not one of the services' own answers; the status has to do.
    } catch (IOException e) {
      throw new CommandException(ExitCode.FAILED, "Could not read an answer.", e);
    }
    return response.uri().resolve(response.uri().getPath())
        + " answered with status "
        + response.statusCode()
        + ". See 'gap status' and the logs.";
  }

  private static String query(Map<String, String> values) {
    return values.isEmpty()
        ? ""
        : values.entrySet().stream()
            .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
            .collect(Collectors.joining("&", "?", ""));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
