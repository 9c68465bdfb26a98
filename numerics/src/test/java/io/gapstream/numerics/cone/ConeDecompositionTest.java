package io.gapstream.numerics.cone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.gated.GatedSolution;
import io.gapstream.numerics.gated.GatedSolver;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Objective;
import io.gapstream.numerics.problem.Problem;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/**
 * The oracle is an identity: a network whose neurons lie in their cones computes what the gated
 * solution computes, so its value is the gated value with the penalty multiplied by the blow-up.
 */
class ConeDecompositionTest {

  @Property(tries = 20, seed = "1")
  void givesANetworkThatComputesWhatTheGatedSolutionDoes(
      @ForAll @IntRange(min = 1, max = 50) int n,
      @ForAll @IntRange(min = 1, max = 6) int d,
      @ForAll @IntRange(min = -60, max = 60) int exponent,
      @ForAll @LongRange(min = 0, max = 1000) long seed) {
    // Given
    double scale = Math.pow(10, exponent);
    Data data = GaussianData.teacher(n, d, 3, 0.3, seed);
    double[] x = data.x().clone();
    for (int k = 0; k < x.length; k++) {
      x[k] *= scale;
    }
    Problem problem = new Problem(n, d, x, data.y(), 0.2 * scale);
    Gates gates = Gates.sample(n, d, x, 40, seed);
    GatedSolution gated = GatedSolver.solve(problem, gates, 1e-3, Deadline.none());

    // When
    ConeSplit split = ConeDecomposition.split(problem, gates, gated, Deadline.none());

    // Then
    assertThat(split.converged()).isTrue();
    double penalty = penalty(gated, d);
    if (penalty == 0) {
      assertThat(split.blowUp()).isNaN();
      assertThat(split.bound().network().m()).isZero();
    } else {
      assertThat(split.blowUp()).isGreaterThanOrEqualTo(1);
      double expected = gated.value() + problem.beta() * penalty * (split.blowUp() - 1);
      assertThat(split.bound().value()).isCloseTo(expected, within(1e-9 * expected));
    }
    assertThat(split.bound().value())
        .isGreaterThanOrEqualTo(Objective.value(problem, split.bound().network()) * (1 - 1e-12));
  }

  @Test
  void balancesEveryNeuron() {
    // Given
    Data data = GaussianData.noise(30, 3, 5);
    Problem problem = new Problem(30, 3, data.x(), data.y(), 1);
    Gates gates = Gates.sample(30, 3, data.x(), 40, 5);
    GatedSolution gated = GatedSolver.solve(problem, gates, 1e-3, Deadline.none());

    // When
    Network network =
        ConeDecomposition.split(problem, gates, gated, Deadline.none()).bound().network();

    // Then
    assertThat(network.m()).isPositive();
    for (int j = 0; j < network.m(); j++) {
      double norm = 0;
      for (int k = 0; k < 3; k++) {
        norm = Math.hypot(norm, network.u()[3 * j + k]);
      }
      assertThat(norm).isCloseTo(Math.abs(network.a()[j]), within(1e-12 * norm));
    }
  }

  @Test
  void handsInANetworkWithoutAnyTime() {
    // Given
    Data data = GaussianData.noise(30, 3, 5);
    Problem problem = new Problem(30, 3, data.x(), data.y(), 1);
    Gates gates = Gates.sample(30, 3, data.x(), 40, 5);
    GatedSolution gated = GatedSolver.solve(problem, gates, 1e-3, Deadline.none());
    ConeSplit best = ConeDecomposition.split(problem, gates, gated, Deadline.none());

    // When
    ConeSplit split =
        ConeDecomposition.split(problem, gates, gated, Deadline.after(Duration.ZERO, () -> 0));

    // Then
    assertThat(split.converged()).isFalse();
    assertThat(split.bound().value()).isGreaterThan(best.bound().value());
    assertThat(split.bound().value())
        .isCloseTo(
            gated.value() + penalty(gated, 3) * (split.blowUp() - 1),
            within(1e-9 * split.bound().value()));
  }

  @Test
  void refusesASolutionOfOtherGates() {
    // Given
    Data data = GaussianData.noise(30, 3, 5);
    Problem problem = new Problem(30, 3, data.x(), data.y(), 1);
    Gates gates = Gates.sample(30, 3, data.x(), 40, 5);
    GatedSolution other = new GatedSolution(new double[3], 1, 1, 0, true, 0, 0, 0);

    // When, Then
    assertThatThrownBy(() -> ConeDecomposition.split(problem, gates, other, Deadline.none()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 values");
  }

  private static double penalty(GatedSolution gated, int d) {
    double penalty = 0;
    for (int from = 0; from < gated.w().length; from += d) {
      double norm = 0;
      for (int k = from; k < from + d; k++) {
        norm = Math.hypot(norm, gated.w()[k]);
      }
      penalty += norm;
    }
    return penalty;
  }
}
