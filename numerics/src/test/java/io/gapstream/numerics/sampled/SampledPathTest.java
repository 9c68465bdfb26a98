package io.gapstream.numerics.sampled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.tau.LocalAscent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The oracle of a warm start is a cold one: the duality gap of each brackets the same optimum, so
 * their intervals meet whatever way each has taken.
 */
final class SampledPathTest {

  private static final double TOLERANCE = 1e-7;
  private static final Data DATA = GaussianData.teacher(60, 4, 5, 0.1, 3);
  private static final Gates GATES = Gates.sample(60, 4, DATA.x(), 40, 3);
  private static final double BETA_MAX = LocalAscent.betaMax(60, 4, DATA.x(), DATA.y());
  private static final double[] BETAS = {
    1.5 * BETA_MAX, 0.5 * BETA_MAX, 0.1 * BETA_MAX, 0.01 * BETA_MAX
  };

  @Test
  void meetsTheColdSolutionAtEveryBeta() {
    // Given
    List<SampledSolution> handedOver = new ArrayList<>();

    // When
    List<SampledSolution> path =
        SampledSolver.path(
            problem(1), GATES, BETAS, TOLERANCE, Deadline.none(), progress -> {}, handedOver::add);

    // Then
    assertThat(path).hasSize(BETAS.length).isEqualTo(handedOver);
    for (int k = 0; k < BETAS.length; k++) {
      SampledSolution warm = path.get(k);
      SampledSolution cold =
          SampledSolver.solve(problem(BETAS[k]), GATES, TOLERANCE, Deadline.none(), progress -> {});
      double value = cold.bound().value();
      assertThat(warm.converged()).isTrue();
      assertThat(warm.inCones()).isTrue();
      assertThat(warm.bound().value()).isCloseTo(value, within(2 * TOLERANCE * value));
      assertThat(warm.dualValue()).isLessThanOrEqualTo(value);
      assertThat(cold.dualValue()).isLessThanOrEqualTo(warm.bound().value());
    }
    assertThat(path.get(0).activeGroups()).isZero();
  }

  @Test
  void takesBetasInAnyOrder() {
    // Given
    double[] rising = {BETAS[3], BETAS[1]};

    // When
    List<SampledSolution> path = path(rising, Deadline.none());

    // Then
    for (int k = 0; k < rising.length; k++) {
      double value =
          SampledSolver.solve(problem(rising[k]), GATES, TOLERANCE, Deadline.none(), progress -> {})
              .bound()
              .value();
      assertThat(path.get(k).converged()).isTrue();
      assertThat(path.get(k).bound().value()).isCloseTo(value, within(2 * TOLERANCE * value));
    }
  }

  @Test
  void leavesOutWhatTheDeadlineDidNotLetBegin() {
    // Given
    Deadline passed = Deadline.after(Duration.ZERO);

    // When
    List<SampledSolution> path = path(BETAS, passed);

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

  private static List<SampledSolution> path(double[] betas, Deadline deadline) {
    return SampledSolver.path(
        problem(1), GATES, betas, TOLERANCE, deadline, progress -> {}, solution -> {});
  }

  private static Problem problem(double beta) {
    return new Problem(DATA.n(), DATA.d(), DATA.x(), DATA.y(), beta);
  }
}
