package io.gapstream.localstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code gap certify} believes of services that err or lie, which real ones do not do on
 * demand: an HTTP server answers in their place with the certificate that the project ships for
 * iris, or with a false one. What real services answer is asked end to end.
 */
@Timeout(60)
final class CertifyTest {

  private static final Path EXAMPLES =
      Path.of(Objects.requireNonNull(System.getProperty("gapstream.root"), "gapstream.root"))
          .resolve("examples");
  private static final String IRIS = EXAMPLES.resolve("iris.csv").toString();
  private static final String ID = "0123456789abcdef0123456789abcdef";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final Path folder;
  private final ObjectNode file;
  private final ObjectNode accepted = JSON.createObjectNode();
  private final ObjectNode certificate = JSON.createObjectNode();

  /** Statuses that come before the answers, one each; 0 breaks the connection off. */
  private final List<Integer> before = new ArrayList<>();

  private String posted = "";
  private String address = "";

  CertifyTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    file = (ObjectNode) JSON.readTree(EXAMPLES.resolve("iris.gapcert.json").toFile());
  }

  @BeforeEach
  void answerAsTheServicesDo() {
    double beta = file.at("/problem/beta").doubleValue();
    for (ObjectNode answer : List.of(accepted, certificate)) {
      answer.put("experimentId", ID).put("name", "iris").put("n", 150).put("d", 5);
      answer.put("beta", beta).put("betaMax", beta * 10);
    }
    accepted.set("sha256", file.at("/data/sha256"));
    certificate.set("dataSha256", file.at("/data/sha256"));
    certificate.set("lower", file.at("/lower/value"));
    certificate.set("upper", file.at("/upper/value"));
    certificate.put("ratio", 1.00009).put("rung", "cone-bnb").put("verdict", "verified");
    certificate.put("complete", true).put("plannedResults", 16).put("completedResults", 16);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stopTheServer() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (!before.isEmpty()) {
      int status = before.remove(0);
      if (status != 0) {
        exchange.getResponseHeaders().add("Retry-After", "1");
        exchange.sendResponseHeaders(status, -1);
      }
      exchange.close();
      return;
    }
    String path = exchange.getRequestURI().getPath();
    if (exchange.getRequestMethod().equals("POST")) {
      address = exchange.getRequestURI().toString();
      posted = new String(body, StandardCharsets.UTF_8);
    }
    JsonNode answer =
        exchange.getRequestMethod().equals("POST")
            ? accepted
            : path.endsWith("/file") ? file : certificate;
    byte[] bytes = JSON.writeValueAsBytes(answer);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Test
  void printsAnIntervalThatItHasCheckedItself() throws IOException {
    // When
    Call text = certify(IRIS, "--target", "species", "--beta", beta());
    Call json = certify(IRIS, "--target", "species", "--beta", beta(), "--json");

    // Then
    assertThat(text.err()).isEmpty();
    assertThat(text.exitCode()).isZero();
    assertThat(text.out())
        .contains("lower          21.16014  (cone-bnb)")
        .contains("checked        here, against iris.csv")
        .contains("data sha256    " + file.at("/data/sha256").asText());
    JsonNode answer = JSON.readTree(json.out());
    assertThat(answer.path("checkedHere").booleanValue()).isTrue();
    assertThat(answer.path("dataSha256")).isEqualTo(file.at("/data/sha256"));
    assertThat(answer.path("failed").isArray()).isTrue();
  }

  @Test
  void takesTheFractionOfTheBetaMaxThatItFindsItself() {
    // When
    Call call = certify(IRIS, "--target", "species");
    accepted.put("betaMax", accepted.path("betaMax").doubleValue() * 1.05);
    accepted.put("beta", 0.1 * accepted.path("betaMax").doubleValue());
    certificate.set("beta", accepted.get("beta"));
    Call forged = certify(IRIS, "--target", "species");

    // Then
    assertThat(call.exitCode()).isZero();
    assertThat(forged.exitCode()).isEqualTo(1);
    assertThat(forged.err()).contains("betaMax").contains("these data have");
  }

  @ParameterizedTest
  @CsvSource({
    "accepted, sha256, another",
    "accepted, beta, 15",
    "accepted, n, 149",
    "certificate, dataSha256, another",
    "certificate, beta, 15",
    "certificate, d, 4"
  })
  void printsNoIntervalOfAnotherQuestion(String who, String field, String value) {
    // Given
    (who.equals("accepted") ? accepted : certificate)
        .replace(field, JSON.valueToTree(value.equals("another") ? value : Integer.valueOf(value)));

    // When
    Call call = certify(IRIS, "--target", "species", "--beta", beta());

    // Then
    assertThat(call.exitCode()).isEqualTo(1);
    assertThat(call.err()).contains("is not about iris.csv").contains("No interval is printed");
    assertThat(call.err().lines()).hasSize(1);
    assertThat(call.out()).isEmpty();
  }

  @Test
  void printsTheNameThatWasAskedForWhateverOthersCallTheSame() {
    // Given
    certificate.put("name", "as somebody else calls it");

    // When
    Call call = certify(IRIS, "--target", "species", "--beta", beta());

    // Then
    assertThat(call.exitCode()).isZero();
    assertThat(call.out()).startsWith("iris ").doesNotContain("somebody else");
  }

  @Test
  void printsNoIntervalOfOtherLabels() throws IOException {
    // Given
    Path other = folder.resolve("other.csv");
    Files.writeString(
        other,
        Files.readString(Path.of(IRIS)).replaceFirst("5.1,3.5,1.4,0.2,0", "5.1,3.5,1.4,0.2,1"));
    accepted.remove("sha256");
    certificate.remove("dataSha256");

    // When
    Call call = certify(other.toString(), "--target", "species", "--beta", beta());

    // Then
    assertThat(call.exitCode()).isEqualTo(1);
    assertThat(call.err()).contains("does not hold for other.csv");
    assertThat(call.out()).isEmpty();
  }

  @Test
  void printsNoIntervalWithoutAProof() {
    // Given
    certificate.put("lower", 21.162);
    ((ObjectNode) file.get("lower")).put("value", 21.162);
    Path output = folder.resolve("iris.gapcert.json");

    // When
    Call call = certify(IRIS, "--target", "species", "--beta", beta(), "-o", output.toString());

    // Then
    assertThat(call.exitCode()).isEqualTo(1);
    assertThat(call.err()).contains("does not hold for iris.csv: It claims p* >= 21.162");
    assertThat(call.out()).isEmpty();
    assertThat(output).doesNotExist();
  }

  @Test
  void printsNoBoundsThatTheFileDoesNotClaim() {
    // Given
    certificate.put("lower", 21.1615);

    // When
    Call call = certify(IRIS, "--target", "species", "--beta", beta());

    // Then
    assertThat(call.exitCode()).isEqualTo(1);
    assertThat(call.err()).contains("claim different bounds");
    assertThat(call.out()).isEmpty();
  }

  @Test
  void writesTheCertificateThatVerifyReads() throws IOException {
    // Given
    Path output = folder.resolve("iris.gapcert.json");

    // When
    Call call = certify(IRIS, "--target", "species", "--beta", beta(), "-o", output.toString());
    Call verify =
        Call.gap(folder, "verify", output.toString(), "--data", IRIS, "--target", "species");

    // Then
    assertThat(call.exitCode()).isZero();
    assertThat(call.out()).contains("file           " + output);
    assertThat(JSON.readTree(output.toFile())).isEqualTo(file);
    assertThat(verify.exitCode()).isZero();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(output);
    }
  }

  @Test
  void leavesTheFileAloneWithoutACertificate() throws IOException {
    // Given
    Path output = Files.writeString(folder.resolve("iris.gapcert.json"), "of last week");
    certificate.put("verdict", "pending").remove(List.of("lower", "upper"));

    // When
    Call call = certify(IRIS, "--target", "species", "--beta", beta(), "-o", output.toString());

    // Then
    assertThat(call.exitCode()).isEqualTo(6);
    assertThat(output).hasContent("of last week");
    assertThat(call.out()).contains("file           none");
  }

  @Test
  void saysWhyMethodsFailed() throws IOException {
    // Given
    certificate.put("verdict", "pending").remove(List.of("lower", "upper"));
    for (String method : List.of("gated", "lbfgs", "lbfgs", "column-generation")) {
      certificate
          .withArray("/results")
          .addObject()
          .put("method", method)
          .put("status", method.equals("column-generation") ? "time-limit" : "failed")
          .put("reason", "the magnitudes are too far apart");
    }

    // When
    Call text = certify(IRIS, "--target", "species", "--beta", beta());
    Call json = certify(IRIS, "--target", "species", "--beta", beta(), "--json");

    // Then
    assertThat(text.exitCode()).isEqualTo(6);
    assertThat(text.out())
        .contains("failed         gated, lbfgs: the magnitudes are too far apart");
    JsonNode failed = JSON.readTree(json.out()).path("failed");
    assertThat(failed.findValuesAsText("method")).containsExactly("gated", "lbfgs", "lbfgs");
    assertThat(failed.findValuesAsText("reason")).contains("the magnitudes are too far apart");
  }

  @ParameterizedTest
  @ValueSource(strings = {"503", "429,429", "502", "503,429,503"})
  void asksAgainUntilThereIsAnAnswer(String statuses) {
    // Given
    Arrays.stream(statuses.split(",")).map(Integer::valueOf).forEach(before::add);

    // When
    Call call = certify(true, IRIS, "--target", "species", "--beta", beta());

    // Then
    assertThat(call.exitCode()).isZero();
    assertThat(call.out()).contains("21.16014");
    assertThat(call.err()).contains("answers " + statuses.split(",")[0]).contains("asking again");
  }

  @Test
  void asksAgainAfterConnectionsThatBrokeOff() {
    // Given
    before.addAll(List.of(503, 0, 0));

    // When
    Call call = certify(IRIS, "--target", "species", "--beta", beta());

    // Then
    assertThat(call.exitCode()).isZero();
    assertThat(before).isEmpty();
  }

  @Test
  void sendsNamesOfAnyLengthInTheFormAndNotInTheAddress() throws IOException {
    // Given
    String name = "\u76EE\u6A19".repeat(225);
    Path csv = folder.resolve("long \"name\".csv");
    Files.writeString(csv, Files.readString(Path.of(IRIS)).replaceFirst("species", name));

    // When
    Call call = certify(csv.toString(), "--target", name, "--beta", beta());

    // Then
    assertThat(call.err()).isEmpty();
    assertThat(call.exitCode()).isZero();
    assertThat(address).isEqualTo("/api/v1/datasets");
    assertThat(posted)
        .contains("name=\"target\"\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n" + name)
        .contains("name=\"file\"; filename=\"long %22name%22.csv\"")
        .contains("name=\"beta\"")
        .contains(Files.readString(csv));
  }

  @ParameterizedTest
  @CsvSource({"--no-header, 4, 150", "--header, species, 150"})
  void sendsAFirstLineThatNobodyHasToAskAbout(String option, String target, int rows)
      throws IOException {
    // Given
    String iris = Files.readString(Path.of(IRIS));
    Path csv = folder.resolve("iris.csv");
    Files.writeString(csv, option.equals("--header") ? iris : iris.replaceFirst("[^\n]*\n", ""));

    // When
    Call call = certify(csv.toString(), "--target", target, "--beta", beta(), option);

    // Then
    assertThat(call.err()).isEmpty();
    assertThat(call.exitCode()).isZero();
    assertThat(posted)
        .contains("\r\n\r\n0,1,2,3,4\n5.1,")
        .contains("name=\"target\"\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n4\r\n")
        .doesNotContain("species");
    assertThat(posted.lines().filter(line -> line.matches("[0-9.]+(,[0-9.]+){4}")))
        .hasSize(rows + 1);
  }

  private String beta() {
    return Double.toString(file.at("/problem/beta").doubleValue());
  }

  private Call certify(String... args) {
    return certify(false, args);
  }

  private Call certify(boolean errIsTerminal, String... args) {
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    String[] words =
        Stream.concat(Stream.of("certify"), Arrays.stream(args)).toArray(String[]::new);
    return Call.gap(
        Map.of("GAP_RESULTS_URL", url, "GAP_DATA_GENERATOR_URL", url), errIsTerminal, words);
  }
}
