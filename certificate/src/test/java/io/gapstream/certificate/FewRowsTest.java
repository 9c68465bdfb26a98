package io.gapstream.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gapstream.contracts.CertificateFile;
import io.gapstream.contracts.CertificateFileJson;
import io.gapstream.contracts.Rung;
import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.bound.UpperBound;
import io.gapstream.numerics.global.ColumnGeneration;
import io.gapstream.numerics.lifted.LiftedSolver;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.reduction.ReducedProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Certificates about data with more columns than rank, whose evidence was found in fewer columns:
 * both checkers judge them by the file alone.
 */
@Timeout(300)
final class FewRowsTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir private Path folder = Path.of("");

  @Test
  void bothCheckersAcceptEvidenceThatWasFoundInFewerColumns()
      throws IOException, InterruptedException {
    // Given
    List<CertificateFile> files = new ArrayList<>();
    files.addAll(certificates(Honest.problem(12, 40, 1, 1, 1, 0.05)));
    files.addAll(certificates(Honest.problem(30, 600, 2, 1, 1, 0.02)));
    files.addAll(certificates(Honest.problem(8, 60, 3, 1e-90, 1e60, 0.1)));
    files.addAll(certificates(dependent(25, 4)));
    List<String> names = new ArrayList<>();
    for (int k = 0; k < files.size(); k++) {
      names.add(k + ".gapcert.json");
      Files.write(folder.resolve(names.get(k)), CertificateFileJson.write(files.get(k)));
    }

    // When
    CertificateChecker checker = new CertificateChecker(null, CertificateChecker.DEFAULT_MAX_WORK);
    List<String> verdicts = new ArrayList<>();
    for (CertificateFile file : files) {
      verdicts.add(
          checker
              .judge(CertificateFileJson.read(CertificateFileJson.write(file)))
              .conclusion()
              .toString());
    }

    // Then
    assertThat(files)
        .extracting(file -> file.lower().evidence().rung())
        .contains(Rung.QUADRATIC, Rung.PAIRS, Rung.TRIANGLE);
    assertThat(verdicts).containsOnly("verified");
    PythonChecker.assumePresent();
    assertThat(PythonChecker.judge(folder, names))
        .extracting((JsonNode answer) -> answer.path("verdict").textValue())
        .containsOnly("verified");
  }

  private static List<CertificateFile> certificates(Problem problem) {
    ReducedProblem reduced = ReducedProblem.of(problem, Deadline.none());
    assertThat(reduced.isReduced()).isTrue();
    UpperBound upper =
        reduced.lift(
            ColumnGeneration.solve(reduced.problem(), 1, Deadline.after(LIMIT), bound -> {})
                .bound());
    List<CertificateFile> files = new ArrayList<>();
    LiftedSolver.solve(
        reduced.problem(),
        1,
        Deadline.after(LIMIT),
        bound -> {
          LowerBound back = Objects.requireNonNull(reduced.lift(bound));
          files.add(Honest.certificate(problem, back, upper));
        });
    return files;
  }

  /** Each column twice, but for a trillionth. */
  private static Problem dependent(int n, int d) {
    Problem problem = Honest.problem(n, d, 4, 1, 1, 0.05);
    Random random = new Random(5);
    double[] x = new double[n * 2 * d];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < d; k++) {
        x[i * 2 * d + k] = problem.x()[i * d + k];
        x[i * 2 * d + d + k] = problem.x()[i * d + k] * (1 + 1e-12 * random.nextGaussian());
      }
    }
    return new Problem(n, 2 * d, x, problem.y(), problem.beta());
  }
}
