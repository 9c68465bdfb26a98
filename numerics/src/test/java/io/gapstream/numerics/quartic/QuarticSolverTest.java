package io.gapstream.numerics.quartic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Examples;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.bound.Witness;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.global.ColumnGeneration;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.tau.Direction;
import io.gapstream.numerics.tau.LocalAscent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The oracles are optimal values from full enumeration and an interior-point method, which share no
 * code with ours, networks, closed forms, directions on a fine grid of the circle, and the
 * symmetries of (P).
 */
class QuarticSolverTest {

  static List<Examples.Reference> references() {
    return Examples.references();
  }

  @ParameterizedTest
  @MethodSource("references")
  void staysBelowTheKnownOptimumAndWithinSightOfIt(Examples.Reference reference) {
    // When
    double lower = solve(reference.problem()).value();

    // Then
    assertThat(lower)
        .isLessThanOrEqualTo(reference.optimum() * (1 + reference.tolerance()))
        .isGreaterThanOrEqualTo(0.4 * reference.optimum());
  }

  @Test
  void isNotFarBelowTheOptimumOnNoise() {
    // Given
    Problem problem = noise(150, 5, 0, 0.1);

    // When
    LowerBound bound = solve(problem);

    // Then
    assertThat(bound.plus()).isInstanceOf(Witness.Quartic.class);
    double upper =
        ColumnGeneration.solve(problem, 0, Deadline.none(), improved -> {}).bound().value();
    assertThat(bound.value()).isBetween(0.45 * upper, upper);
  }

  @Test
  void tellsOfEveryImprovementAndReturnsTheLast() {
    // Given
    List<LowerBound> improvements = new ArrayList<>();

    // When
    QuarticResult result =
        QuarticSolver.solve(noise(40, 3, 1, 0.2), Deadline.none(), improvements::add);

    // Then
    assertThat(result.converged()).isTrue();
    assertThat(improvements).extracting(LowerBound::value).isSorted().doesNotHaveDuplicates();
    assertThat(improvements.get(improvements.size() - 1)).isSameAs(result.bound());
    assertThat(result.bound().value())
        .isLessThanOrEqualTo(result.relaxedValue())
        .isGreaterThan(0.998 * result.relaxedValue());
  }

  @Test
  void givesTheSameAnswerTwice() {
    // Given
    Problem problem = noise(30, 3, 2, 0.1);

    // When
    LowerBound first = solve(problem);
    LowerBound second = solve(problem);

    // Then
    assertThat(second.value()).isEqualTo(first.value());
    assertThat(second.dual()).containsExactly(first.dual());
  }

  @Test
  void returnsABoundWhenThereIsNoTime() {
    // When
    QuarticResult result =
        QuarticSolver.solve(noise(30, 3, 2, 0.1), Deadline.after(Duration.ZERO), found -> {});

    // Then
    assertThat(result.converged()).isFalse();
    assertThat(result.iterations()).isZero();
    assertThat(result.bound().value()).isPositive();
  }

  @Test
  void refusesMoreColumnsThanItCanSolve() {
    // Given
    Problem problem = new Problem(1, 13, new double[13], new double[1], 1);

    // When, Then
    assertThatThrownBy(() -> solve(problem))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("13 columns");
  }

  @ParameterizedTest
  @ValueSource(doubles = {1.01, 2, 1e12})
  void reachesTheValueOfTheZeroNetworkAboveBetaMax(double fraction) {
    // Given: in the plane the relaxation of tau is nearly exact
    Problem problem = noise(30, 2, 3, fraction);

    // When
    double lower = solve(problem).value();

    // Then
    double zero = 0;
    for (double y : problem.y()) {
      zero += 0.5 * y * y;
    }
    assertThat(lower).isLessThanOrEqualTo(zero).isGreaterThan(0.997 * zero);
  }

  @Test
  void meetsTheClosedFormForOneColumn() {
    // Given: in one dimension there are two directions, so the problem is two scalar lassos.
    double[] x = {1, 2, -1, -3, 0.5, 0};
    double[] y = {2, 1, -4, -2, 3, 1};
    double beta = 1.5;
    double expected = 0.5; // the row that is zero
    for (int sign = -1; sign <= 1; sign += 2) {
      double xy = 0;
      double xx = 0;
      for (int i = 0; i < 6; i++) {
        double active = Math.max(sign * x[i], 0);
        xy += active * y[i];
        xx += active * active;
        expected += active > 0 ? 0.5 * y[i] * y[i] : 0;
      }
      double excess = Math.max(Math.abs(xy) - beta, 0);
      expected -= 0.5 * excess * excess / xx;
    }

    // When
    double lower = solve(new Problem(6, 1, x, y, beta)).value();

    // Then
    assertThat(lower).isLessThanOrEqualTo(expected).isGreaterThan(0.999 * expected);
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 0", "0, 0"})
  void copesWithFeaturesOrTargetsThatAreAllZero(double feature, double target) {
    // Given
    double[] x = new double[12];
    Arrays.fill(x, feature);
    double[] y = new double[4];
    Arrays.fill(y, target);

    // When
    double lower = solve(new Problem(4, 3, x, y, 0.1)).value();

    // Then
    assertThat(lower).isCloseTo(feature == 0 ? 2 * target * target : 0, within(1e-3));
  }

  @ParameterizedTest
  @ValueSource(ints = {-300, -40, 300})
  void scalesWithPowersOfTwo(int exponent) {
    // Given
    Problem problem = noise(20, 3, 4, 0.2);
    double factor = Math.scalb(1.0, exponent);
    double[] x = Arrays.stream(problem.x()).map(value -> factor * value).toArray();
    double[] y = problem.y().clone();
    Problem wide = new Problem(20, 3, x, y, factor * problem.beta());

    // When
    double lower = solve(wide).value();

    // Then
    double expected = solve(problem).value();
    assertThat(lower).isCloseTo(expected, within(1e-9 * expected));
  }

  @Test
  void keepsItsValueUnderRotationAndPermutation() {
    // Given
    Problem problem = noise(25, 2, 5, 0.1);
    double[] x = new double[50];
    double[] y = new double[25];
    for (int i = 0; i < 25; i++) {
      int from = 24 - i;
      x[2 * i] = 0.6 * problem.x()[2 * from] + 0.8 * problem.x()[2 * from + 1];
      x[2 * i + 1] = -0.8 * problem.x()[2 * from] + 0.6 * problem.x()[2 * from + 1];
      y[i] = problem.y()[from];
    }

    // When
    double lower = solve(new Problem(25, 2, x, y, problem.beta())).value();

    // Then
    double expected = solve(problem).value();
    assertThat(lower).isCloseTo(expected, within(1e-3 * expected));
  }

  @Test
  void boundsTauFromAboveAndCloselyInThePlane() {
    for (int seed = 0; seed < 5; seed++) {
      // Given
      Data data = GaussianData.noise(25, 2, seed);
      double largest = 0;
      for (int step = 0; step < 20_000; step++) {
        double angle = 2 * Math.PI * step / 20_000;
        double sum = 0;
        for (int i = 0; i < 25; i++) {
          double t = data.x()[2 * i] * Math.cos(angle) + data.x()[2 * i + 1] * Math.sin(angle);
          sum += data.y()[i] * Math.max(t, 0);
        }
        largest = Math.max(largest, sum);
      }

      // When
      double tau =
          Objects.requireNonNull(QuarticTau.bound(25, 2, data.x(), data.y(), Deadline.none()))
              .tau();

      // Then
      assertThat(tau).isGreaterThanOrEqualTo(largest).isLessThan(1.2 * largest);
    }
  }

  @Test
  void boundsTauWithinAFifthOfWhatAscentFinds() {
    // Given
    Data data = GaussianData.noise(300, 5, 6);
    double ascent =
        LocalAscent.maxima(300, 5, data.x(), data.y(), 0, List.of(), Deadline.none()).stream()
            .filter(direction -> direction.sign() == 1)
            .mapToDouble(Direction::value)
            .max()
            .orElse(0);

    // When
    double tau =
        Objects.requireNonNull(QuarticTau.bound(300, 5, data.x(), data.y(), Deadline.none())).tau();

    // Then
    assertThat(tau).isBetween(ascent, 1.2 * ascent);
  }

  private static Problem noise(int n, int d, long seed, double fraction) {
    Data data = GaussianData.noise(n, d, seed);
    double beta = fraction * LocalAscent.betaMax(n, d, data.x(), data.y());
    return new Problem(n, d, data.x(), data.y(), beta);
  }

  private static LowerBound solve(Problem problem) {
    return QuarticSolver.solve(problem, Deadline.none(), found -> {}).bound();
  }
}
