package io.gapstream.numerics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.bound.UpperBound;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.global.ColumnGeneration;
import io.gapstream.numerics.lifted.LiftedSolver;
import io.gapstream.numerics.problem.Objective;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.tau.LocalAscent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Both bounds together. The oracles are optimal values from full enumeration and an interior-point
 * method, which share no code with ours, closed forms, and the symmetries of (P).
 */
class BoundsTest {

  static List<Examples.Reference> references() {
    return Examples.references();
  }

  @ParameterizedTest
  @MethodSource("references")
  void encloseTheKnownOptimum(Examples.Reference reference) {
    // When
    double lower = lower(reference.problem());
    double upper = upper(reference.problem());

    // Then
    double room = reference.tolerance() * reference.optimum();
    assertThat(lower).isPositive().isLessThanOrEqualTo(reference.optimum() + room);
    assertThat(upper)
        .isGreaterThanOrEqualTo(reference.optimum() - room)
        .isLessThanOrEqualTo(1.001 * reference.optimum());
  }

  @ParameterizedTest
  @CsvSource({
    "iris,     0.1,  150.4391, 21.162, 1.20",
    "diabetes, 0.1,  318.7715, 129.87, 1.35",
    "iris,     0.01, 150.4391, 5.607,  1.6"
  })
  void areSharpOnRealData(
      String name, double fraction, double betaMax, double optimum, double ratio) {
    // Given
    Data data = Examples.standardized(name);
    double found = LocalAscent.betaMax(data.n(), data.d(), data.x(), data.y());

    // When
    Problem problem = new Problem(data.n(), data.d(), data.x(), data.y(), fraction * found);
    Deadline deadline = Deadline.after(Duration.ofSeconds(5));
    double lower = LiftedSolver.solve(problem, 0, deadline, bound -> {}).bound().value();
    double upper = upper(problem);

    // Then
    assertThat(found).isCloseTo(betaMax, within(1e-3));
    assertThat(upper).isCloseTo(optimum, within(1e-3 * optimum));
    assertThat(lower).isLessThanOrEqualTo(upper);
    assertThat(upper / lower).isLessThanOrEqualTo(ratio);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 1.5, 100})
  void areTheValueOfTheZeroNetworkFromBetaMaxOn(double fraction) {
    // Given
    Data data = GaussianData.noise(30, 3, 5);
    double beta = fraction * 1.0000001 * betaMax(data);
    Problem problem = new Problem(30, 3, data.x(), data.y(), beta);

    // When
    UpperBound upper = upperBound(problem);

    // Then
    double zero = 0;
    for (double y : data.y()) {
      zero += 0.5 * y * y;
    }
    assertThat(upper.network().m()).isZero();
    assertThat(upper.value()).isCloseTo(zero, within(1e-12 * zero));
    double lower = lower(problem);
    assertThat(lower).isLessThanOrEqualTo(zero);
    if (fraction > 2) {
      assertThat(lower).isCloseTo(zero, within(1e-9 * zero));
    }
  }

  @Test
  void meetTheClosedFormForOneColumn() {
    // Given: in one dimension there are two directions, so the problem is two scalar lassos.
    double[] x = {1, 2, -1, -3, 0.5};
    double[] y = {2, 1, -4, -2, 3};
    double beta = 1.5;
    Problem problem = new Problem(5, 1, x, y, beta);
    double expected = 0;
    for (int sign = -1; sign <= 1; sign += 2) {
      double xy = 0;
      double xx = 0;
      for (int i = 0; i < 5; i++) {
        if (sign * x[i] > 0) {
          xy += Math.abs(x[i]) * y[i];
          xx += x[i] * x[i];
          expected += 0.5 * y[i] * y[i];
        }
      }
      double excess = Math.max(0, Math.abs(xy) - beta);
      expected -= 0.5 * excess * excess / xx;
    }

    // When
    double upper = upper(problem);
    double lower = lower(problem);

    // Then
    assertThat(upper).isCloseTo(expected, within(1e-9));
    assertThat(lower).isLessThanOrEqualTo(expected);
    assertThat(lower).isGreaterThan(0.5 * expected);
  }

  @Test
  void closeForOneRow() {
    // Given: tau(nu) = |nu| r, and 1/2 (y - c r)^2 + beta c is a scalar lasso.
    Problem problem = new Problem(1, 3, new double[] {1, 2, 2}, new double[] {-5}, 2);

    // When
    double upper = upper(problem);
    double lower = lower(problem);

    // Then: c = (3 * 5 - 2) / 9
    double c = 13.0 / 9;
    double expected = 0.5 * (5 - 3 * c) * (5 - 3 * c) + 2 * c;
    assertThat(upper).isCloseTo(expected, within(1e-9));
    assertThat(lower).isLessThanOrEqualTo(expected).isCloseTo(expected, within(1e-3));
  }

  @Test
  void followTheScalesOfTheData() {
    // Given
    Data data = GaussianData.teacher(40, 3, 2, 0.1, 3);
    Problem problem = new Problem(40, 3, data.x(), data.y(), 0.1 * betaMax(data));
    Problem scaled =
        new Problem(40, 3, times(data.x(), 3), times(data.y(), 7), problem.beta() * 21);

    // When
    double lower = lower(problem);
    double upper = upper(problem);

    // Then
    assertThat(upper(scaled)).isCloseTo(49 * upper, within(1e-3 * 49 * upper));
    assertThat(lower(scaled)).isCloseTo(49 * lower, within(1e-2 * 49 * lower));
  }

  @Test
  void followPermutationsAndRotations() {
    // Given
    int n = 40;
    Data data = GaussianData.noise(n, 2, 9);
    double beta = 0.1 * betaMax(data);
    double[] x = new double[2 * n];
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      int from = (7 * i + 3) % n;
      x[2 * i] = 0.6 * data.x()[2 * from] - 0.8 * data.x()[2 * from + 1];
      x[2 * i + 1] = 0.8 * data.x()[2 * from] + 0.6 * data.x()[2 * from + 1];
      y[i] = data.y()[from];
    }

    // When
    double upper = upper(new Problem(n, 2, data.x(), data.y(), beta));
    double turned = upper(new Problem(n, 2, x, y, beta));

    // Then
    assertThat(turned).isCloseTo(upper, within(1e-4 * upper));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-150, 1e-80, 1e80, 1e150})
  void holdForExtremeMagnitudesOrAreRefused(double magnitude) {
    // Given
    Data data = GaussianData.teacher(25, 3, 2, 0.1, 4);
    double beta = 0.1 * betaMax(data);
    Problem plain = new Problem(25, 3, data.x(), data.y(), beta);
    Problem wide = new Problem(25, 3, times(data.x(), magnitude), data.y(), beta * magnitude);
    Problem tall = new Problem(25, 3, data.x(), times(data.y(), magnitude), beta * magnitude);

    // When
    double upper = upper(plain);

    // Then: scaling X leaves the optimum, scaling y squares into it.
    assertThat(upper(wide)).isCloseTo(upper, within(1e-3 * upper));
    assertThat(lower(wide)).isPositive().isLessThanOrEqualTo(upper(wide));
    assertThat(upper(tall) / magnitude / magnitude).isCloseTo(upper, within(1e-3 * upper));
    assertThat(lower(tall)).isPositive().isLessThanOrEqualTo(upper(tall));
  }

  @Test
  void refuseWhatDoublesCannotHold() {
    // Given
    Data data = GaussianData.noise(10, 2, 1);
    Problem problem = new Problem(10, 2, data.x(), times(data.y(), 1e200), 1e199);

    // Then
    assertThatThrownBy(() -> upper(problem)).hasMessageContaining("cannot be written in float64");
    assertThatThrownBy(() -> lower(problem)).hasMessageContaining("cannot be written in float64");
  }

  @Test
  void encloseOnDegenerateData() {
    // Given
    SplittableRandom random = new SplittableRandom(11);
    List<Problem> problems = new ArrayList<>();
    problems.add(degenerate(random, 20, 4, (x, i) -> x[i * 4 + 3] = 0)); // zero column
    problems.add(degenerate(random, 20, 4, (x, i) -> x[i * 4 + 3] = x[i * 4])); // rank 3
    problems.add(degenerate(random, 20, 4, (x, i) -> Arrays.fill(x, i * 4, i * 4 + 4, i % 3)));
    problems.add(
        degenerate(
            random, 20, 4, (x, i) -> System.arraycopy(x, i / 2 * 2 * 4, x, i * 4, 4))); // pairs
    problems.add(degenerate(random, 4, 9, (x, i) -> {})); // n < d
    problems.add(new Problem(5, 2, new double[10], new double[] {1, 2, 3, 4, 5}, 1)); // X = 0
    problems.add(new Problem(3, 1, new double[] {1, 2, 3}, new double[3], 1)); // y = 0
    problems.add(new Problem(3, 1, new double[] {1, -2, 3}, new double[] {2, 2, 2}, 1));

    for (Problem problem : problems) {
      // When
      double lower = lower(problem);
      UpperBound upper = upperBound(problem);

      // Then
      assertThat(lower).isNotNegative().isLessThanOrEqualTo(upper.value());
      assertThat(upper.value())
          .isCloseTo(
              Objective.value(problem, upper.network()), within(1e-9 * upper.value() + 1e-300));
    }
  }

  @Test
  void neverCrossOnRandomData() {
    for (int seed = 0; seed < 30; seed++) {
      // Given
      SplittableRandom random = new SplittableRandom(seed);
      int n = 2 + random.nextInt(40);
      int d = 1 + random.nextInt(6);
      Data data =
          seed % 2 == 0 ? GaussianData.noise(n, d, seed) : GaussianData.teacher(n, d, 3, 0.1, seed);
      double beta = Math.pow(10, -3 * random.nextDouble()) * betaMax(data);
      Problem problem = new Problem(n, d, data.x(), data.y(), beta);

      // When
      double lower = lower(problem);
      double upper = upper(problem);

      // Then
      assertThat(lower).isPositive().isLessThanOrEqualTo(upper);
    }
  }

  @Test
  void areTheSameForTheSameSeed() {
    // Given
    Data data = GaussianData.noise(30, 4, 2);
    Problem problem = new Problem(30, 4, data.x(), data.y(), 0.1 * betaMax(data));

    // When
    LowerBound lower = LiftedSolver.solve(problem, 5, Deadline.none(), bound -> {}).bound();
    LowerBound again = LiftedSolver.solve(problem, 5, Deadline.none(), bound -> {}).bound();
    UpperBound upper = ColumnGeneration.solve(problem, 5, Deadline.none(), bound -> {}).bound();
    UpperBound twice = ColumnGeneration.solve(problem, 5, Deadline.none(), bound -> {}).bound();

    // Then
    assertThat(again.value()).isEqualTo(lower.value());
    assertThat(again.dual()).containsExactly(lower.dual());
    assertThat(twice.value()).isEqualTo(upper.value());
    assertThat(twice.network().u()).containsExactly(upper.network().u());
  }

  @Test
  void improveStepByStepAndEndWithTheBest() {
    // Given
    Data data = GaussianData.noise(40, 4, 8);
    Problem problem = new Problem(40, 4, data.x(), data.y(), 0.1 * betaMax(data));
    List<Double> lowers = new ArrayList<>();
    List<Double> uppers = new ArrayList<>();

    // When
    LowerBound lower =
        LiftedSolver.solve(problem, 0, Deadline.none(), bound -> lowers.add(bound.value())).bound();
    UpperBound upper =
        ColumnGeneration.solve(problem, 0, Deadline.none(), bound -> uppers.add(bound.value()))
            .bound();

    // Then
    assertThat(lowers).hasSizeGreaterThan(1).isSorted().endsWith(lower.value());
    assertThat(uppers)
        .hasSizeGreaterThan(1)
        .isSortedAccordingTo((a, b) -> Double.compare(b, a))
        .endsWith(upper.value());
  }

  @Test
  void areThereWhenTheDeadlineHasPassed() {
    // Given
    Data data = GaussianData.noise(40, 4, 8);
    Problem problem = new Problem(40, 4, data.x(), data.y(), 0.1 * betaMax(data));
    Deadline deadline = Deadline.after(Duration.ZERO);

    // When
    double lower = LiftedSolver.solve(problem, 0, deadline, bound -> {}).bound().value();
    double upper = ColumnGeneration.solve(problem, 0, deadline, bound -> {}).bound().value();

    // Then
    assertThat(lower).isPositive().isLessThanOrEqualTo(upper);
  }

  private interface Spoil {
    void apply(double[] x, int row);
  }

  private static Problem degenerate(SplittableRandom random, int n, int d, Spoil spoil) {
    double[] x = random.doubles((long) n * d, -1, 1).toArray();
    double[] y = random.doubles(n, -1, 1).toArray();
    for (int i = 0; i < n; i++) {
      spoil.apply(x, i);
    }
    return new Problem(n, d, x, y, 0.1 * Math.max(0.01, LocalAscent.betaMax(n, d, x, y)));
  }

  private static double betaMax(Data data) {
    return LocalAscent.betaMax(data.n(), data.d(), data.x(), data.y());
  }

  private static double lower(Problem problem) {
    return LiftedSolver.solve(problem, 0, Deadline.none(), bound -> {}).bound().value();
  }

  private static double upper(Problem problem) {
    return upperBound(problem).value();
  }

  private static UpperBound upperBound(Problem problem) {
    return ColumnGeneration.solve(problem, 0, Deadline.none(), bound -> {}).bound();
  }

  private static double[] times(double[] values, double factor) {
    return Arrays.stream(values).map(value -> value * factor).toArray();
  }
}
