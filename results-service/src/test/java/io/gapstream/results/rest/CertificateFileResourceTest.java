package io.gapstream.results.rest;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gapstream.certificate.CertificateChecker;
import io.gapstream.certificate.Judgement;
import io.gapstream.certificate.Judgement.Conclusion;
import io.gapstream.contracts.CertificateFile;
import io.gapstream.contracts.CertificateFileJson;
import io.gapstream.contracts.CertificateFileJson.Reading;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.Rung;
import io.gapstream.contracts.TrainingMessage;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.results.Sample;
import io.gapstream.results.Servers;
import io.gapstream.results.application.Intake;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Certificates that came from messages, as files. Whether a file proves what the service says is
 * for the checker to judge, which has nothing but the file.
 */
@QuarkusTest
@WithTestResource(Servers.class)
class CertificateFileResourceTest {

  @Inject Intake intake;

  @Test
  void aFileWithItsDataProvesTheInterval() {
    // Given
    Sample sample = certified("File with data");

    // When
    Response response = file(sample.id(), "?withData=true");

    // Then
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.contentType()).startsWith(CertificateFile.MEDIA_TYPE);
    assertThat(response.header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"" + sample.id() + ".gapcert.json\"");
    Reading reading = CertificateFileJson.read(response.asByteArray());
    assertThat(judge(null, reading)).isEqualTo(verified());
    CertificateFile file = ((Reading.Whole) reading).certificate();
    assertThat(file.lower().evidence().rung()).isEqualTo(Rung.TRIANGLE);
    assertThat(file.lower().value()).isEqualTo(shown(sample.id(), "lower"));
    assertThat(file.upper().value()).isEqualTo(shown(sample.id(), "upper"));
    assertThat(file.problem().beta()).isEqualTo(sample.problem().beta());
    assertThat(response.jsonPath().getString("provenance.experiment")).isEqualTo(sample.id());
    assertThat(response.jsonPath().getString("provenance.dataset")).isEqualTo("File with data");
    assertThat(response.jsonPath().getLong("provenance.seed"))
        .isEqualTo(sample.dataset().plan().relaxation().seed());
    assertThat(response.jsonPath().getString("provenance.createdAt")).endsWith("Z");
  }

  @Test
  void aFileWithoutDataNeedsThem() {
    // Given
    Sample sample = certified("File without data");
    Problem problem = sample.problem();

    // When
    Reading reading = CertificateFileJson.read(file(sample.id(), "").asByteArray());

    // Then
    assertThat(judge(null, reading).conclusion()).isEqualTo(Conclusion.INCONCLUSIVE);
    assertThat(judge(new Data(problem.n(), problem.d(), problem.x(), problem.y()), reading))
        .isEqualTo(verified());
  }

  @Test
  void theSameFileIsNotSentTwice() {
    // Given
    Sample sample = certified("File again");
    String tag = file(sample.id(), "").header("ETag");

    // When
    Response again =
        given().header("If-None-Match", tag).get("/api/v1/certificates/" + sample.id() + "/file");
    Response other =
        given()
            .header("If-None-Match", tag)
            .get("/api/v1/certificates/" + sample.id() + "/file?withData=true");

    // Then
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.asByteArray()).isEmpty();
    assertThat(other.statusCode()).isEqualTo(200);
    assertThat(other.header("Cache-Control")).contains("no-cache");
  }

  @Test
  void isGivenAsPlainJsonToWhoeverAsksForThat() {
    // Given
    Sample sample = certified("File as JSON");

    // When
    Response response =
        given().accept("application/json").get("/api/v1/certificates/" + sample.id() + "/file");

    // Then
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.contentType()).startsWith("application/json");
  }

  @Test
  void saysWhatIsMissing() {
    // Given
    Sample sample = Sample.named("File of half a certificate");
    intake.dataset(sample.dataset());
    TrainingMessage upper = sample.trainedToZero(1);
    intake.training(upper, MessageJson.write(upper));

    // When
    Response half = file(sample.id(), "");
    Response none = file("0".repeat(32), "");
    Response bad = file(sample.id(), "?withData=yes");

    // Then
    assertProblem(half, 404, "has no verified lower bound yet");
    assertThat(half.jsonPath().getString("verdict")).isEqualTo("pending");
    assertProblem(none, 404, "There is no experiment");
    assertProblem(bad, 400, "withData is 'yes'; give true or false.");
  }

  private static void assertProblem(Response response, int status, String detail) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.contentType()).startsWith("application/problem+json");
    assertThat(response.jsonPath().getString("detail")).contains(detail);
  }

  private Sample certified(String name) {
    Sample sample = Sample.named(name);
    intake.dataset(sample.dataset());
    RelaxationMessage lower = sample.lower(1, 0.5);
    TrainingMessage upper = sample.trainedWell(1);
    intake.relaxation(lower, MessageJson.write(lower));
    intake.training(upper, MessageJson.write(upper));
    return sample;
  }

  private static Response file(String experimentId, String query) {
    return given().get("/api/v1/certificates/" + experimentId + "/file" + query);
  }

  private static double shown(String experimentId, String field) {
    JsonNode shown =
        MessageJson.read(
            given().get("/api/v1/certificates/" + experimentId).asByteArray(), JsonNode.class);
    return shown.path(field).asDouble();
  }

  private static Judgement judge(@Nullable Data data, Reading reading) {
    return new CertificateChecker(data, CertificateChecker.DEFAULT_MAX_WORK).judge(reading);
  }

  private static Judgement verified() {
    return new Judgement(Conclusion.VERIFIED, true, true, null);
  }
}
