package io.gapstream.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gapstream.contracts.CertificateFile;
import io.gapstream.contracts.CertificateFile.LowerClaim;
import io.gapstream.contracts.CertificateFile.UpperClaim;
import io.gapstream.contracts.CertificateFileJson;
import io.gapstream.contracts.Rung;
import io.gapstream.numerics.problem.Problem;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two checkers that share no code, on certificates of every rung, of many sizes and magnitudes:
 * honest, and with each claim moved by a billionth beyond what its evidence proves, which shows
 * that both are as sharp as that. Files on which they differ stay in {@code target/disagreements}.
 */
@Timeout(300)
final class AgreementTest {

  private static final int AT_LEAST = 200;
  private static final double SHARPNESS = 1e-9;
  private static final Path KEPT = Path.of("target/disagreements");

  /** Features and targets are multiplied by these. */
  private static final double[][] SCALES = {
    {1, 1}, {1e100, 1}, {1, 1e-100}, {1e-100, 1e100}, {1e-30, 1e-60}, {3e80, 7e40}
  };

  private static final List<CertificateFile> HONEST = new ArrayList<>();

  @BeforeAll
  static void makeCertificates() {
    for (int k = 0; HONEST.size() < AT_LEAST; k++) {
      double[] scale = SCALES[k % SCALES.length];
      double share = k % 5 == 4 ? 2 : k % 2 == 0 ? 0.1 : 0.03;
      Problem problem =
          Honest.problem(1 + (5 * k) % 13, 1 + k % 3, 100 + k, scale[0], scale[1], share);
      HONEST.addAll(Honest.certificates(problem, 1e-2));
    }
  }

  @Test
  void theCertificatesAreOfEveryRungAndMagnitude() {
    Set<Rung> rungs = EnumSet.noneOf(Rung.class);
    Set<Integer> exponents = new TreeSet<>();
    for (CertificateFile file : HONEST) {
      rungs.add(file.lower().evidence().rung());
      exponents.add(Math.getExponent(file.upper().value()) / 100);
    }
    assertThat(rungs).containsExactly(Rung.values());
    assertThat(exponents).hasSizeGreaterThan(3);
  }

  @Test
  void noClaimLosesMoreThanABillionth() {
    for (CertificateFile file : HONEST) {
      // When
      BigDecimal lower = Exactly.lower(file);
      BigDecimal upper = Exactly.upper(file);

      // Then: exactly proved, and hardly less than what is exactly proved
      assertThat(new BigDecimal(file.lower().value()))
          .isLessThanOrEqualTo(lower.max(BigDecimal.ZERO));
      assertThat(new BigDecimal(file.upper().value())).isGreaterThanOrEqualTo(upper);
      assertThat(loss(lower, file.lower().value())).isLessThan(SHARPNESS);
      assertThat(loss(upper, file.upper().value())).isLessThan(SHARPNESS);
    }
  }

  private static double loss(BigDecimal exact, double claimed) {
    return exact.signum() <= 0
        ? 0
        : exact
            .subtract(new BigDecimal(claimed))
            .divide(exact, MathContext.DECIMAL64)
            .abs()
            .doubleValue();
  }

  @Test
  void bothCheckersSayTheSame() throws IOException, InterruptedException {
    // Given
    PythonChecker.assumePresent();
    List<byte[]> files = new ArrayList<>();
    for (CertificateFile file : HONEST) {
      files.add(CertificateFileJson.write(file));
      files.add(
          CertificateFileJson.write(
              withClaims(file, beyond(file.lower().value(), 1 + SHARPNESS), file.upper().value())));
      files.add(
          CertificateFileJson.write(
              withClaims(file, file.lower().value(), beyond(file.upper().value(), 1 - SHARPNESS))));
    }
    clear();
    List<String> names = new ArrayList<>();
    for (byte[] file : files) {
      names.add(String.format(Locale.ROOT, "%04d.gapcert.json", names.size()));
      Files.write(KEPT.resolve(names.get(names.size() - 1)), file);
    }

    // When
    List<JsonNode> answers = PythonChecker.judge(KEPT, names);

    // Then
    CertificateChecker checker = new CertificateChecker(null, CertificateChecker.DEFAULT_MAX_WORK);
    List<String> differences = new ArrayList<>();
    int verified = 0;
    for (int k = 0; k < files.size(); k++) {
      Judgement judgement = checker.judge(CertificateFileJson.read(files.get(k)));
      String python = answers.get(k).path("verdict").asText();
      String java = judgement.conclusion().toString();
      verified += java.equals("verified") ? 1 : 0;
      boolean honest = k % 3 == 0;
      if (!python.equals(java) || honest && !java.equals("verified")) {
        differences.add(names.get(k) + ": " + judgement + ", " + answers.get(k));
      } else {
        Files.delete(KEPT.resolve(names.get(k)));
      }
    }
    assertThat(differences).isEmpty();
    assertThat(verified).isBetween(HONEST.size(), 2 * HONEST.size());
  }

  private static double beyond(double value, double factor) {
    return value == 0 ? Double.MIN_NORMAL : value * factor;
  }

  private static CertificateFile withClaims(CertificateFile file, double lower, double upper) {
    return new CertificateFile(
        file.problem(),
        file.data(),
        LowerClaim.of(lower, file.lower().evidence()),
        new UpperClaim(upper, file.upper().network()),
        file.provenance());
  }

  private static void clear() throws IOException {
    Files.createDirectories(KEPT);
    try (Stream<Path> old = Files.list(KEPT)) {
      for (Path file : old.toList()) {
        Files.delete(file);
      }
    }
  }
}
