package io.gapstream.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.gapstream.certificate.Judgement.Conclusion;
import io.gapstream.contracts.ByteSequence;
import io.gapstream.contracts.CertificateFile;
import io.gapstream.contracts.CertificateFile.DataSection;
import io.gapstream.contracts.CertificateFile.LowerClaim;
import io.gapstream.contracts.CertificateFile.ProblemStatement;
import io.gapstream.contracts.CertificateFile.UpperClaim;
import io.gapstream.contracts.CertificateFileJson;
import io.gapstream.contracts.InvalidMessageException;
import io.gapstream.contracts.LowerEvidence;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.NetworkWeights;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.Rung;
import io.gapstream.contracts.Witness;
import io.gapstream.numerics.problem.DataHash;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.verify.Finding;
import io.gapstream.numerics.verify.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever evidence is accepted as a claim can be written to a certificate file, and both checkers
 * verify that. The evidence is made at random, as an enemy makes it: of every rung, with metrics of
 * any shape, multipliers at the ends of their ranges and numbers of any magnitude; and it claims as
 * much as the verifier gives it.
 */
@Timeout(300)
final class EvidenceTest {

  private static final int PROBLEMS = 6_000;

  /** Powers of ten by which things are multiplied. */
  private static final int[] MAGNITUDES = {
    0, 0, 0, 0, 0, 1, -1, 6, -6, 30, -30, 150, -150, 300, -300
  };

  private static final double[] WEIGHTS = {0, 1e-300, 1e-9, 0.1, 0.5, 0.9, 1, 1};

  /** What a claim is about. */
  private record Accepted(Problem problem, LowerEvidence evidence, double value) {}

  @Test
  void whateverIsAcceptedIsVerifiedFromAFileByBothCheckers(@TempDir Path folder)
      throws IOException, InterruptedException {
    // Given
    PythonChecker.assumePresent();
    Random random = new Random(5);
    List<Accepted> accepted = new ArrayList<>();
    for (int k = 0; k < PROBLEMS; k++) {
      claim(random, accepted);
    }
    Map<Rung, Integer> rungs = new EnumMap<>(Rung.class);
    List<String> names = new ArrayList<>();
    CertificateChecker checker = new CertificateChecker(null, CertificateChecker.DEFAULT_MAX_WORK);

    // When
    List<String> differences = new ArrayList<>();
    for (Accepted claim : accepted) {
      byte[] stored = MessageJson.write(claim.evidence());
      byte[] file =
          CertificateFileJson.write(file(claim, MessageJson.read(stored, LowerEvidence.class)));
      names.add(String.format(Locale.ROOT, "%04d.json", names.size()));
      Files.write(folder.resolve(names.get(names.size() - 1)), file);
      Judgement judgement = checker.judge(CertificateFileJson.read(file));
      if (judgement.conclusion() != Conclusion.VERIFIED) {
        differences.add(claim + ": " + judgement);
      }
      rungs.merge(claim.evidence().rung(), 1, Integer::sum);
    }
    List<JsonNode> answers = PythonChecker.judge(folder, names);

    // Then
    for (int k = 0; k < answers.size(); k++) {
      if (!answers.get(k).path("verdict").asText().equals("verified")) {
        differences.add(accepted.get(k) + ": " + answers.get(k));
      }
    }
    assertThat(differences).isEmpty();
    assertThat(rungs).containsOnlyKeys(Rung.values());
    assertThat(rungs.values()).allMatch(count -> count >= 20, rungs.toString());
  }

  @Test
  void whatNoFileMayHoldIsNoEvidence() {
    // Given: two rows, for which this evidence proves a bound
    Problem problem = new Problem(2, 1, new double[] {1, 0.5}, new double[] {3, -1}, 0.5);
    NumericArray dual = NumericArray.vector(0.2, -0.2);
    double[] metric = {1, 0, 0};

    // Then
    for (Witness honest :
        List.of(quadratic(null), quadratic(NumericArray.matrix(1, 2, new double[] {1, 0})))) {
      assertThat(Claims.whyNotAtLeast(problem, 0.03, new LowerEvidence(dual, 0.05, honest, honest)))
          .isNull();
    }
    assertThatThrownBy(() -> quadratic(NumericArray.matrix(1, 3, metric)))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessageContainingAll("columns of witness.metric is 3", "from 1 to 2");
    assertThatThrownBy(() -> quadratic(NumericArray.matrix(1, 0, new double[0])))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessageContaining("columns of witness.metric is 0");
    Witness ofTwoColumns = quadratic(NumericArray.matrix(2, 1, new double[] {1, 0}));
    assertThat(
            Claims.whyNotAtLeast(
                problem, 0, new LowerEvidence(dual, 0.5, ofTwoColumns, ofTwoColumns)))
        .contains("lower.plus.metric has 2 rows");
  }

  private static Witness quadratic(@Nullable NumericArray metric) {
    NumericArray one = NumericArray.vector(1);
    return new Witness.Quadratic(one, one, NumericArray.vector(0), metric, 5);
  }

  /** Files that one of the checkers once called verified, each for a value it does not need. */
  @Test
  void bothCheckersRefuteWhatAFileMayNotHoldWhereverItStands()
      throws IOException, InterruptedException {
    // Given
    PythonChecker.assumePresent();
    Path folder = Path.of("src/test/resources/refuted").toAbsolutePath();
    List<String> names;
    try (Stream<Path> files = Files.list(folder)) {
      names = files.map(file -> file.getFileName().toString()).sorted().toList();
    }
    assertThat(names).hasSize(7);

    // Then
    CertificateChecker checker = new CertificateChecker(null, CertificateChecker.DEFAULT_MAX_WORK);
    for (String name : names) {
      Judgement judgement =
          checker.judge(CertificateFileJson.read(Files.readAllBytes(folder.resolve(name))));
      assertThat(judgement.conclusion()).as(name).isEqualTo(Conclusion.REFUTED);
    }
    assertThat(PythonChecker.judge(folder, names))
        .allSatisfy(answer -> assertThat(answer.path("verdict").asText()).isEqualTo("refuted"));
  }

  /** Makes one claim at random, and keeps it if it is accepted. */
  private static void claim(Random random, List<Accepted> accepted) {
    int n = 1 + random.nextInt(5);
    int d = 1 + random.nextInt(3);
    double sizeX = magnitude(random);
    double sizeY = magnitude(random);
    double sizeNu = random.nextBoolean() ? sizeY : magnitude(random);
    boolean whole = random.nextInt(3) == 0;
    double[] x = numbers(n * d, sizeX, whole, random);
    double[] y = numbers(n, sizeY, whole, random);
    double[] nu = new double[n];
    for (int i = 0; i < n; i++) {
      nu[i] = y[i] / sizeY * sizeNu * (whole || random.nextBoolean() ? 1 : random.nextDouble());
      if (random.nextInt(20) == 0) {
        nu[i] = 0;
      }
    }
    double beta = magnitude(random) * sizeX * sizeY;
    if (!(beta > 0 && beta < Double.POSITIVE_INFINITY)) {
      return;
    }
    Problem problem = new Problem(n, d, x, y, beta);
    LowerEvidence evidence;
    try {
      double scale = random.nextInt(4) == 0 ? 1 : sizeY / sizeNu * random.nextDouble();
      evidence =
          new LowerEvidence(
              NumericArray.vector(nu),
              scale,
              witness(problem, nu, 1, random),
              witness(problem, nu, -1, random));
    } catch (InvalidMessageException e) {
      return; // a message may not hold it
    }
    Finding finding =
        Verifier.lower(
            problem,
            nu,
            evidence.scale(),
            Witnesses.fromMessage(evidence.plus()),
            Witnesses.fromMessage(evidence.minus()));
    double value = finding instanceof Finding.Proved proved ? proved.value() : 0;
    if (value == 0 && random.nextInt(10) > 0) {
      return;
    }
    value = random.nextInt(10) == 0 ? -value : value;
    if (Claims.whyNotAtLeast(problem, value, evidence) == null
        && upper(problem) < Double.POSITIVE_INFINITY) {
      accepted.add(new Accepted(problem, evidence, value));
    }
  }

  private static Witness witness(Problem problem, double[] nu, int sign, Random random) {
    int n = problem.n();
    int d = problem.d();
    int above = 0;
    int below = 0;
    double largestX = largest(problem.x());
    double largestNu = largest(nu);
    for (double entry : nu) {
      above += sign * entry > 0 ? 1 : 0;
      below += sign * entry < 0 ? 1 : 0;
    }
    double tau = n * d * largestX * largestNu;
    double share = Math.pow(10, random.nextInt(4) - 1);
    switch (random.nextInt(6)) {
      case 0 -> {
        return new Witness.Triangle();
      }
      case 1 -> {
        byte[] leaves = new byte[1 << d];
        return new Witness.ConeTree(
            tau * (random.nextInt(4) == 0 ? 0.5 : 1) * 1.01, ByteSequence.of(leaves));
      }
      case 2 -> {
        int order = d + d * (d + 1) / 2;
        double[] gram = new double[order * (order + 1) / 2];
        for (int k = 0; k < gram.length; k++) {
          gram[k] = 0.01 * random.nextGaussian() * tau;
        }
        for (int k = 0; k < order; k++) {
          gram[k * (k + 1) / 2 + k] = share * tau;
        }
        return new Witness.Quartic(
            NumericArray.vector(weights(above, 1e-5, 1, random)),
            NumericArray.vector(weights(below, 0, 1e3, random)),
            NumericArray.vector(weights(below, -1, 1, random)),
            NumericArray.vector(gram));
      }
      case 3 -> {
        double[] squares = new double[n];
        double[] anchors = new double[n];
        for (int i = 0; i < n; i++) {
          squares[i] = share * largestNu / largestX * (0.5 + random.nextDouble());
          anchors[i] = random.nextBoolean() ? 0 : random.nextDouble() * largestNu;
        }
        int count = n < 2 ? 0 : random.nextInt(3);
        double[] pairs = new double[3 * count];
        for (int p = 0; p < count; p++) {
          pairs[3 * p] = 1 + random.nextInt(n - 1);
          pairs[3 * p + 1] = random.nextInt((int) pairs[3 * p]);
          pairs[3 * p + 2] = 0.1 * random.nextGaussian() * squares[0];
          if (random.nextInt(20) == 0) {
            pairs[3 * p] += 0.5;
          }
        }
        return new Witness.Pairs(
            NumericArray.vector(squares),
            NumericArray.vector(anchors),
            NumericArray.vector(weights(n, 0, 1, random)),
            NumericArray.vector(weights(n, -1, 1, random)),
            NumericArray.matrix(count, 3, pairs),
            metric(d, random),
            10 * share * tau);
      }
      default -> {
        double[] mu = new double[above];
        for (int i = 0; i < above; i++) {
          mu[i] = largestX * (0.1 + random.nextDouble());
        }
        return new Witness.Quadratic(
            NumericArray.vector(mu),
            NumericArray.vector(weights(below, 0, 1, random)),
            NumericArray.vector(weights(below, -1, 1, random)),
            metric(d, random),
            10 * share * tau);
      }
    }
  }

  /** Of any number of columns, also of none and of too many, some of them of zeros. */
  private static @Nullable NumericArray metric(int d, Random random) {
    if (random.nextInt(4) == 0) {
      return null;
    }
    int columns = random.nextInt(d + 3);
    double size = magnitude(random);
    double[] metric = new double[d * columns];
    for (int k = 0; k < metric.length; k++) {
      metric[k] =
          switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> magnitude(random);
            default -> size * random.nextGaussian();
          };
    }
    return NumericArray.matrix(d, columns, metric);
  }

  /** Numbers in a range, often at its ends. */
  private static double[] weights(int count, double least, double most, Random random) {
    double[] weights = new double[count];
    for (int i = 0; i < count; i++) {
      double share = WEIGHTS[random.nextInt(WEIGHTS.length)];
      weights[i] = Math.min(most, least + share * (most - least));
    }
    return weights;
  }

  private static double[] numbers(int count, double size, boolean whole, Random random) {
    double[] numbers = new double[count];
    for (int k = 0; k < count; k++) {
      double number = whole ? random.nextInt(7) - 3 : random.nextGaussian();
      numbers[k] = random.nextInt(8) == 0 ? 0 : size * number;
    }
    return numbers;
  }

  private static double magnitude(Random random) {
    return Math.pow(10, MAGNITUDES[random.nextInt(MAGNITUDES.length)]);
  }

  private static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest == 0 ? 1 : largest;
  }

  /** The value of no neurons. */
  private static double upper(Problem problem) {
    Finding finding =
        Verifier.upper(problem, new Network(0, problem.d(), new double[0], new double[0]));
    return finding instanceof Finding.Proved proved ? proved.value() : Double.POSITIVE_INFINITY;
  }

  private static CertificateFile file(Accepted claim, LowerEvidence evidence) {
    Problem problem = claim.problem();
    int n = problem.n();
    int d = problem.d();
    return new CertificateFile(
        new ProblemStatement(n, d, problem.beta()),
        new DataSection(
            DataHash.sha256(n, d, problem.x(), problem.y()),
            NumericArray.matrix(n, d, problem.x()),
            NumericArray.vector(problem.y())),
        LowerClaim.of(claim.value(), Objects.requireNonNull(evidence)),
        new UpperClaim(
            upper(problem),
            new NetworkWeights(NumericArray.matrix(0, d, new double[0]), NumericArray.vector())),
        null);
  }
}
