package io.gapstream.datagenerator.rest;

import static io.restassured.RestAssured.given;
import static io.restassured.path.json.config.JsonPathConfig.NumberReturnType.DOUBLE;
import static io.restassured.path.json.config.JsonPathConfig.jsonPathConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Origin;
import io.gapstream.contracts.Topic;
import io.gapstream.datagenerator.Broker;
import io.gapstream.datagenerator.DatasetTopic;
import io.gapstream.datagenerator.Examples;
import io.gapstream.servicekit.Events;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Uploads over HTTP, with a real broker behind. The examples are read here by splitting lines, and
 * means and deviations are summed up anew.
 */
@QuarkusTest
@WithTestResource(value = Broker.class, scope = TestResourceScope.GLOBAL)
class DatasetsResourceTest {

  private static final String PATH = "/api/v1/datasets";
  private static final String FEW_ROWS = "a,b,y\n1,2,3\n4,5,7\n7,9,9\n";

  @TestHTTPResource(PATH)
  private @Nullable URI uri;

  @ParameterizedTest
  @CsvSource({"iris, species, 150, 4", "diabetes, progression, 442, 10"})
  void publishesAnUploadedFile(String name, String target, int n, int features) throws IOException {
    // When
    Response text =
        given()
            .contentType("text/csv")
            .queryParam("target", target)
            .queryParam("betaFraction", 0.1)
            .queryParam("file", name + ".csv")
            .body(Files.readAllBytes(Examples.file(name + ".csv")))
            .post(PATH);
    Response form =
        given()
            .multiPart("file", Examples.file(name + ".csv").toFile(), "text/csv")
            .queryParam("target", target)
            .queryParam("betaFraction", 0.1)
            .post(PATH);
    // Then
    assertThat(text.statusCode()).as(text.asString()).isEqualTo(202);
    assertThat(form.statusCode()).as(form.asString()).isEqualTo(202);
    assertThat(form.asString()).isEqualTo(text.asString());
    JsonPath answer = text.jsonPath(jsonPathConfig().numberReturnType(DOUBLE));
    String id = answer.getString("experimentId");
    assertThat(text.header("Location")).isEqualTo("/api/v1/certificates/" + id);
    assertThat(DatasetTopic.records(id)).hasSize(2);
    DatasetMessage dataset = Events.incoming(Topic.DATASETS, DatasetTopic.records(id).get(0));
    assertThat(dataset.name()).isEqualTo(name).isEqualTo(answer.getString("name"));
    assertThat(dataset.n()).isEqualTo(n).isEqualTo(answer.getInt("n"));
    assertThat(dataset.d()).isEqualTo(features + 1).isEqualTo(answer.getInt("d"));
    assertThat(dataset.beta()).isEqualTo(answer.getDouble("beta"));
    assertThat(dataset.beta()).isEqualTo(0.1 * dataset.betaMax());
    assertThat(dataset.sha256()).isEqualTo(answer.getString("sha256"));
    assertThat(answer.getInt("plannedResults")).isEqualTo(4 + 12);
    assertThat(dataset.origin()).isEqualTo(Origin.upload(name + ".csv"));
    assertIsStandardized(dataset, Examples.rows(name + ".csv"));
  }

  /** The target is the last column of every example. */
  private static void assertIsStandardized(DatasetMessage dataset, double[][] rows) {
    int n = rows.length;
    int columns = rows[0].length;
    for (int k = 0; k < columns; k++) {
      double sum = 0;
      double squares = 0;
      for (double[] row : rows) {
        sum += row[k];
      }
      double mean = sum / n;
      for (double[] row : rows) {
        squares += (row[k] - mean) * (row[k] - mean);
      }
      double scale = Math.sqrt(squares / n);
      for (int i = 0; i < n; i++) {
        double value =
            k == columns - 1 ? dataset.y().values()[i] : dataset.x().values()[i * columns + k];
        assertThat(value).isCloseTo((rows[i][k] - mean) / scale, within(1e-12));
      }
    }
    for (int i = 0; i < n; i++) {
      assertThat(dataset.x().values()[i * columns + columns - 1]).isEqualTo(1);
    }
  }

  @Test
  void takesEveryParameter() {
    // When
    Response response =
        given()
            .contentType("text/csv")
            .queryParam("target", "b")
            .queryParam("name", "few rows")
            .queryParam("file", "folder/few.csv")
            .queryParam("beta", "2.5e-1")
            .queryParam("standardize", false)
            .queryParam("bias", false)
            .queryParam("studyId", "s-2")
            .queryParam("budgetSeconds", 5)
            .queryParam("seed", 11)
            .body(FEW_ROWS)
            .post(PATH);
    // Then
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(202);
    DatasetMessage dataset = DatasetTopic.message(response.jsonPath().getString("experimentId"));
    assertThat(dataset.name()).isEqualTo("few rows");
    assertThat(dataset.origin()).isEqualTo(Origin.upload("few.csv"));
    assertThat(dataset.studyId()).isEqualTo("s-2");
    assertThat(dataset.beta()).isEqualTo(0.25);
    assertThat(dataset.x().values()).containsExactly(1, 3, 4, 7, 7, 9);
    assertThat(dataset.y().values()).containsExactly(2, 5, 9);
    assertThat(dataset.plan().relaxation().seed()).isEqualTo(11);
    assertThat(dataset.plan().relaxation().budgetSeconds()).isEqualTo(5);
    assertThat(dataset.plan().training().seeds()).containsExactly(11L, 12L, 13L);
    assertThat(dataset.plan().training().budgetSeconds()).isEqualTo(5);
  }

  @Test
  void tellsTheFileTheLineTheColumnAndTheValue() {
    // Given
    long before = DatasetTopic.size();
    // When
    Response response = upload("target=y&beta=1&file=few.csv", "a,b,y\n1,2,3\n4,five,6\n");
    // Then
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.contentType()).startsWith("application/problem+json");
    JsonPath problem = response.jsonPath();
    assertThat(problem.getString("detail"))
        .isEqualTo(
            "few.csv, line 3, column 'b': 'five' is not a number; write it as a number, or remove"
                + " the row or the column.");
    assertThat(problem.getString("file")).isEqualTo("few.csv");
    assertThat(problem.getLong("line")).isEqualTo(3);
    assertThat(problem.getString("column")).isEqualTo("b");
    assertThat(problem.getString("value")).isEqualTo("five");
    assertThat(DatasetTopic.size()).isEqualTo(before);
  }

  static Stream<Arguments> badUploads() {
    String csv = "a,y\n1,2\n3,4\n";
    return Stream.of(
        Arguments.of("target=y&beta=1", "", "upload.csv: the file is empty"),
        Arguments.of("target=y&beta=1", "a,y\n1,2\n", "the file has one row"),
        Arguments.of("target=y&beta=1", "a;y\n1;2\n3;4\n", "separated by semicolons"),
        Arguments.of("target=y&beta=1", "a,y\n1,2\n3,NaN\n", "'NaN' is not a finite number"),
        Arguments.of("target=y&beta=1", "a,a\n1,2\n3,4\n", "have the same name"),
        Arguments.of("target=Y&beta=1", csv, "Did you mean 'y'?"),
        Arguments.of("target=y&beta=1", "y\n1\n2\n", "there is no other column"),
        Arguments.of("target=y&beta=1", "a,y\n5,2\n5,4\n", "the column 'a' is 5.0 in every row"),
        Arguments.of("target=y&beta=1", "a,y\n5,2\n6,2\n", "the target 'y' is 2.0 in every row"),
        Arguments.of("beta=1", csv, "The parameter target is missing"),
        Arguments.of("target=y", csv, "There is neither beta nor betaFraction"),
        Arguments.of("target=y&beta=1&betaFraction=1", csv, "There are both beta and betaFraction"),
        Arguments.of("target=y&beta=0", csv, "beta is 0.0; it must be"),
        Arguments.of("target=y&beta=-1", csv, "beta is -1.0; it must be"),
        Arguments.of("target=y&beta=NaN", csv, "The parameter beta is 'NaN'; it must be a number."),
        Arguments.of("target=y&beta=1f", csv, "The parameter beta is '1f'; it must be a number."),
        Arguments.of("target=y&beta=1e999", csv, "beta is Infinity; it must be"),
        Arguments.of("target=y&beta=1&seed=x", csv, "The parameter seed is 'x'"),
        Arguments.of("target=y&beta=1&bias=yes", csv, "The parameter bias is 'yes'"),
        Arguments.of("target=y&beta=1&budgetSeconds=-3", csv, "budgetSeconds is -3.0"),
        Arguments.of("target=y&betafraction=1", csv, "There is no parameter 'betafraction'"),
        Arguments.of("target=y&beta=1&beta=2", csv, "is given more than once"));
  }

  @ParameterizedTest
  @MethodSource("badUploads")
  void refusesABadUploadWithItsReason(String query, String csv, String reason) {
    // Given
    long before = DatasetTopic.size();
    // When
    Response response = upload(query, csv);
    // Then
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(400);
    assertThat(response.contentType()).startsWith("application/problem+json");
    assertThat(response.jsonPath().getString("detail")).contains(reason);
    assertThat(DatasetTopic.size()).isEqualTo(before);
  }

  @Test
  void refusesAFormWithoutTheFile() {
    // When
    Response response =
        given()
            .multiPart("data", "few.csv", FEW_ROWS.getBytes(StandardCharsets.UTF_8))
            .post(PATH + "?target=y&beta=1");
    // Then
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.jsonPath().getString("detail"))
        .isEqualTo("The form has no part 'file'; send the CSV file as one.");
  }

  @Test
  void takesParametersAsPartsOfTheForm() {
    // Given
    String target = "数".repeat(450);
    byte[] csv = ("a," + target + "\n1,2\n3,5\n4,4\n").getBytes(StandardCharsets.UTF_8);
    // When
    Response form =
        postForm(
            "", csv, "target", target, "betaFraction", "0.1", "name", "Größe", "bias", "false");
    Response mixed =
        postForm("?betaFraction=0.1&bias=false", csv, "target", target, "name", "Größe");
    Response query =
        given()
            .contentType("text/csv")
            .queryParam("target", target)
            .queryParam("betaFraction", 0.1)
            .queryParam("name", "Größe")
            .queryParam("file", "long.csv")
            .queryParam("bias", false)
            .body(csv)
            .post(PATH);
    // Then
    assertThat(form.statusCode()).as(form.asString()).isEqualTo(202);
    assertThat(form.jsonPath().getString("name")).isEqualTo("Größe");
    assertThat(mixed.asString()).isEqualTo(form.asString());
    assertThat(query.asString()).isEqualTo(form.asString());
  }

  @Test
  void takesNamesOfEveryLengthThatAFileMayHaveAsAPart() {
    // Given
    String target = "数".repeat(1_000);
    // When
    Response response =
        postForm(
            "?beta=1",
            ("a," + target + "\n1,2\n3,5\n4,4\n").getBytes(StandardCharsets.UTF_8),
            "target",
            target);
    // Then
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(202);
  }

  @Test
  void saysThatAnAddressIsTooLong() {
    // When
    Response response = upload("beta=1&target=" + "y".repeat(100_000), FEW_ROWS);
    // Then
    assertThat(response.statusCode()).isEqualTo(414);
    assertThat(response.contentType()).startsWith("application/problem+json");
    assertThat(response.jsonPath().getString("detail")).contains("Send long values in the body");
  }

  static Stream<Arguments> badForms() {
    return Stream.of(
        Arguments.of("targt", "y", "There is no parameter 'targt'"),
        Arguments.of("beta", "2", "The parameter 'beta' is given more than once"),
        Arguments.of("seed", "x", "The parameter seed is 'x'"));
  }

  @ParameterizedTest
  @MethodSource("badForms")
  void refusesABadPartWithItsReason(String part, String value, String reason) {
    // When
    Response response =
        given()
            .multiPart("file", "few.csv", FEW_ROWS.getBytes(StandardCharsets.UTF_8))
            .multiPart(part, value)
            .post(PATH + "?target=y&beta=1");
    // Then
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.jsonPath().getString("detail")).contains(reason);
  }

  @Test
  void refusesTwoFiles() {
    // When
    Response response =
        given()
            .multiPart("file", "few.csv", FEW_ROWS.getBytes(StandardCharsets.UTF_8))
            .multiPart("file", "more.csv", FEW_ROWS.getBytes(StandardCharsets.UTF_8))
            .post(PATH + "?target=y&beta=1");
    // Then
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.jsonPath().getString("detail")).contains("send one file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/x-www-form-urlencoded",
        "text/plain",
        "text/plain; charset=utf-8",
        "application/csv",
        "application/vnd.ms-excel",
        "application/octet-stream",
        "application/gzip",
        "application/json"
      })
  void saysWhichTypesItTakes(String type) {
    // Given
    long before = DatasetTopic.size();
    // When
    Response response =
        given()
            .config(
                RestAssuredConfig.config()
                    .encoderConfig(
                        EncoderConfig.encoderConfig()
                            .encodeContentTypeAs(type, ContentType.TEXT)
                            .appendDefaultContentCharsetToContentTypeIfUndefined(false)))
            .contentType(type)
            .body(FEW_ROWS.getBytes(StandardCharsets.UTF_8))
            .post(PATH + "?target=y&beta=1");
    // Then
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(415);
    assertThat(response.contentType()).startsWith("application/problem+json");
    assertThat(response.jsonPath().getString("detail"))
        .isEqualTo(
            "Content-Type is '"
                + type
                + "'; taken are text/csv, with curl: -H 'Content-Type: text/csv' --data-binary"
                + " @FILE, and multipart/form-data, with curl: -F file=@FILE.");
    assertThat(DatasetTopic.size()).isEqualTo(before);
  }

  @Test
  void tellsTheTruthOfAColumnThatHardlyVaries() {
    // When
    Response nearly =
        upload("target=y&beta=1", "a,c,y\n0,14.62,0.0\n1,14.620000000000001,-0.7\n2,14.62,-0.8\n");
    Response merged =
        upload(
            "target=y&beta=1",
            "id,b,y\n9007199254740993,2,0.5\n9007199254740992,1,1.25\n9007199254740992,3,1\n");
    // Then
    assertThat(nearly.jsonPath().getString("detail"))
        .isEqualTo(
            "upload.csv: the column 'c' is nearly constant: it lies between 14.62 and"
                + " 14.620000000000001, which varies by 1.2e-16 of its size, no more than rounding"
                + " does, so it cannot be standardised; remove the column or give"
                + " standardize=false.");
    assertThat(nearly.jsonPath().getString("column")).isEqualTo("c");
    assertThat(merged.jsonPath().getString("detail"))
        .startsWith(
            "upload.csv: the column 'id' is 9007199254740992 in every row once it is read as"
                + " float64, which cannot tell whole numbers above 2^53 = 9007199254740992 apart,");
  }

  @Test
  void refusesATableAboveTheLimits() {
    // Given
    long before = DatasetTopic.size();
    // When
    Response response = upload("target=y&beta=1", "y,x\n" + "1,2\n".repeat(500_001));
    // Then
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.contentType()).startsWith("application/problem+json");
    assertThat(response.jsonPath().getString("detail"))
        .contains("line 500002")
        .contains("more than 500000 rows");
    assertThat(DatasetTopic.size()).isEqualTo(before);
  }

  @Test
  void countsTheColumnOfOnesInTheLimit() {
    // Given
    String csv = "y,a,b\n" + "1,2,3\n3,1,2\n".repeat(250_000);
    // When
    Response response = upload("target=y&beta=1", csv + "\n");
    Response over = upload("target=y&beta=1", "y,a,b,c\n" + "1,2,3,4\n3,1,2,5\n".repeat(250_000));
    // Then
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(202);
    assertThat(over.statusCode()).isEqualTo(413);
    assertThat(over.jsonPath().getString("detail")).contains("a column of ones");
  }

  @Test
  void refusesATableWithTooManyColumns() {
    // Given
    StringBuilder csv = new StringBuilder("y");
    for (int column = 0; column < 5_001; column++) {
      csv.append(",x").append(column);
    }
    csv.append('\n').append("1,".repeat(5_001)).append("2\n");
    csv.append("3,".repeat(5_001)).append("4\n");
    // When
    Response response = upload("target=y&beta=1&bias=false", csv.toString());
    // Then
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.contentType()).startsWith("application/problem+json");
    assertThat(response.jsonPath().getString("detail"))
        .isEqualTo("5001 features are too many; at most 5000 columns are taken, use fewer.");
  }

  @Test
  void refusesALongBodyBeforeItIsSent() throws IOException {
    // Given
    URI server = Objects.requireNonNull(uri);
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout(10_000);
      // When
      socket
          .getOutputStream()
          .write(
              ("POST "
                      + PATH
                      + "?target=y&beta=1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
                      + "Content-Length: 1073741824\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      // Then
      String response =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .lines()
              .collect(Collectors.joining("\n"));
      assertThat(response)
          .startsWith("HTTP/1.1 413")
          .contains("application/problem+json")
          .contains("The body has more than 67108864 bytes");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "text/csv, /api/v1/datasets?target=y&beta=1",
    "application/json, /api/v1/experiments"
  })
  void refusesALongBodyWhileItStreams(String contentType, String path)
      throws IOException, InterruptedException {
    // Given
    long length = (64L << 20) + 200_000;
    byte[] start =
        (contentType.equals("text/csv") ? "a,y\n1,2\n" : "{\"name\":\"a\",")
            .getBytes(StandardCharsets.US_ASCII);
    HttpRequest request =
        HttpRequest.newBuilder(Objects.requireNonNull(uri).resolve(path))
            .header("Content-Type", contentType)
            .POST(BodyPublishers.ofInputStream(() -> lineFeeds(start, length)))
            .build();
    // When
    HttpResponse<String> response =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .build()
            .send(request, BodyHandlers.ofString());
    // Then
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
    assertThat(response.body()).contains("The body has more than 67108864 bytes");
  }

  private static InputStream lineFeeds(byte[] start, long length) {
    return new InputStream() {
      private long given;

      @Override
      public int read() {
        if (given >= length) {
          return -1;
        }
        long position = given++;
        return position < start.length ? start[(int) position] : '\n';
      }
    };
  }

  /** As curl sends it: the parts' texts as they are, without a type. */
  private static Response postForm(String query, byte[] csv, String... namesAndValues) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int k = 0; k < namesAndValues.length; k += 2) {
      body.writeBytes(
          ("--limit\r\nContent-Disposition: form-data; name=\""
                  + namesAndValues[k]
                  + "\"\r\n\r\n"
                  + namesAndValues[k + 1]
                  + "\r\n")
              .getBytes(StandardCharsets.UTF_8));
    }
    body.writeBytes(
        ("--limit\r\nContent-Disposition: form-data; name=\"file\"; filename=\"long.csv\"\r\n"
                + "Content-Type: text/csv\r\n\r\n")
            .getBytes(StandardCharsets.UTF_8));
    body.writeBytes(csv);
    body.writeBytes("\r\n--limit--\r\n".getBytes(StandardCharsets.UTF_8));
    return given()
        .config(
            RestAssuredConfig.config()
                .encoderConfig(
                    EncoderConfig.encoderConfig()
                        .encodeContentTypeAs(
                            "multipart/form-data; boundary=limit", ContentType.TEXT)
                        .appendDefaultContentCharsetToContentTypeIfUndefined(false)))
        .contentType("multipart/form-data; boundary=limit")
        .body(body.toByteArray())
        .post(PATH + query);
  }

  private static Response upload(String query, String csv) {
    return given().contentType("text/csv").body(csv).post(PATH + "?" + query);
  }
}
