package io.gapstream.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.gapstream.certificate.Judgement.Conclusion;
import io.gapstream.contracts.CertificateFile;
import io.gapstream.contracts.CertificateFileJson;
import io.gapstream.contracts.CertificateFileJson.Reading;
import io.gapstream.contracts.Rung;
import io.gapstream.numerics.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Files of every rung. That nothing is lost on the way is seen by comparing records and bytes; what
 * the schema says was written by hand.
 */
final class CertificateFileTest {

  static final Path ROOT =
      Path.of(Objects.requireNonNull(System.getProperty("gapstream.root"), "gapstream.root"));

  private static List<CertificateFile> files = List.of();

  @BeforeAll
  static void makeCertificates() {
    Problem problem = Honest.problem(20, 3, 1, 1, 1, 0.1);
    files = Honest.certificates(problem, 1e-4);
  }

  static Stream<CertificateFile> files() {
    return files.stream();
  }

  @Test
  void areOfEveryRung() {
    assertThat(files.stream().map(file -> file.lower().evidence().rung()).distinct())
        .containsExactlyInAnyOrder(Rung.values());
    assertThat(files).allMatch(file -> file.lower().value() > 0);
  }

  @ParameterizedTest
  @MethodSource("files")
  void areReadAsTheyWereWritten(CertificateFile file) {
    // When
    byte[] written = CertificateFileJson.write(file);
    Reading reading = CertificateFileJson.read(written);

    // Then
    assertThat(reading).isInstanceOf(Reading.Whole.class);
    CertificateFile read = ((Reading.Whole) reading).certificate();
    assertThat(read)
        .isEqualTo(
            new CertificateFile(file.problem(), file.data(), file.lower(), file.upper(), null));
    byte[] again =
        CertificateFileJson.write(
            new CertificateFile(
                read.problem(), read.data(), read.lower(), read.upper(), file.provenance()));
    assertThat(again).isEqualTo(written);
    assertThat(new String(written, StandardCharsets.UTF_8)).matches("\\p{ASCII}*\n");
  }

  @ParameterizedTest
  @MethodSource("files")
  void areVerified(CertificateFile file) {
    // When
    Judgement judgement =
        new CertificateChecker(null, CertificateChecker.DEFAULT_MAX_WORK)
            .judge(CertificateFileJson.read(CertificateFileJson.write(file)));

    // Then
    assertThat(judgement).isEqualTo(new Judgement(Conclusion.VERIFIED, true, true, null));
  }

  @ParameterizedTest
  @MethodSource("files")
  void areValidByTheSchema(CertificateFile file) throws IOException {
    // Given
    Schema schema = schema();

    // Then
    for (CertificateFile form : List.of(file, Honest.withoutData(file))) {
      assertThat(
              schema.validate(
                  new String(CertificateFileJson.write(form), StandardCharsets.UTF_8),
                  InputFormat.JSON))
          .isEmpty();
    }
  }

  @Test
  void theSchemaRefusesWhatTheFormatDoesNot() throws IOException {
    // Given
    Schema schema = schema();
    String json = new String(CertificateFileJson.write(files.get(0)), StandardCharsets.UTF_8);

    // Then
    for (String[] change :
        new String[][] {
          {"gapcert/1", "gapcert/2"},
          {"\"n\":20", "\"n\":0"},
          {"\"scale\":", "\"scales\":"},
          {"\"loss\":\"half-squared-error\",", ""},
          {"\"<f8\"", "\">f8\""},
          {"\"plus\"", "\"more\":1,\"plus\""},
        }) {
      assertThat(json).contains(change[0]);
      assertThat(schema.validate(json.replace(change[0], change[1]), InputFormat.JSON))
          .as(change[1])
          .isNotEmpty();
    }
  }

  private static Schema schema() throws IOException {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(Files.readString(ROOT.resolve("docs/certificate-file.v1.schema.json")));
  }
}
