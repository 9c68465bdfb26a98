package io.gapstream.results.application;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gapstream.certificate.CertificateChecker;
import io.gapstream.certificate.Judgement;
import io.gapstream.contracts.CertificateFileJson;
import io.gapstream.contracts.Message;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.NetworkWeights;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.Topic;
import io.gapstream.contracts.TrainingMessage;
import io.gapstream.results.Sample;
import io.gapstream.results.Servers;
import io.gapstream.results.Tables;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What claims may change of a stored result, and what they may not, whoever sends them. Values and
 * evidence are those of {@link Sample}.
 */
@QuarkusTest
@WithTestResource(Servers.class)
class StandingTest {

  @Inject Intake intake;
  @Inject Tables tables;
  @Inject MeterRegistry registry;

  private final Sample sample = Sample.named("standing " + UUID.randomUUID());
  private final String ownData = sample.dataset().sha256();
  private final String otherData = Sample.named("other data").dataset().sha256();

  @Test
  void keepsTheStatusOfTheLastMessageWhateverARedoSends() {
    // Given
    intake.dataset(sample.dataset());
    take(sample.further(1, 0.5));
    take(sample.lower(2, 1));
    // When
    take(sample.further(7, 0.9));
    take(sample.further(8, 1));
    // Then
    assertThat(result().get("status").asText()).isEqualTo("converged");
    assertThat(result().get("iterations").asInt()).isEqualTo(7);
  }

  @Test
  void letsAnHonestLastMessageThroughAForgedOneWithTheHighestRevision() {
    // Given
    intake.dataset(sample.dataset());
    RelaxationMessage honest = sample.lower(2, 1);
    double tooGood = 1.5 * value(honest.value());
    take(sample.failed(Integer.MAX_VALUE, ownData));
    take(sample.lower(Integer.MAX_VALUE, tooGood, sample.triangle(1)));
    // When
    take(honest);
    // Then
    assertThat(result().get("status").asText()).isEqualTo("converged");
    assertThat(result().get("verdict").asText()).isEqualTo("verified");
    assertThat(result().get("value").doubleValue()).isEqualTo(value(honest.value()));
    assertThat(result().has("reason")).isFalse();
  }

  @Test
  void letsFurtherMessagesThroughAForgedOneWithTheHighestRevision() throws Exception {
    // Given
    intake.dataset(sample.dataset());
    take(sample.further(Integer.MAX_VALUE, 0.1));
    // When
    take(sample.further(1, 0.5));
    // Then
    assertThat(tables.query("select revision from result where experiment_id = ?", sample.id()))
        .containsExactly("1");
    assertThat(result().get("value").doubleValue()).isEqualTo(sample.lower(1, 0.5).value());
  }

  @Test
  void letsNoResultOfOtherDataChangeAnythingWhateverItsOutcome() throws Exception {
    // Given
    intake.dataset(sample.dataset());
    take(sample.further(1, 0.5));
    TrainingMessage well = sample.trainedWell(1);
    List<Message> forged =
        List.of(
            sample.failed(Integer.MAX_VALUE, otherData),
            ofOtherData(sample.lower(3, 1)),
            ofOtherData(sample.estimate(0.5)),
            ofOtherData(well),
            ofOtherData(sample.trained(2, null, null)));
    double alarms = refuted();
    List<String> before = rows();
    // When
    for (int times = 0; times < 2; times++) {
      forged.forEach(this::take);
    }
    // Then
    assertThat(rows()).isEqualTo(before);
    assertThat(certificate().get("completedResults").asInt()).isZero();
    assertThat(
            tables.query(
                "select reason from refuted_claim where experiment_id = ? and reason like ?",
                sample.id(),
                "%" + otherData + "%"))
        .hasSize(forged.size());
    assertThat(refuted() - alarms).isEqualTo(forged.size());
  }

  @Test
  void verifiesNothingThatCannotImproveWhatIsStored() throws Exception {
    // Given
    intake.dataset(sample.dataset());
    RelaxationMessage good = sample.lower(2, 0.8);
    RelaxationMessage tooGood =
        sample.lower(3, 1.001 * value(sample.lower(1, 1).value()), sample.triangle(1));
    take(good);
    take(tooGood);
    take(sample.trainedWell(1));
    long before = verifications();
    // When
    take(good); // the same again
    take(tooGood); // refuted already
    take(sample.lower(4, 0.5)); // worse
    take(sample.lower(5, value(good.value()), sample.triangle(1))); // no better
    take(sample.lower(6, value(good.value()), sample.triangle(0.8))); // the same proof
    take(sample.lower(7, 0.5 * value(good.value()), sample.triangle(1.9))); // worse and untrue
    take(sample.trained(1, 2 * value(sample.trainedWell(1).value()), sample.zeroNetwork()));
    // Then
    assertThat(verifications() - before).isZero();
    assertThat(result().get("value").doubleValue()).isEqualTo(value(good.value()));
    take(sample.lower(8, 0.9)); // better
    assertThat(verifications() - before).isEqualTo(1);
    assertThat(result().get("value").doubleValue()).isEqualTo(sample.lower(8, 0.9).value());
  }

  @Test
  void takesTheCompletionOfAClaimThatIsNotVerified() {
    // Given
    intake.dataset(sample.dataset());
    take(sample.further(1, 1));
    // When
    take(sample.lower(2, 0.5));
    // Then
    assertThat(certificate().get("completedResults").asInt()).isEqualTo(1);
    assertThat(result().get("status").asText()).isEqualTo("converged");
    assertThat(result().get("value").doubleValue()).isEqualTo(sample.lower(1, 1).value());
  }

  @Test
  void takesTheBoundOfAStoppedRunAndCompletesItWithItsLastResult() {
    // Given
    intake.dataset(sample.dataset());
    take(sample.lower(1, 1));
    TrainingMessage soFar = sample.trainedToZero(1).withMoreToCome();
    // When
    take(soFar);
    JsonNode stopped = certificate();
    take(sample.trainedWell(1));
    take(soFar); // once more, after the last one
    // Then
    assertThat(stopped.get("upper").doubleValue()).isEqualTo(value(soFar.value()));
    assertThat(stopped.get("completedResults").asInt()).isEqualTo(1);
    assertThat(certificate().get("upper").doubleValue())
        .isEqualTo(value(sample.trainedWell(1).value()));
    assertThat(certificate().get("completedResults").asInt()).isEqualTo(2);
  }

  @Test
  void keepsTheBoundOfAStoppedRunThatEndsWorseWhenItIsDoneAgain() throws Exception {
    // Given
    intake.dataset(sample.dataset());
    take(sample.lower(1, 1));
    TrainingMessage soFar = sample.trainedWell(1).withMoreToCome();
    take(soFar);
    // When
    take(sample.trained(1, null, null));
    // Then
    assertThat(certificate().get("upper").doubleValue()).isEqualTo(value(soFar.value()));
    assertThat(certificate().get("completedResults").asInt()).isEqualTo(2);
    assertThat(
            tables.query(
                "select status from result where experiment_id = ? and source = 'training'",
                sample.id()))
        .containsExactly("diverged");
  }

  @Test
  void neverReplacesEvidenceForAnEqualValue() throws Exception {
    // Given
    intake.dataset(sample.dataset());
    RelaxationMessage first = sample.lower(1, 0.5);
    take(first);
    take(sample.trainedWell(1));
    List<String> before = evidence();
    // When
    take(sample.lower(Integer.MAX_VALUE, value(first.value()), sample.triangle(1)));
    take(sample.trained(1, sample.trainedWell(1).value(), padded()));
    // Then
    assertThat(evidence()).isEqualTo(before);
  }

  @Test
  void givesEveryStoredCertificateAsAFileThatTheCheckerVerifies() {
    // Given
    Random random = new Random(14);
    for (int run = 0; run < 20; run++) {
      Sample one = Sample.named("file " + run + " " + UUID.randomUUID());
      List<Runnable> claims = new ArrayList<>();
      for (int revision = 1; revision <= 6; revision++) {
        int number = revision;
        double share = 0.25 * (1 + random.nextInt(4));
        double claimed = value(one.lower(1, 0.25 * (1 + random.nextInt(4))).value());
        claims.add(() -> take(one.lower(number, share)));
        claims.add(() -> take(one.lower(number, claimed, one.triangle(share))));
        claims.add(() -> take(one.further(number, share)));
        claims.add(() -> take(one.lower(number, -claimed, one.triangle(share))));
      }
      claims.add(() -> take(one.trainedToZero(1)));
      claims.add(() -> take(one.trainedWell(2)));
      claims.add(() -> take(one.upper(value(one.trainedWell(1).value()), one.plantedNetwork())));
      claims.add(() -> intake.dataset(one.dataset()));
      Collections.shuffle(claims, random);
      // When
      claims.forEach(Runnable::run);
      byte[] file =
          given()
              .get("/api/v1/certificates/" + one.id() + "/file?withData=true")
              .then()
              .statusCode(200)
              .extract()
              .asByteArray();
      Judgement judgement =
          new CertificateChecker(null, CertificateChecker.DEFAULT_MAX_WORK)
              .judge(CertificateFileJson.read(file));
      // Then
      assertThat(judgement.conclusion()).as("run %s", run).isEqualTo(Judgement.Conclusion.VERIFIED);
    }
  }

  @Test
  void settlesEveryHeldClaimThoughOthersCannotBeSettled() throws Exception {
    // Given
    byte[] poison =
        new String(MessageJson.write(sample.failed(1, ownData)), StandardCharsets.UTF_8)
            .replace("It ran out of numbers.", "a\\u0000b")
            .getBytes(StandardCharsets.UTF_8);
    byte[] noJson = "{".getBytes(StandardCharsets.UTF_8);
    byte[] foreign = MessageJson.write(Sample.named("foreign").lower(1, 1));
    hold(poison, 0);
    hold(noJson, 1);
    hold(foreign, 2);
    hold(MessageJson.write(sample.lower(2, 1)), 3);
    take(sample.trainedWell(1));
    // When
    intake.dataset(sample.dataset());
    // Then
    assertThat(certificate().get("verdict").asText()).isEqualTo("verified");
    assertThat(certificate().get("completedResults").asInt()).isEqualTo(2);
    assertThat(tables.query("select topic from pending_claim where experiment_id = ?", sample.id()))
        .isEmpty();
    assertThat(
            tables.query(
                "select payload_sha256 from refuted_claim where experiment_id = ?"
                    + " and kind is null and reason <> '' order by 1",
                sample.id()))
        .containsExactlyElementsOf(
            List.of(poison, noJson, foreign).stream().map(Sha256::hex).sorted().toList());
  }

  private void hold(byte[] payload, int place) throws Exception {
    tables.update(
        "insert into pending_claim values (?, ?, ?, ?, now() - interval '1 minute' + ? * interval"
            + " '1 second')",
        Sha256.hex(payload),
        sample.id(),
        Topic.RELAXATIONS.topicName(),
        payload,
        place);
  }

  private void take(Message message) {
    byte[] json = MessageJson.write(message);
    if (message instanceof RelaxationMessage relaxation) {
      intake.relaxation(relaxation, json);
    } else if (message instanceof TrainingMessage training) {
      intake.training(training, json);
    }
  }

  private Message ofOtherData(Message message) {
    String json = new String(MessageJson.write(message), StandardCharsets.UTF_8);
    return MessageJson.read(
        json.replace(ownData, otherData).getBytes(StandardCharsets.UTF_8), message.getClass());
  }

  /** The planted network with one more neuron, which does nothing. */
  private NetworkWeights padded() {
    int d = sample.problem().d();
    double[] u = Arrays.copyOf(sample.plantedNetwork().u().values(), 2 * d);
    return new NetworkWeights(NumericArray.matrix(2, d, u), NumericArray.vector(1, 0));
  }

  private JsonNode certificate() {
    return MessageJson.read(
        given().get("/api/v1/certificates/" + sample.id()).asByteArray(), JsonNode.class);
  }

  private JsonNode result() {
    return certificate().get("results").get(0);
  }

  private List<String> rows() throws Exception {
    return tables.query(
        "select to_jsonb(t) from result t where experiment_id = ? order by id", sample.id());
  }

  private List<String> evidence() throws Exception {
    return tables.query(
        "select encode(document, 'hex') from evidence where result_id like ? || '/%' order by"
            + " result_id",
        sample.id());
  }

  private long verifications() {
    return registry.get("gapstream.verification").timer().count();
  }

  private double refuted() {
    return registry.get("gapstream.claims.refuted").counter().count();
  }

  private static double value(@Nullable Double value) {
    return Objects.requireNonNull(value);
  }
}
