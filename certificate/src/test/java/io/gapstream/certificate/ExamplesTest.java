package io.gapstream.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.certificate.Judgement.Conclusion;
import io.gapstream.contracts.CertificateFile;
import io.gapstream.contracts.CertificateFile.Provenance;
import io.gapstream.contracts.CertificateFileJson;
import io.gapstream.contracts.CertificateFileJson.Reading;
import io.gapstream.contracts.Rung;
import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.bound.UpperBound;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.Prepared;
import io.gapstream.numerics.exact.ExactSolution;
import io.gapstream.numerics.global.ColumnGeneration;
import io.gapstream.numerics.lifted.LiftedSolver;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.tau.LocalAscent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The certificate files in {@code examples}. With {@code -Dgapstream.examples=write} they are made
 * again first, which a change of the evidence's format makes necessary.
 */
final class ExamplesTest {

  private static final Path EXAMPLES = CertificateFileTest.ROOT.resolve("examples");
  private static final String CONE_TREE = "iris.gapcert.json";
  private static final String PAIRS = "diabetes.gapcert.json";

  private static final double FRACTION = 0.1;
  private static final double TOLERANCE = 1e-4;
  private static final long MOST_BYTES = 300_000;

  @BeforeAll
  static void writeIfAsked() throws IOException {
    if ("write".equals(System.getProperty("gapstream.examples"))) {
      Problem iris = problem("iris.csv", "species");
      ExactSolution solution = Honest.solve(iris, TOLERANCE);
      write(CONE_TREE, "iris", Honest.certificate(iris, solution.lower(), solution.upper()));

      Problem diabetes = problem("diabetes.csv", "progression");
      Deadline deadline = Deadline.after(Duration.ofSeconds(60));
      LowerBound lower = LiftedSolver.solve(diabetes, 1, deadline.share(0.5), bound -> {}).bound();
      UpperBound upper = ColumnGeneration.solve(diabetes, 1, deadline, bound -> {}).bound();
      write(PAIRS, "diabetes", Honest.withoutData(Honest.certificate(diabetes, lower, upper)));
    }
  }

  private static void write(String name, String dataset, CertificateFile file) throws IOException {
    Files.write(
        EXAMPLES.resolve(name),
        CertificateFileJson.write(
            new CertificateFile(
                file.problem(),
                file.data(),
                file.lower(),
                file.upper(),
                new Provenance(null, dataset, "gapstream 0.1.0", 1L, null))));
  }

  @Test
  void irisBringsItsDataAndIsVerified() throws IOException {
    // When
    Reading reading = read(CONE_TREE);
    Judgement judgement = checker(null).judge(reading);

    // Then
    assertThat(judgement).isEqualTo(new Judgement(Conclusion.VERIFIED, true, true, null));
    CertificateFile file = ((Reading.Whole) reading).certificate();
    assertThat(file.lower().evidence().rung()).isEqualTo(Rung.CONE_BNB);
    assertThat(file.ratio()).isBetween(1.0, 1 + TOLERANCE);
  }

  @Test
  void diabetesIsVerifiedWithTheDataOfTheCsvFile() throws IOException {
    // Given
    Problem problem = problem("diabetes.csv", "progression");
    Data data = new Data(problem.n(), problem.d(), problem.x(), problem.y());

    // When
    Reading reading = read(PAIRS);
    Judgement judgement = checker(data).judge(reading);

    // Then
    assertThat(judgement).isEqualTo(new Judgement(Conclusion.VERIFIED, true, true, null));
    CertificateFile file = ((Reading.Whole) reading).certificate();
    assertThat(file.lower().evidence().rung()).isEqualTo(Rung.PAIRS);
    assertThat(file.data().x()).isNull();
  }

  @Test
  void diabetesIsInconclusiveWithoutItsDataAndRefutedWithOthers() throws IOException {
    // Given
    Data other = new Data(1, 1, new double[] {1}, new double[] {1});

    // When
    Reading reading = read(PAIRS);

    // Then
    assertThat(checker(null).judge(reading).conclusion()).isEqualTo(Conclusion.INCONCLUSIVE);
    assertThat(checker(other).judge(reading).conclusion()).isEqualTo(Conclusion.REFUTED);
  }

  @ParameterizedTest
  @CsvSource({CONE_TREE, PAIRS})
  void areSmall(String name) throws IOException {
    assertThat(Files.size(EXAMPLES.resolve(name))).isLessThan(MOST_BYTES);
  }

  private static CertificateChecker checker(@Nullable Data data) {
    return new CertificateChecker(data, CertificateChecker.DEFAULT_MAX_WORK);
  }

  private static Reading read(String name) throws IOException {
    return CertificateFileJson.read(Files.readAllBytes(EXAMPLES.resolve(name)));
  }

  /** A file without quotes, standardised, with a column of ones. */
  private static Problem problem(String name, String target) throws IOException {
    List<String> lines = Files.readAllLines(EXAMPLES.resolve(name));
    int column = Arrays.asList(lines.get(0).split(",", -1)).indexOf(target);
    int n = lines.size() - 1;
    int d = lines.get(0).split(",", -1).length - 1;
    double[] x = new double[n * d];
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      String[] fields = lines.get(i + 1).split(",", -1);
      for (int k = 0, to = 0; k <= d; k++) {
        double value = Double.parseDouble(fields[k]);
        if (k == column) {
          y[i] = value;
        } else {
          x[i * d + to++] = value;
        }
      }
    }
    Data data = Prepared.of(new Data(n, d, x, y), true, true).data();
    double beta = FRACTION * LocalAscent.betaMax(data.n(), data.d(), data.x(), data.y());
    return new Problem(data.n(), data.d(), data.x(), data.y(), beta);
  }
}
