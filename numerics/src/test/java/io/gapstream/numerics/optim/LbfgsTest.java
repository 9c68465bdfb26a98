package io.gapstream.numerics.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.Deadline;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The oracles are minimisers known in closed form. */
class LbfgsTest {

  private static final Lbfgs LBFGS = new Lbfgs(10, 2000, 0, Deadline.none());

  @Test
  void solvesAnIllConditionedQuadratic() {
    // Given
    double[] point = new double[12];

    // When: 1/2 sum 2^i (p_i - i)^2
    LBFGS.minimize(
        (at, gradient) -> {
          double value = 0;
          for (int i = 0; i < at.length; i++) {
            double curvature = Math.pow(2, i);
            gradient[i] = curvature * (at[i] - i);
            value += 0.5 * curvature * (at[i] - i) * (at[i] - i);
          }
          return value;
        },
        point);

    // Then
    for (int i = 0; i < point.length; i++) {
      assertThat(point[i]).isCloseTo(i, within(1e-6));
    }
  }

  @Test
  void followsTheValleyOfRosenbrock() {
    // Given
    double[] point = {-1.2, 1};

    // When
    Lbfgs.Outcome outcome =
        LBFGS.minimize(
            (at, gradient) -> {
              double a = 1 - at[0];
              double b = at[1] - at[0] * at[0];
              gradient[0] = -2 * a - 400 * at[0] * b;
              gradient[1] = 200 * b;
              return a * a + 100 * b * b;
            },
            point);

    // Then
    assertThat(point[0]).isCloseTo(1, within(1e-6));
    assertThat(point[1]).isCloseTo(1, within(1e-6));
    assertThat(outcome.converged()).isTrue();
  }

  @Test
  void reachesTheKinkOfANonsmoothFunction() {
    // Given
    double[] point = {3, -2};

    // When: |p_0 - 1| + 10 |p_1|
    Lbfgs.Outcome outcome =
        LBFGS.minimize(
            (at, gradient) -> {
              gradient[0] = at[0] > 1 ? 1 : -1;
              gradient[1] = at[1] > 0 ? 10 : -10;
              return Math.abs(at[0] - 1) + 10 * Math.abs(at[1]);
            },
            point);

    // Then
    assertThat(outcome.value()).isLessThan(1e-3);
  }

  @Test
  void stepsBackFromWhereThereIsNoValue() {
    // Given: -log(p) + p, whose first step from a tiny p leaves the domain.
    double[] point = {1e-3};

    // When
    LBFGS.minimize(
        (at, gradient) -> {
          gradient[0] = 1 - 1 / at[0];
          return at[0] > 0 ? at[0] - Math.log(at[0]) : Double.NaN;
        },
        point);

    // Then
    assertThat(point[0]).isCloseTo(1, within(1e-6));
  }

  @Test
  void keepsTheStartAtTheDeadline() {
    // Given
    double[] point = {4};

    // When
    Lbfgs.Outcome outcome =
        new Lbfgs(3, 100, 0, Deadline.after(Duration.ZERO))
            .minimize(
                (at, gradient) -> {
                  gradient[0] = at[0];
                  return 0.5 * at[0] * at[0];
                },
                point);

    // Then
    assertThat(point[0]).isEqualTo(4);
    assertThat(outcome.converged()).isFalse();
  }
}
