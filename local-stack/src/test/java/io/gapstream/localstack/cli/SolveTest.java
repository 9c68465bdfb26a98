package io.gapstream.localstack.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.gates.Gates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The real command on files. Values are held against closed forms, written out here, and against
 * what the system once proved for the same file; a network that was written against its value, by a
 * forward pass on the raw file; the words of errors and of JSON are those of docs/cli.md, by hand.
 */
@Timeout(60)
final class SolveTest {

  private static final Path EXAMPLES =
      Path.of(Objects.requireNonNull(System.getProperty("gapstream.root"), "gapstream.root"))
          .resolve("examples");

  /** One column of both signs; every number is exact. */
  private static final String ONE_COLUMN = "x,y\n1,2\n2,1\n-1,3\n-2,-1\n0,4\n";

  private static final double HALF_Y_SQUARES = 0.5 * (4 + 1 + 9 + 1 + 16);

  /** Two orthogonal columns of length 2, with {@code ||X'y|| = 5}. */
  private static final String TWO_COLUMNS = "a,b,y\n1,1,2\n1,-1,1\n1,1,1.5\n1,-1,-0.5\n";

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @CsvSource({"gated, 5", "gated, 1.5", "sampled, 5", "sampled, 1.5"})
  void givesZeroFromBetaMaxOn(String program, String fraction) throws IOException {
    // When
    JsonNode result =
        solve(ONE_COLUMN, "--program", program, "--beta-fraction", fraction, "--no-standardize");

    // Then
    assertThat(result.path("value").doubleValue()).isCloseTo(HALF_Y_SQUARES, within(1e-11));
    assertThat(result.path("dualValue").doubleValue()).isCloseTo(HALF_Y_SQUARES, within(1e-11));
    assertThat(result.path("activeGroups").intValue()).isZero();
    assertThat(result.path("status").textValue()).isEqualTo("converged");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 1, 3, 4.5})
  void solvesTheSampledProgramOfOneColumnAsTwoSoftThresholds(double beta) throws IOException {
    // Given: the rows of each sign are a problem of their own, with |x.y| 4 and 1, ||x||^2 5.
    double value =
        HALF_Y_SQUARES
            - Math.pow(Math.max(4 - beta, 0), 2) / 10
            - Math.pow(Math.max(1 - beta, 0), 2) / 10;

    // When
    JsonNode result =
        solve(
            ONE_COLUMN,
            "--program=sampled",
            "--beta=" + beta,
            "--no-standardize",
            "--no-bias",
            "--tolerance=1e-9");

    // Then
    assertThat(result.path("value").doubleValue()).isCloseTo(value, within(1e-7));
    assertThat(result.path("betaMax").doubleValue()).isCloseTo(4, within(1e-12));
    assertThat(result.path("width").intValue()).isEqualTo(beta < 1 ? 2 : beta < 4 ? 1 : 0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 1, 3, 4.5})
  void provesAnIntervalAroundTheClosedFormOfOneColumn(double beta) throws IOException {
    // Given
    double value =
        HALF_Y_SQUARES
            - Math.pow(Math.max(4 - beta, 0), 2) / 10
            - Math.pow(Math.max(1 - beta, 0), 2) / 10;

    // When
    JsonNode result =
        solve(
            ONE_COLUMN,
            "--program=exact",
            "--beta=" + beta,
            "--no-standardize",
            "--no-bias",
            "--tolerance=1e-4");

    // Then: both ends are proved, so no tolerance is due, but for the rounding of this closed form.
    double lower = result.path("lower").doubleValue();
    double upper = result.path("upper").doubleValue();
    assertThat(lower).isLessThanOrEqualTo(value + 1e-13);
    assertThat(upper).isGreaterThanOrEqualTo(value - 1e-13);
    assertThat(upper / lower).isLessThanOrEqualTo(1.0001);
    assertThat(result.path("ratio").doubleValue()).isEqualTo(upper / lower);
    assertThat(result.path("status").textValue()).isEqualTo("converged");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 1, 3, 6})
  void solvesTheGatedProgramOfOneFullGateAsOneGroup(double beta) throws IOException {
    // Given: X'X = 4 I and X'y = (4, 3), so the group shrinks from length 5 by beta.
    Path gates = Files.writeString(folder.resolve("gates.csv"), "1,0\n3,1\n");
    double halfSquares = 0.5 * (4 + 1 + 2.25 + 0.25);
    double value = halfSquares - Math.pow(Math.max(5 - beta, 0), 2) / 8;

    // When
    JsonNode result =
        solve(
            TWO_COLUMNS,
            "--program=gated",
            "--beta=" + beta,
            "--gates=" + gates,
            "--no-standardize",
            "--no-bias",
            "--tolerance=1e-9");

    // Then
    assertThat(result.path("patterns").intValue()).isEqualTo(1);
    assertThat(result.path("betaMax").doubleValue()).isCloseTo(5, within(1e-12));
    assertThat(result.path("value").doubleValue()).isCloseTo(value, within(1e-7));
  }

  @Test
  void posesTheProblemThatCertifyPoses() throws IOException {
    // Given: beta, both bounds and the estimate that README.md shows for gap certify.
    String iris = EXAMPLES.resolve("iris.csv").toString();

    // When
    JsonNode sampled = solved("--program=sampled", "--data=" + iris, "--target=species");
    JsonNode gated =
        solved("--program=gated", "--data=" + iris, "--target=species", "--beta=15.04391");
    JsonNode exact =
        solved("--program=exact", "--data=" + iris, "--target=species", "--tolerance=0.01");

    // Then
    assertThat(sampled.path("beta").doubleValue()).isCloseTo(15.04391, within(1e-5));
    assertThat(sampled.path("value").doubleValue()).isBetween(20.76857, 1.05 * 21.16204);
    assertThat(gated.path("value").doubleValue()).isCloseTo(14.53615, within(2e-5));
    assertThat(exact.path("upper").doubleValue()).isBetween(20.76857, 1.01 * 21.16205);
    assertThat(exact.path("lower").doubleValue()).isBetween(20.76857, 21.16205);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gated", "sampled"})
  void givesTheSameForTheVectorsThatItWouldHaveSampled(String program) throws IOException {
    // Given
    Data data = GaussianData.teacher(30, 3, 4, 0.1, 5);
    Gates sampled = Gates.sample(30, 3, data.x(), 25, 9);
    String csv = csv(data);
    Path gates = Files.writeString(folder.resolve("gates.csv"), rows(sampled.directions(), 3));
    String[] raw = {"--program", program, "--no-standardize", "--no-bias"};

    // When
    JsonNode drawn = solve(csv, raw, "--patterns=25", "--seed=9");
    JsonNode given = solve(csv, raw, "--gates=" + gates);

    // Then
    assertThat(given.path("patterns")).isEqualTo(drawn.path("patterns"));
    assertThat(given.path("value")).isEqualTo(drawn.path("value"));
    assertThat(given.path("iterations")).isEqualTo(drawn.path("iterations"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gated", "sampled"})
  void followsAPathDownwardsWhoseValuesFall(String program) throws IOException {
    // Given
    String csv = csv(GaussianData.teacher(40, 3, 4, 0.1, 2));

    // When
    JsonNode result =
        solve(csv, "--program", program, "--path=6", "--beta-fraction=0.01", "--tolerance=1e-8");
    JsonNode last = solve(csv, "--program", program, "--beta-fraction=0.01", "--tolerance=1e-8");

    // Then
    List<Double> fractions = new ArrayList<>();
    double above = Double.POSITIVE_INFINITY;
    for (JsonNode item : result.path("path")) {
      fractions.add(item.path("betaFraction").doubleValue());
      assertThat(item.path("status").textValue()).isEqualTo("converged");
      assertThat(item.path("value").doubleValue()).isLessThan(above);
      above = item.path("value").doubleValue();
    }
    assertThat(fractions).hasSize(6).startsWith(1.0).endsWith(0.01);
    for (int k = 1; k < 6; k++) {
      assertThat(fractions.get(k) / fractions.get(k - 1))
          .isCloseTo(Math.pow(0.01, 0.2), within(1e-12));
    }
    assertThat(above).isCloseTo(last.path("value").doubleValue(), within(2e-8 * above));
  }

  @Test
  void boundsEveryWeightOfAPathFromBothSides() throws IOException {
    // When
    JsonNode result = solve(ONE_COLUMN, "--program=exact", "--path=3", "--tolerance=0.001");

    // Then: p* grows with beta, and a step of the path is larger than the tolerance.
    double above = Double.POSITIVE_INFINITY;
    for (JsonNode item : result.path("path")) {
      double upper = item.path("upper").doubleValue();
      assertThat(item.path("lower").doubleValue()).isLessThanOrEqualTo(upper);
      assertThat(upper).isLessThan(above);
      above = item.path("lower").doubleValue();
    }
    assertThat(result.path("path").size()).isEqualTo(3);
  }

  @Test
  void namesTheColumnsThatTheExactProgramTakes() throws IOException {
    // Given
    Data data = GaussianData.noise(20, 16, 1);

    // When: sixteen features and a column of ones.
    Call call = call(csv(data), false, "--program=exact");

    // Then
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).contains("17 columns").contains("16 at most");
    assertThat(call.out()).isEmpty();
  }

  @Test
  void solvesTheExactProgramOfDependentColumnsInThoseThatCount() throws IOException {
    // Given: a class of six in one-hot columns, which add up to the column of ones
    String file = oneHot(60, 6);

    // When
    JsonNode result = solve(file, "--program=exact", "--tolerance=1e-4");

    // Then
    assertThat(result.path("d").intValue()).isEqualTo(7);
    assertThat(result.path("status").textValue()).isEqualTo("converged");
    assertThat(result.path("ended").textValue()).isEqualTo("the bounds met to the tolerance");
    double lower = result.path("lower").doubleValue();
    assertThat(lower).isPositive();
    assertThat(result.path("upper").doubleValue()).isBetween(lower, (1 + 1e-4) * lower);
  }

  @Test
  void saysThatTimeWasShortWhereItDidNotSufficeForANarrowerInterval() throws IOException {
    // Given: pure noise in eight columns, which takes hours
    Data data = GaussianData.noise(60, 8, 1);

    // When
    Call call =
        call(csv(data), false, "--json", "--program=exact", "--tolerance=1e-9", "--budget=2s");

    // Then
    assertThat(call.exitCode()).isEqualTo(6);
    JsonNode result = new ObjectMapper().readTree(call.out());
    assertThat(result.path("status").textValue()).isEqualTo("time-limit");
    assertThat(result.path("ended").textValue()).contains("time left").contains("--budget");
  }

  @Test
  void takesMoreColumnsThanTheExactProgramWhereFewAreIndependent() throws IOException {
    // Given: 4 rows of 20 features
    Data data = GaussianData.noise(4, 20, 1);

    // When
    JsonNode result = solve(csv(data), "--program=exact", "--no-standardize", "--tolerance=0.001");

    // Then
    assertThat(result.path("d").intValue()).isEqualTo(21);
    assertThat(result.path("status").textValue()).isEqualTo("converged");
  }

  @Test
  void takesTheWeightsOfAPathInAnyOrder() throws IOException {
    // When
    JsonNode result = solve(ONE_COLUMN, "--program=gated", "--path=0.1,2,0.5");

    // Then
    assertThat(result.path("path").findValuesAsText("betaFraction"))
        .containsExactly("2.0", "0.5", "0.1");
  }

  @Test
  void printsTheDocumentedFields() throws IOException {
    // When
    JsonNode gated = solve(ONE_COLUMN, "--program=gated");
    JsonNode sampled = solve(ONE_COLUMN, "--program=sampled");
    JsonNode path = solve(ONE_COLUMN, "--program=sampled", "--path=0.5,0.1");
    JsonNode exact = solve(ONE_COLUMN, "--program=exact", "--tolerance=0.01");

    // Then
    List<String> facts = List.of("program", "n", "d", "kind", "patterns", "betaMax");
    List<String> solution =
        List.of(
            "beta",
            "betaFraction",
            "value",
            "dualValue",
            "relativeGap",
            "iterations",
            "seconds",
            "activeGroups");
    assertThat(names(gated)).containsExactlyElementsOf(joined(facts, solution, "status"));
    assertThat(names(sampled))
        .containsExactlyElementsOf(joined(facts, solution, "width", "status"));
    assertThat(names(path)).containsExactlyElementsOf(joined(facts, List.of(), "status", "path"));
    assertThat(names(path.path("path").get(1)))
        .containsExactlyElementsOf(joined(List.of(), solution, "width", "status"));
    assertThat(names(exact))
        .containsExactly(
            "program",
            "n",
            "d",
            "kind",
            "betaMax",
            "beta",
            "betaFraction",
            "lower",
            "upper",
            "ratio",
            "rounds",
            "cones",
            "seconds",
            "width",
            "ended",
            "status");
    assertThat(exact.path("kind").textValue()).isEqualTo("interval");
    assertThat(gated.path("kind").textValue()).isEqualTo("estimate");
    assertThat(sampled.path("kind").textValue()).isEqualTo("upper");
    assertThat(gated.path("n").intValue()).isEqualTo(5);
    assertThat(gated.path("d").intValue()).isEqualTo(2);
    assertThat(gated.path("betaFraction").doubleValue()).isEqualTo(0.1);
    assertThat(gated.path("relativeGap").doubleValue()).isBetween(0.0, 1e-6);
  }

  @Test
  void printsALogToItsEndAndNeverCallsAnEstimateABound() throws IOException {
    // When
    Call call = call(ONE_COLUMN, false, "--program=gated", "--tolerance=1e-4");

    // Then
    assertThat(call.exitCode()).isZero();
    assertThat(call.err()).isEmpty();
    assertThat(call.out())
        .contains("gated program on data.csv, target y", "n = 5, d = 2", "relative gap 0.0001")
        .containsPattern("beta  +[0-9.]+ = 0.1 betaMax")
        .containsPattern("iteration +primal +dual +gap +seconds\n +[0-9]+ ")
        .containsPattern("status +converged")
        .containsPattern("value +[0-9.]+ +\\(an estimate, not a bound\\)")
        .doesNotContain("upper", "lower");
  }

  @Test
  void keepsTheLogOfAJsonCallFromStandardOutput() throws IOException {
    // When
    Call quiet = call(ONE_COLUMN, false, "--program=gated", "--json");
    Call watched = call(ONE_COLUMN, true, "--program=gated", "--json");
    Call verbose = call(ONE_COLUMN, false, "--program=gated", "--json", "--verbose");

    // Then
    assertThat(quiet.err()).isEmpty();
    assertThat(watched.err()).contains("iteration").contains("converged");
    assertThat(verbose.err()).contains("iteration").contains("converged");
    for (Call call : List.of(quiet, watched, verbose)) {
      assertThat(new ObjectMapper().readTree(call.out()).path("program").textValue())
          .isEqualTo("gated");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "gated, ''",
    "sampled, ''",
    "exact, ''",
    "gated, --path=3",
    "sampled, --path=3",
    "exact, --path=3"
  })
  void printsWhatItHasWhenTheBudgetEnds(String program, String path) throws IOException {
    // Given
    List<String> args = new ArrayList<>(List.of("--program", program, "--budget=0.0001ms"));
    if (!path.isEmpty()) {
      args.add(path);
    }
    args.add("--json");

    // When
    Call call = call(ONE_COLUMN, false, args.toArray(String[]::new));

    // Then: standardised targets have n squares.
    JsonNode result = new ObjectMapper().readTree(call.out());
    assertThat(call.exitCode()).isEqualTo(6);
    assertThat(result.path("status").textValue()).isEqualTo("time-limit");
    JsonNode first = path.isEmpty() ? result : result.path("path").get(0);
    assertThat(first.path(program.equals("exact") ? "upper" : "value").doubleValue())
        .isCloseTo(2.5, within(1e-12));
    assertThat(first.path("lower").asDouble()).isZero();
    assertThat(result.path("path").size()).isLessThan(3);
  }

  @Test
  void writesANetworkWithTheStatedValueOnTheRawFile() throws IOException {
    // Given
    Data data = GaussianData.teacher(40, 3, 4, 0.1, 6);
    Path file = folder.resolve("network.json");

    // When
    JsonNode result = solve(csv(data), "--program=sampled", "--output=" + file);

    // Then
    JsonNode network = new ObjectMapper().readTree(file.toFile());
    assertThat(network.path("value")).isEqualTo(result.path("value"));
    assertThat(network.path("m")).isEqualTo(result.path("width"));
    assertThat(network.path("preprocessing").path("features").size()).isEqualTo(3);
    assertThat(value(network, data, result.path("beta").doubleValue()))
        .isCloseTo(result.path("value").doubleValue(), within(1e-9));
  }

  /** (P) at a network in a file: rows are standardised, then a one is appended. */
  private static double value(JsonNode network, Data data, double beta) {
    JsonNode preprocessing = network.path("preprocessing");
    double value = 0;
    for (int i = 0; i < data.n(); i++) {
      double target =
          (data.y()[i] - preprocessing.path("targetMean").doubleValue())
              / preprocessing.path("targetScale").doubleValue();
      double output = 0;
      for (int j = 0; j < network.path("m").intValue(); j++) {
        JsonNode u = network.path("U").get(j);
        double z = u.get(data.d()).doubleValue();
        for (int k = 0; k < data.d(); k++) {
          double x =
              (data.x()[i * data.d() + k] - preprocessing.path("featureMeans").get(k).doubleValue())
                  / preprocessing.path("featureScales").get(k).doubleValue();
          z += u.get(k).doubleValue() * x;
        }
        output += Math.max(z, 0) * network.path("a").get(j).doubleValue();
      }
      value += 0.5 * (output - target) * (output - target);
    }
    for (JsonNode a : network.path("a")) {
      value += 0.5 * beta * a.doubleValue() * a.doubleValue();
    }
    for (JsonNode u : network.path("U")) {
      for (JsonNode entry : u) {
        value += 0.5 * beta * entry.doubleValue() * entry.doubleValue();
      }
    }
    return value;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --program=gated --beta=0                           | --beta
          --program=gated --beta=-1                          | '-1'
          --program=gated --beta=1 --beta-fraction=0.1       | --beta
          --program=gated --tolerance=0                      | --tolerance
          --program=gated --tolerance=Infinity               | 'Infinity'
          --program=gated --budget=soon                      | 'soon'
          --program=gated --path=1                           | '1'
          --program=gated --path=0.5,,0.1                    | --path
          --program=gated --path=0.5,-0.1                    | '-0.1'
          --program=gated --path=0.5,0.1 --beta=1            | leave out --beta
          --program=gated --path=5 --beta-fraction=2         | 2.0 betaMax
          --program=gated --patterns=0                       | --patterns is 0
          --program=gated --patterns=many                    | --patterns
          --program=gated --patterns=5 --gates=gates.csv     | --gates
          --program=gated --gates=nowhere.csv                | no file nowhere.csv
          --program=gated --output=network.json              | --output
          --program=exact --patterns=5                       | leave out --patterns
          --program=exact --gates=gates.csv                  | leave out --patterns
          --program=sampled --output=o.json --path=3         | --output
          --program=sampled --output=/nowhere/o.json         | /nowhere/o.json
          --program=interior                                 | interior
          --beta=1                                           | --program
          """)
  void refusesOptionsThatItCannotFollow(String options, String words) throws IOException {
    // When
    Call call = call(ONE_COLUMN, false, options.split(" "));

    // Then
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).startsWith("gap: ").contains(words);
    assertThat(call.err().lines()).hasSize(1);
    assertThat(call.out()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          1,2;3        | `gates.csv, line 2: the row has 1 value and 2 are wanted`
          1,2,3        | `gates.csv, line 1`
          g,h;1,2      | `gates.csv, line 1, column '1': 'g' is not a number`
          1,NaN        | `gates.csv, line 1, column '2': 'NaN'`
          ``           | `gates.csv: the file is empty`
          0,-1         | `gates.csv`
          """)
  void refusesGateVectorsThatDoNotFitAndSaysWhatDoes(String content, String words)
      throws IOException {
    // Given
    Path gates = Files.writeString(folder.resolve("gates.csv"), content.replace(';', '\n'));

    // When
    Call call = call(ONE_COLUMN, false, "--program=gated", "--gates=" + gates);

    // Then
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).startsWith("gap: ").contains(words);
    assertThat(call.err().lines()).hasSize(1);
    assertThat(call.err()).containsPattern("2 columns of X, that of ones last|give other vectors");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          x,y;1,2;a,3          |                  | `data.csv, line 3, column 'x'`
          x,z;1,2;2,3          |                  | `'y'`
          x,y;1,2;3,2          |                  | `column 'y'`
          x,y;1,2;1,3          |                  | `column 'x'`
          x,y;1,1e200;2,-1e200 | --no-standardize | `data.csv`
          x,y;0,1;0,2          | `--no-standardize --no-bias` | `betaMax is 0`
          """)
  void refusesAFileThatMakesNoProblem(String content, String options, String words)
      throws IOException {
    // Given
    List<String> args = new ArrayList<>(List.of("--program=gated"));
    if (options != null) {
      args.addAll(List.of(options.split(" ")));
    }

    // When
    Call call = call(content.replace(';', '\n'), false, args.toArray(String[]::new));

    // Then
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).startsWith("gap: ").contains(words);
    assertThat(call.err().lines()).hasSize(1);
  }

  private JsonNode solve(String csv, String[] options, String... more) throws IOException {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of(more));
    return solve(csv, all.toArray(String[]::new));
  }

  private JsonNode solve(String csv, String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of(options));
    all.add("--data=" + Files.writeString(folder.resolve("data.csv"), csv));
    all.add("--target=y");
    return solved(all.toArray(String[]::new));
  }

  private JsonNode solved(String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of("solve", "--json"));
    all.addAll(List.of(options));
    Call call = Call.gap(folder, all.toArray(String[]::new));
    assertThat(call.err()).isEmpty();
    assertThat(call.exitCode()).isZero();
    return new ObjectMapper().readTree(call.out());
  }

  private Call call(String csv, boolean errIsTerminal, String... options) throws IOException {
    Path file = Files.writeString(folder.resolve("data.csv"), csv);
    List<String> all = new ArrayList<>(List.of("solve", "--data=" + file, "--target=y"));
    all.addAll(List.of(options));
    return Call.gap(Map.of(), errIsTerminal, all.toArray(String[]::new));
  }

  private static String oneHot(int n, int classes) {
    Random random = new Random(6);
    StringBuilder csv = new StringBuilder();
    for (int k = 0; k < classes; k++) {
      csv.append("x").append(k).append(',');
    }
    csv.append("y\n");
    for (int i = 0; i < n; i++) {
      int one = random.nextInt(classes);
      for (int k = 0; k < classes; k++) {
        csv.append(k == one ? 1 : 0).append(',');
      }
      csv.append(one % 3 - 1 + 0.3 * random.nextGaussian()).append('\n');
    }
    return csv.toString();
  }

  private static String csv(Data data) {
    StringBuilder csv = new StringBuilder();
    for (int k = 0; k < data.d(); k++) {
      csv.append("x").append(k).append(',');
    }
    csv.append("y\n");
    for (int i = 0; i < data.n(); i++) {
      for (int k = 0; k < data.d(); k++) {
        csv.append(data.x()[i * data.d() + k]).append(',');
      }
      csv.append(data.y()[i]).append('\n');
    }
    return csv.toString();
  }

  private static String rows(double[] values, int columns) {
    StringBuilder csv = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      csv.append(values[i]).append((i + 1) % columns == 0 ? '\n' : ',');
    }
    return csv.toString();
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<String> joined(List<String> first, List<String> second, String... rest) {
    List<String> all = new ArrayList<>(first);
    all.addAll(second);
    all.addAll(List.of(rest));
    return all;
  }
}
