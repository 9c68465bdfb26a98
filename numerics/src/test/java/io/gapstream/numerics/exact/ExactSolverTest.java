package io.gapstream.numerics.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Examples;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.bound.UpperBound;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.tau.LocalAscent;
import io.gapstream.numerics.verify.Finding;
import io.gapstream.numerics.verify.Verifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The oracles are optimal values from full enumeration and an interior-point method, closed forms,
 * and the symmetries of (P).
 */
class ExactSolverTest {

  static List<Examples.Reference> references() {
    return Examples.references();
  }

  @ParameterizedTest
  @MethodSource("references")
  void meetsTheKnownOptimum(Examples.Reference reference) {
    // When
    ExactSolution solution = solve(reference.problem(), 1e-4);

    // Then
    double room = reference.tolerance() * reference.optimum();
    assertThat(solution.converged()).isTrue();
    assertThat(solution.upper().value()).isGreaterThanOrEqualTo(reference.optimum() - room);
    assertThat(solution.lower().value()).isLessThanOrEqualTo(reference.optimum() + room);
    assertThat(solution.upper().value()).isLessThanOrEqualTo(1.0001 * solution.lower().value());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.01})
  void closesTheGapOnIris(double fraction) {
    // Given
    Data data = Examples.standardized("iris");

    // When
    ExactSolution solution = solve(problem(data, fraction), 1e-3);

    // Then
    assertThat(solution.converged()).isTrue();
    assertThat(solution.progress().relativeGap()).isLessThanOrEqualTo(1e-3);
  }

  @Test
  void handsOutEvidenceThatTheVerifierTakes() {
    // Given
    Problem problem = problem(GaussianData.teacher(60, 4, 3, 0.1, 1), 0.1);
    List<LowerBound> lowers = new ArrayList<>();
    List<UpperBound> uppers = new ArrayList<>();

    // When
    ExactSolution solution =
        ExactSolver.solve(
            problem, 1e-3, 1, 2, Deadline.none(), lowers::add, uppers::add, progress -> {});

    // Then
    assertThat(lowers).last().isSameAs(solution.lower());
    assertThat(uppers).last().isSameAs(solution.upper());
    for (LowerBound bound : lowers) {
      assertThat(Verifier.lower(problem, bound.dual(), bound.scale(), bound.plus(), bound.minus()))
          .isEqualTo(new Finding.Proved(bound.value()));
    }
    for (UpperBound bound : uppers) {
      assertThat(Verifier.upper(problem, bound.network()))
          .isEqualTo(new Finding.Proved(bound.value()));
    }
  }

  @Test
  void meetsTheClosedFormForOneRow() {
    // Given: one row is a scalar lasso, 1/2 (y - r t)^2 + beta t.
    Problem problem = new Problem(1, 3, new double[] {2, -1, 2}, new double[] {4}, 3);

    // When
    ExactSolution solution = solve(problem, 1e-6);

    // Then
    double optimum = 0.5 * 1 + 3 * (4.0 - 1) / 3;
    assertThat(solution.upper().value()).isCloseTo(optimum, within(1e-5));
    assertThat(solution.lower().value()).isCloseTo(optimum, within(1e-5));
  }

  @Test
  void provesTheZeroNetworkOptimalFromBetaMaxOn() {
    // Given
    Problem problem = problem(GaussianData.noise(40, 3, 2), 1.001);
    double zero = 0;
    for (double y : problem.y()) {
      zero += 0.5 * y * y;
    }

    // When
    ExactSolution solution = solve(problem, 1e-9);

    // Then
    assertThat(solution.upper().network().m()).isZero();
    assertThat(solution.upper().value()).isCloseTo(zero, within(1e-12 * zero));
    assertThat(solution.lower().value()).isCloseTo(zero, within(1e-9 * zero));
  }

  @ParameterizedTest
  @CsvSource({"1e-150, 1", "1e150, 1", "1, 1e-100", "1e-60, 1e60"})
  void followsTheScalingOfTheProblem(double xFactor, double yFactor) {
    // Given: (X, y, beta) -> (c X, t y, c t beta) multiplies p* by t^2.
    Data data = GaussianData.teacher(20, 3, 2, 0.1, 3);
    Problem problem = problem(data, 0.1);
    double[] x = data.x().clone();
    double[] y = data.y().clone();
    for (int i = 0; i < x.length; i++) {
      x[i] *= xFactor;
    }
    for (int i = 0; i < y.length; i++) {
      y[i] *= yFactor;
    }

    // When
    ExactSolution plain = solve(problem, 1e-4);
    ExactSolution scaled =
        solve(new Problem(20, 3, x, y, problem.beta() * xFactor * yFactor), 1e-4);

    // Then
    double factor = yFactor * yFactor;
    assertThat(scaled.converged()).isTrue();
    assertThat(scaled.upper().value() / factor)
        .isCloseTo(plain.upper().value(), within(2e-4 * plain.upper().value()));
  }

  @Test
  void takesDataOfLowRankAndTargetsOfZero() {
    // Given: the columns are multiples of one, and rows repeat.
    double[] x = new double[30];
    double[] y = new double[10];
    for (int i = 0; i < 10; i++) {
      double value = i % 5 - 2;
      x[3 * i] = value;
      x[3 * i + 1] = 2 * value;
      y[i] = i % 5;
    }

    // When
    ExactSolution solution = solve(new Problem(10, 3, x, y, 0.5), 1e-4);
    ExactSolution nothing = solve(new Problem(10, 3, x, new double[10], 0.5), 1e-4);

    // Then
    assertThat(solution.converged()).isTrue();
    assertThat(nothing.upper().value()).isLessThan(Double.MIN_NORMAL);
    assertThat(nothing.lower().value()).isZero();
    assertThat(nothing.converged()).isTrue();
  }

  @Test
  void givesBothBoundsWhenTimeIsShort() {
    // Given
    Problem problem = problem(GaussianData.noise(200, 7, 4), 0.1);

    // When
    ExactSolution solution =
        ExactSolver.solve(
            problem,
            1e-6,
            1,
            2,
            Deadline.after(Duration.ofMillis(300)),
            bound -> {},
            bound -> {},
            progress -> {});

    // Then
    assertThat(solution.converged()).isFalse();
    assertThat(solution.lower().value()).isLessThanOrEqualTo(solution.upper().value());
  }

  @Test
  void givesTheSameAnswerForTheSameSeed() {
    // Given
    Problem problem = problem(GaussianData.noise(40, 3, 5), 0.1);

    // When
    ExactSolution one = solve(problem, 1e-3);
    ExactSolution other = solve(problem, 1e-3);

    // Then
    assertThat(other.lower().value()).isEqualTo(one.lower().value());
    assertThat(other.upper().value()).isEqualTo(one.upper().value());
  }

  @Test
  void refusesWhatItCannotSolve() {
    assertThatThrownBy(() -> solve(new Problem(1, 17, new double[17], new double[1], 1), 1e-3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("17 columns");
    assertThatThrownBy(() -> solve(new Problem(1, 1, new double[1], new double[1], 1), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tolerance is 0.0");
  }

  private static ExactSolution solve(Problem problem, double tolerance) {
    return ExactSolver.solve(
        problem,
        tolerance,
        1,
        2,
        Deadline.after(Duration.ofSeconds(60)),
        bound -> {},
        bound -> {},
        progress -> {});
  }

  private static Problem problem(Data data, double fraction) {
    double betaMax = LocalAscent.betaMax(data.n(), data.d(), data.x(), data.y());
    return new Problem(data.n(), data.d(), data.x(), data.y(), fraction * betaMax);
  }
}
