package io.gapstream.numerics.gated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.problem.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The oracle of a warm start is a cold one: the duality gap of each brackets the same optimum, so
 * their intervals meet whatever way each has taken.
 */
final class GatedPathTest {

  private static final double TOLERANCE = 1e-7;
  private static final Data DATA = GaussianData.teacher(60, 4, 5, 0.1, 3);
  private static final Gates GATES = Gates.sample(60, 4, DATA.x(), 40, 3);
  private static final double BETA_MAX = GatedSolver.betaMax(DATA, GATES);
  private static final double[] BETAS = {
    1.5 * BETA_MAX, 0.5 * BETA_MAX, 0.1 * BETA_MAX, 0.01 * BETA_MAX
  };

  @Test
  void meetsTheColdSolutionAtEveryBeta() {
    // Given
    List<GatedSolution> handedOver = new ArrayList<>();

    // When
    List<GatedSolution> path =
        GatedSolver.path(
            problem(1), GATES, BETAS, TOLERANCE, Deadline.none(), progress -> {}, handedOver::add);

    // Then
    assertThat(path).hasSize(BETAS.length).isEqualTo(handedOver);
    for (int k = 0; k < BETAS.length; k++) {
      GatedSolution warm = path.get(k);
      GatedSolution cold =
          GatedSolver.solve(problem(BETAS[k]), GATES, TOLERANCE, Deadline.none(), progress -> {});
      double value = cold.value();
      assertThat(warm.converged()).isTrue();
      assertThat(warm.value()).isCloseTo(value, within(2 * TOLERANCE * value));
      assertThat(warm.dualValue()).isLessThanOrEqualTo(value);
      assertThat(cold.dualValue()).isLessThanOrEqualTo(warm.value());
    }
    assertThat(path.get(0).activeGroups()).isZero();
  }

  @Test
  void takesBetasInAnyOrder() {
    // Given
    double[] rising = {BETAS[3], BETAS[1]};

    // When
    List<GatedSolution> path = path(rising, Deadline.none());

    // Then
    for (int k = 0; k < rising.length; k++) {
      double value =
          GatedSolver.solve(problem(rising[k]), GATES, TOLERANCE, Deadline.none(), progress -> {})
              .value();
      assertThat(path.get(k).converged()).isTrue();
      assertThat(path.get(k).value()).isCloseTo(value, within(2 * TOLERANCE * value));
    }
  }

  @Test
  void leavesOutWhatTheDeadlineDidNotLetBegin() {
    // Given
    Deadline passed = Deadline.after(Duration.ZERO);

    // When
    List<GatedSolution> path = path(BETAS, passed);

    // Then
    assertThat(path).hasSize(1);
  }

  @Test
  void refusesAPathWithoutABeta() {
    // When
    assertThatThrownBy(() -> path(new double[0], Deadline.none()))
        // Then
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one");
  }

  @Test
  void findsTheBetaMaxOfTheDefinition() {
    // Given
    double largest = 0;
    for (int p = 0; p < GATES.count(); p++) {
      double squares = 0;
      for (int k = 0; k < DATA.d(); k++) {
        double sum = 0;
        for (int i = 0; i < DATA.n(); i++) {
          sum += GATES.isActive(p, i) ? DATA.x()[i * DATA.d() + k] * DATA.y()[i] : 0;
        }
        squares += sum * sum;
      }
      largest = Math.max(largest, Math.sqrt(squares));
    }

    // When
    double betaMax = GatedSolver.betaMax(DATA, GATES);

    // Then
    assertThat(betaMax).isCloseTo(largest, within(1e-13 * largest));
  }

  @Test
  void findsABetaMaxWhoseSquareCannotBeWritten() {
    // Given
    Data huge = new Data(60, 4, times(DATA.x(), 0x1p500), times(DATA.y(), 0x1p500));

    // When
    double betaMax = GatedSolver.betaMax(huge, GATES);

    // Then
    assertThat(betaMax).isEqualTo(Math.scalb(BETA_MAX, 1000));
  }

  private static double[] times(double[] values, double factor) {
    return Arrays.stream(values).map(value -> value * factor).toArray();
  }

  private static List<GatedSolution> path(double[] betas, Deadline deadline) {
    return GatedSolver.path(
        problem(1), GATES, betas, TOLERANCE, deadline, progress -> {}, solution -> {});
  }

  private static Problem problem(double beta) {
    return new Problem(DATA.n(), DATA.d(), DATA.x(), DATA.y(), beta);
  }
}
