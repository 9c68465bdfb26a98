package io.gapstream.results.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.TrainingMessage;
import io.gapstream.numerics.problem.DataHash;
import io.gapstream.results.Sample;
import io.gapstream.results.Servers;
import io.gapstream.results.Tables;
import io.gapstream.results.application.Intake;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is expected is what {@link Sample} sent in. NumPy's files are read here by the description
 * of their format.
 */
@QuarkusTest
@WithTestResource(Servers.class)
class ExportResourceTest {

  @Inject Intake intake;
  @Inject Tables tables;
  @Inject ObjectMapper json;

  private final Sample sample = Sample.named("export " + UUID.randomUUID());

  @Test
  void givesTheDataAndTheDualVectorAsNpy() {
    // Given
    takeDataset();
    take(sample.lower(1, 1));
    // When
    byte[] x = get("X.npy").asByteArray();
    byte[] y = get("y.npy").asByteArray();
    byte[] dual = get("dual.npy").asByteArray();
    // Then
    assertThat(shape(x)).isEqualTo("(12, 3)");
    assertThat(values(x)).isEqualTo(sample.problem().x());
    assertThat(shape(y)).isEqualTo("(12,)");
    assertThat(values(y)).isEqualTo(sample.problem().y());
    assertThat(shape(dual)).isEqualTo("(12,)");
    assertThat(values(dual)).isEqualTo(sample.triangle(1).dual().values());
  }

  @Test
  void givesTheNetworkAsNpz() throws IOException {
    // Given
    takeDataset();
    take(sample.trainedWell(1));
    // When
    byte[] archive = get("network.npz").asByteArray();
    // Then
    List<String> names = new ArrayList<>();
    List<double[]> arrays = new ArrayList<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        byte[] file = zip.readAllBytes();
        names.add(entry.getName() + " " + shape(file));
        arrays.add(values(file));
      }
    }
    assertThat(names).containsExactly("U.npy (1, 3)", "a.npy (1,)");
    assertThat(arrays.get(0)).isEqualTo(sample.plantedNetwork().u().values());
    assertThat(arrays.get(1)).isEqualTo(sample.plantedNetwork().a().values());
  }

  @Test
  void givesTheNetworkAsOnnxWithWhatItBelongsTo() {
    // Given
    takeDataset();
    TrainingMessage upper = sample.trainedWell(1);
    take(upper);
    // When
    byte[] model = get("network.onnx").asByteArray();
    // Then
    ByteBuffer weights = ByteBuffer.allocate(3 * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    weights.asDoubleBuffer().put(sample.plantedNetwork().u().values());
    assertThat(latin(model))
        .contains(latin(weights.array()))
        .contains("experimentId\u0012\u0020" + sample.id())
        .contains("datasetSha256\u0012\u0040" + sample.dataset().sha256())
        .contains("\n\u0001n\u0012\u000212")
        .contains("\n\u0001d\u0012\u00013")
        .contains("\n\u0001m\u0012\u00011")
        .contains("beta\u0012\u00030.1")
        .contains("upper\u0012" + (char) String.valueOf(upper.value()).length() + upper.value())
        .contains("{\"standardized\":false,\"bias\":false}");
  }

  @ParameterizedTest
  @CsvSource({
    "network.onnx, application/octet-stream",
    "network.npz, application/zip",
    "dual.npy, application/octet-stream",
    "X.npy, application/octet-stream",
    "y.npy, application/octet-stream",
  })
  void namesTheFileAndKnowsItAgain(String file, String contentType) {
    // Given
    takeDataset();
    take(sample.lower(1, 1));
    take(sample.trainedWell(1));
    // When
    Response first = get(file);
    Response again = given().header("If-None-Match", first.header("ETag")).get(path(file));
    Response other = given().header("If-None-Match", "\"other\"").get(path(file));
    Response head = given().head(path(file));
    // Then
    assertThat(first.contentType()).isEqualTo(contentType);
    assertThat(first.header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"" + sample.id() + "-" + file + "\"");
    assertThat(first.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(first.header("ETag")).matches("\"[0-9a-f]{64}\"");
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.asByteArray()).isEmpty();
    assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
    assertThat(other.statusCode()).isEqualTo(200);
    assertThat(other.asByteArray()).isEqualTo(first.asByteArray());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.header("ETag")).isEqualTo(first.header("ETag"));
  }

  @Test
  void givesAnotherFileOnceTheBoundIsTighter() {
    // Given
    takeDataset();
    take(sample.trainedToZero(1));
    String before = get("network.npz").header("ETag");
    take(sample.trainedWell(2));
    // When
    Response after = given().header("If-None-Match", before).get(path("network.npz"));
    // Then
    assertThat(after.statusCode()).isEqualTo(200);
    assertThat(after.header("ETag")).isNotEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"network.onnx", "network.npz", "dual.npy", "X.npy", "y.npy"})
  void saysWhichExperimentItDoesNotKnow(String file) throws Exception {
    // When
    Response response = given().get("/api/v1/certificates/unknown/" + file);
    // Then
    assertThat(problem(response).get("detail").asText()).contains("'unknown'");
  }

  @ParameterizedTest
  @CsvSource({"network.onnx, upper", "network.npz, upper", "dual.npy, lower"})
  void saysWhichBoundIsMissing(String file, String bound) throws Exception {
    // Given
    takeDataset();
    if (bound.equals("upper")) {
      take(sample.lower(1, 1));
    } else {
      take(sample.trainedWell(1));
    }
    // When
    JsonNode problem = problem(given().get(path(file)));
    // Then
    assertThat(problem.get("detail").asText())
        .contains(file, sample.id(), "no verified " + bound + " bound yet");
    assertThat(problem.get("verdict").asText()).isEqualTo("pending");
  }

  @ParameterizedTest
  @ValueSource(strings = {"network.onnx", "dual.npy"})
  void givesNothingThatAContradictionTookBack(String file) throws Exception {
    // Given
    takeDataset();
    take(sample.lower(1, 1));
    // A verifier that is wrong cannot be had, so its mistake is put into the table by hand.
    tables.update(
        "update result set value = 1e6 where experiment_id = ? and kind = 'lower'", sample.id());
    take(sample.trainedWell(1));
    // When
    JsonNode problem = problem(given().get(path(file)));
    // Then
    assertThat(problem.get("detail").asText()).contains(file, "contradict each other");
    assertThat(problem.get("verdict").asText()).isEqualTo("refuted");
  }

  @Test
  void refusesALargeFileWhileFourOthersAreReadSlowly() throws Exception {
    // Given
    DatasetMessage dataset = large();
    String features = path(dataset.experimentId(), "X.npy");
    intake.dataset(dataset);
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        slow.add(readerOfOneByte(features));
      }
      // When
      Response large = given().get(features);
      Response small = given().get(path(dataset.experimentId(), "y.npy"));
      // Then
      assertThat(large.statusCode()).isEqualTo(503);
      assertThat(large.contentType()).startsWith("application/problem+json");
      assertThat(small.statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> given().head(features).statusCode() == 200);
  }

  /** X is more than what lies between two sockets can hold; y is not large. */
  private DatasetMessage large() {
    int n = 10_000;
    int d = 199;
    double[] x = new Random(1).doubles((long) n * d).toArray();
    double[] y = new Random(2).doubles(n).toArray();
    DatasetMessage small = sample.dataset();
    return DatasetMessage.of(
        null,
        "large",
        small.origin(),
        small.preprocessing(),
        NumericArray.matrix(n, d, x),
        NumericArray.vector(y),
        DataHash.sha256(n, d, x, y),
        small.beta(),
        null,
        small.betaMax(),
        small.plan());
  }

  private static Socket readerOfOneByte(String path) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress("localhost", RestAssured.port));
    socket
        .getOutputStream()
        .write(
            ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    assertThat(socket.getInputStream().read()).isEqualTo('H');
    return socket;
  }

  @Test
  void describesEveryFile() throws Exception {
    // When
    JsonNode paths =
        json.readTree(given().accept("application/json").get("/q/openapi").asString()).get("paths");
    // Then
    for (String file : List.of("network.onnx", "network.npz", "dual.npy", "X.npy", "y.npy")) {
      JsonNode get = paths.path("/api/v1/certificates/{experimentId}/" + file).path("get");
      assertThat(get.path("responses").has("200")).as(file).isTrue();
      assertThat(get.path("responses").has("304")).as(file).isTrue();
      assertThat(get.path("responses").has("404")).as(file).isTrue();
    }
    assertThat(paths.has("/api/v1/certificates/{experimentId}/history")).isTrue();
  }

  private void takeDataset() {
    intake.dataset(sample.dataset());
  }

  private void take(RelaxationMessage message) {
    intake.relaxation(message, MessageJson.write(message));
  }

  private void take(TrainingMessage message) {
    intake.training(message, MessageJson.write(message));
  }

  private String path(String file) {
    return path(sample.id(), file);
  }

  private static String path(String experimentId, String file) {
    return "/api/v1/certificates/" + experimentId + "/" + file;
  }

  private Response get(String file) {
    return given().get(path(file)).then().statusCode(200).extract().response();
  }

  private JsonNode problem(Response response) throws Exception {
    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(response.contentType()).startsWith("application/problem+json");
    return json.readTree(response.asString());
  }

  /** Every byte as the character of its number. */
  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static int headerLength(byte[] npy) {
    return ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN).getShort(8);
  }

  private static String shape(byte[] npy) {
    String header = new String(npy, 10, headerLength(npy), StandardCharsets.US_ASCII);
    assertThat(header).startsWith("{'descr': '<f8', 'fortran_order': False, 'shape': ");
    return header.substring(header.indexOf('('), header.indexOf(')') + 1);
  }

  private static double[] values(byte[] npy) {
    int start = 10 + headerLength(npy);
    double[] values = new double[(npy.length - start) / Double.BYTES];
    ByteBuffer.wrap(npy, start, npy.length - start)
        .slice()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asDoubleBuffer()
        .get(values);
    return values;
  }
}
