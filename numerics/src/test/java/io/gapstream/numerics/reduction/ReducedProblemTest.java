package io.gapstream.numerics.reduction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.bound.UpperBound;
import io.gapstream.numerics.bound.Witness;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.exact.Effort;
import io.gapstream.numerics.exact.ExactSolution;
import io.gapstream.numerics.exact.ExactSolver;
import io.gapstream.numerics.global.ColumnGeneration;
import io.gapstream.numerics.gradient.Precision;
import io.gapstream.numerics.lifted.LiftedSolver;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Objective;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.tau.LocalAscent;
import io.gapstream.numerics.training.Training;
import io.gapstream.numerics.training.TrainingSettings;
import io.gapstream.numerics.verify.Finding;
import io.gapstream.numerics.verify.Verifier;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Data are made by hand from few columns by a known map with orthonormal rows, so that the problem
 * before and after has one value; what comes back is judged by the verifier on the data that were
 * given, and networks by a plain forward pass.
 */
@Timeout(120)
final class ReducedProblemTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  @ParameterizedTest
  @CsvSource({"12, 3, 7", "5, 3, 40", "8, 8, 30", "2, 2, 5000", "1, 1, 9"})
  void givesHandRotatedDataTheirRankAndTheirValueBack(int n, int rank, int d) {
    // Given
    Data few = GaussianData.teacher(n, rank, 2, 0.3, 5);
    Problem narrow = tenth(few);
    Problem wide = new Problem(n, d, rotated(few, d, 7), few.y(), narrow.beta());

    // When
    ReducedProblem reduced = ReducedProblem.of(wide, Deadline.none());

    // Then
    assertThat(reduced.isReduced()).isTrue();
    assertThat(reduced.problem().d()).isEqualTo(Math.min(n, rank));
    assertThat(gram(reduced.problem())).usingComparatorWithPrecision(1e-12).contains(gram(narrow));
    Interval before = interval(ReducedProblem.of(narrow, Deadline.none()), narrow);
    Interval after = interval(reduced, wide);
    assertThat(after.lower().value()).isLessThanOrEqualTo(before.upper().value());
    assertThat(before.lower().value()).isLessThanOrEqualTo(after.upper().value());
    assertThat(after.upper().value())
        .isCloseTo(before.upper().value(), within(1e-4 * before.upper().value()));
  }

  @Test
  void leavesDataOfFullRankUntouched() {
    // Given
    Problem problem = tenth(GaussianData.noise(30, 6, 1));

    // When
    ReducedProblem reduced = ReducedProblem.of(problem, Deadline.none());

    // Then: the same objects, so that whatever is solved is what was solved before.
    assertThat(reduced.isReduced()).isFalse();
    assertThat(reduced.problem()).isSameAs(problem);
    Network network = new Network(1, 6, new double[6], new double[1]);
    assertThat(reduced.lift(network)).isSameAs(network);
    LowerBound bound =
        new LowerBound(1, problem.y(), 1, new Witness.Triangle(), new Witness.Triangle());
    assertThat(reduced.lift(bound)).isSameAs(bound);
    assertThat(reduced.prove(bound)).isSameAs(bound);
    Data data = GaussianData.noise(30, 6, 1);
    assertThat(ReducedProblem.reduce(data)).isSameAs(data);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1e-13, 1e-9})
  void reducesColumnsThatAreNearlyDependent(double noise) {
    // Given: each of three columns twice
    Problem problem = tenth(twice(GaussianData.teacher(40, 3, 2, 0.3, 3), noise));

    // When
    ReducedProblem reduced = ReducedProblem.of(problem, Deadline.none());
    Interval interval = interval(reduced, problem);

    // Then
    assertThat(reduced.problem().d()).isEqualTo(3);
    assertThat(interval.ratio()).isLessThan(1.05);
  }

  @Test
  void keepsWhatMattersBesideASmallBeta() {
    // Given: what tells the columns apart is small, but beta is smaller
    Data data = twice(GaussianData.teacher(40, 3, 2, 0.3, 3), 1e-9);
    Problem problem = new Problem(data.n(), data.d(), data.x(), data.y(), 1e-8);

    // When
    ReducedProblem reduced = ReducedProblem.of(problem, Deadline.none());

    // Then
    assertThat(reduced.isReduced()).isFalse();
  }

  @Test
  void reducesOneHotColumnsBesideAColumnOfOnes() {
    // Given
    Problem problem = oneHot(60, 6);

    // When
    ReducedProblem reduced = ReducedProblem.of(problem, Deadline.none());
    Interval interval = interval(reduced, problem);

    // Then
    assertThat(reduced.problem().d()).isEqualTo(6);
    assertThat(interval.ratio()).isLessThan(1.05);
  }

  @Test
  void takesDataOfNothingButZerosAndRowsOfZeros() {
    // Given
    double[] x = new double[4 * 9];
    Arrays.fill(x, 9, 18, 2.0);
    Problem zeros = new Problem(4, 9, new double[4 * 9], new double[] {1, 2, 3, 4}, 1);
    Problem one = new Problem(4, 9, x, new double[] {1, 2, 3, 4}, 1);

    // When
    ReducedProblem ofZeros = ReducedProblem.of(zeros, Deadline.none());
    ReducedProblem ofOne = ReducedProblem.of(one, Deadline.none());

    // Then: half the sum of squares; and with a row of length 6, 13 + 6 * 2 / 6 - 1/2 (1/6)^2
    assertThat(ofZeros.problem().d()).isEqualTo(1);
    assertThat(ofOne.problem().d()).isEqualTo(1);
    Interval nothing = interval(ofZeros, zeros);
    assertThat(nothing.lower().value()).isCloseTo(15, within(1e-7));
    assertThat(nothing.upper().value()).isCloseTo(15, within(1e-7));
    Interval single = interval(ofOne, one);
    double value = 13 + 2 / 6.0 - 0.5 / 36;
    assertThat(single.lower().value()).isCloseTo(value, within(1e-5));
    assertThat(single.upper().value()).isCloseTo(value, within(1e-5));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-150, 1e-3, 1e150})
  void reducesDataOfAnyMagnitude(double size) {
    // Given
    Data data = GaussianData.teacher(5, 20, 2, 0.3, 3);
    double[] x = Arrays.stream(data.x()).map(entry -> size * entry).toArray();
    Problem problem = tenth(new Data(5, 20, x, data.y()));

    // When
    ReducedProblem reduced = ReducedProblem.of(problem, Deadline.none());

    // Then
    assertThat(reduced.problem().d()).isEqualTo(5);
    assertThat(interval(reduced, problem).ratio()).isLessThan(1.1);
  }

  @Test
  void leavesTheProblemAsItIsWithoutTime() {
    // Given
    Problem problem = tenth(GaussianData.noise(5, 30, 1));

    // When
    ReducedProblem reduced = ReducedProblem.of(problem, Deadline.after(Duration.ZERO));

    // Then
    assertThat(reduced.problem()).isSameAs(problem);
  }

  @Test
  void liftsNetworksToTheSameOutputsAtTheSameCost() {
    // Given
    Problem problem = tenth(GaussianData.noise(6, 50, 2));
    ReducedProblem reduced = ReducedProblem.of(problem, Deadline.none());
    Random random = new Random(4);
    Network network =
        new Network(3, 6, random.doubles(18, -1, 1).toArray(), random.doubles(3, -1, 1).toArray());

    // When
    Network lifted = reduced.lift(network);

    // Then
    assertThat(lifted.d()).isEqualTo(50);
    assertThat(Objective.value(problem, lifted))
        .isCloseTo(Objective.value(reduced.problem(), network), within(1e-12));
  }

  @Test
  void projectsDirectionsToTheSameProducts() {
    // Given
    Problem problem = tenth(GaussianData.noise(4, 11, 2));
    ReducedProblem reduced = ReducedProblem.of(problem, Deadline.none());
    double[] g = new Random(1).doubles(22, -1, 1).toArray();

    // When
    double[] projected = reduced.project(g);

    // Then
    double[] z = reduced.problem().x();
    for (int i = 0; i < 4; i++) {
      for (int k = 0; k < 2; k++) {
        assertThat(dot(z, 4 * i, projected, 4 * k, 4))
            .isCloseTo(dot(problem.x(), 11 * i, g, 11 * k, 11), within(1e-13));
      }
    }
  }

  @Test
  void dropsEvidenceThatIsAboutColumns() {
    // Given
    Problem problem = tenth(GaussianData.noise(5, 9, 2));
    ReducedProblem reduced = ReducedProblem.of(problem, Deadline.none());
    Witness tree = new Witness.ConeTree(1e9, new byte[32]);
    LowerBound bound = new LowerBound(0, problem.y(), 0, tree, tree);

    // When, then: but it can be judged where it is
    assertThat(reduced.lift(bound)).isNull();
    assertThat(reduced.prove(bound)).isNotNull();
  }

  @Test
  void provesTheExactProgramOfDependentColumnsInTheColumnsThatCount() {
    // Given: 7 columns of rank 6
    Problem problem = oneHot(60, 6);
    ReducedProblem reduced = ReducedProblem.of(problem, Deadline.none());

    // When
    ExactSolution solution =
        ExactSolver.solve(
            reduced.problem(),
            1e-3,
            1,
            new Effort(Deadline.after(LIMIT), 2, 10_000_000),
            lower -> {},
            upper -> {},
            progress -> {});
    LowerBound lower = Objects.requireNonNull(reduced.prove(solution.lower()));

    // Then
    double upper = reduced.lift(solution.upper()).value();
    assertThat(solution.ending()).isEqualTo(ExactSolution.Ending.CONVERGED);
    assertThat(lower.value())
        .isLessThanOrEqualTo(upper)
        .isCloseTo(solution.lower().value(), within(1e-8 * upper));
    assertThat(upper / lower.value()).isLessThan(1.0011);
  }

  /** In 1000 columns the ratio was 6.99 after as long. */
  @Test
  void bringsNoiseInAThousandColumnsWithinOnePercent() {
    // Given
    Problem problem = tenthOfReduced(GaussianData.noise(100, 1000, 0));

    // When
    ReducedProblem reduced = ReducedProblem.of(problem, Deadline.none());
    List<LowerBound> lower = new ArrayList<>();
    LiftedSolver.solve(
        reduced.problem(),
        1,
        Deadline.after(Duration.ofSeconds(10)),
        bound -> lower.add(Objects.requireNonNull(reduced.lift(bound))));
    TrainingSettings settings =
        new TrainingSettings(
            TrainingSettings.Method.ADAM,
            50,
            1,
            3000,
            TrainingSettings.OWN_BATCH,
            Precision.FLOAT64);
    Network network =
        reduced.lift(
            Training.run(reduced.problem(), settings, Deadline.after(Duration.ofSeconds(10)))
                .network());

    // Then
    LowerBound best = lower.get(lower.size() - 1);
    double from =
        proved(Verifier.lower(problem, best.dual(), best.scale(), best.plus(), best.minus()));
    double to = proved(Verifier.upper(problem, network));
    assertThat(to / from).isBetween(1.0, 1.01);
  }

  @Test
  void takesNoMoreThanAMomentForTheLargestNumberOfColumns() {
    // Given
    Problem problem = tenthOfReduced(GaussianData.noise(50, 5000, 0));
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    List<LowerBound> found = new ArrayList<>();
    ReducedProblem once = ReducedProblem.of(problem, Deadline.none());
    LiftedSolver.solve(once.problem(), 1, Deadline.after(Duration.ofSeconds(5)), found::add);
    LowerBound last = found.get(found.size() - 1);

    // When: all that is done beside solving, in processor time, which is less than it has run
    long start = threads.getCurrentThreadCpuTime();
    ReducedProblem reduced = ReducedProblem.of(problem, Deadline.none());
    LowerBound lower = Objects.requireNonNull(reduced.lift(last));
    Finding finding =
        Verifier.lower(problem, lower.dual(), lower.scale(), lower.plus(), lower.minus());
    double seconds = (threads.getCurrentThreadCpuTime() - start) * 1e-9;

    // Then
    assertThat(finding).isInstanceOf(Finding.Proved.class);
    assertThat(seconds).isLessThan(3);
  }

  private static Problem tenthOfReduced(Data data) {
    Data few = ReducedProblem.reduce(data);
    double beta = 0.1 * LocalAscent.betaMax(few.n(), few.d(), few.x(), few.y());
    return new Problem(data.n(), data.d(), data.x(), data.y(), beta);
  }

  private static double proved(Finding finding) {
    assertThat(finding).isInstanceOf(Finding.Proved.class);
    return ((Finding.Proved) finding).value();
  }

  /** What the solvers find and the original data prove. */
  private record Interval(LowerBound lower, UpperBound upper) {
    double ratio() {
      return upper.value() / lower.value();
    }
  }

  private static Interval interval(ReducedProblem reduced, Problem problem) {
    List<LowerBound> lifted = new ArrayList<>();
    LiftedSolver.solve(
        reduced.problem(),
        1,
        Deadline.after(LIMIT),
        bound -> {
          LowerBound back =
              Objects.requireNonNull(
                  reduced.lift(bound), () -> "evidence of " + bound.plus().getClass());
          assertThat(back.value()).isCloseTo(bound.value(), within(1e-5 * bound.value() + 1e-9));
          lifted.add(back);
        });
    LowerBound lower = lifted.get(lifted.size() - 1);
    assertThat(Verifier.lower(problem, lower.dual(), lower.scale(), lower.plus(), lower.minus()))
        .isEqualTo(new Finding.Proved(lower.value()));
    UpperBound upper =
        reduced.lift(
            ColumnGeneration.solve(reduced.problem(), 1, Deadline.after(LIMIT), bound -> {})
                .bound());
    assertThat(upper.value()).isGreaterThanOrEqualTo(Objective.value(problem, upper.network()));
    assertThat(lower.value()).isLessThanOrEqualTo(upper.value());
    return new Interval(lower, upper);
  }

  private static Problem tenth(Data data) {
    double beta = 0.1 * LocalAscent.betaMax(data.n(), data.d(), data.x(), data.y());
    return new Problem(data.n(), data.d(), data.x(), data.y(), beta);
  }

  /** {@code X Q} with Q of orthonormal rows: Householder reflections of unit vectors. */
  private static double[] rotated(Data data, int d, long seed) {
    Random random = new Random(seed);
    double[] x = new double[data.n() * d];
    for (int i = 0; i < data.n(); i++) {
      System.arraycopy(data.x(), i * data.d(), x, i * d, Math.min(d, data.d()));
    }
    for (int reflection = 0; reflection < 3; reflection++) {
      double[] h = random.doubles(d, -1, 1).toArray();
      double squares = dot(h, 0, h, 0, d);
      for (int i = 0; i < data.n(); i++) {
        double factor = 2 * dot(x, i * d, h, 0, d) / squares;
        for (int k = 0; k < d; k++) {
          x[i * d + k] -= factor * h[k];
        }
      }
    }
    return x;
  }

  private static Data twice(Data data, double noise) {
    int d = data.d();
    Random random = new Random(8);
    double[] x = new double[data.n() * 2 * d];
    for (int i = 0; i < data.n(); i++) {
      for (int k = 0; k < d; k++) {
        double entry = data.x()[i * d + k];
        x[i * 2 * d + k] = entry;
        x[i * 2 * d + d + k] = entry + noise * random.nextGaussian();
      }
    }
    return new Data(data.n(), 2 * d, x, data.y());
  }

  private static Problem oneHot(int n, int classes) {
    Random random = new Random(6);
    double[] x = new double[n * (classes + 1)];
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      int one = random.nextInt(classes);
      x[i * (classes + 1) + one] = 1;
      x[i * (classes + 1) + classes] = 1;
      y[i] = one - 2.5 + 0.3 * random.nextGaussian();
    }
    return tenth(new Data(n, classes + 1, x, y));
  }

  private static double[] gram(Problem problem) {
    int n = problem.n();
    int d = problem.d();
    double[] gram = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        gram[i * n + j] = dot(problem.x(), i * d, problem.x(), j * d, d);
      }
    }
    return gram;
  }

  private static double dot(double[] a, int fromA, double[] b, int fromB, int d) {
    double sum = 0;
    for (int k = 0; k < d; k++) {
      sum += a[fromA + k] * b[fromB + k];
    }
    return sum;
  }
}
