package io.gapstream.numerics.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Objective;
import io.gapstream.numerics.problem.Problem;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** The oracle is the value of (P) itself, on both sides of the scaling. */
class ScaledProblemTest {

  @Property(tries = 50, seed = "1")
  void keepsTheValueOfEveryNetwork(
      @ForAll @IntRange(min = -140, max = 140) int xExponent,
      @ForAll @IntRange(min = -140, max = 140) int yExponent,
      @ForAll @LongRange(min = 0, max = 100) long seed) {
    // Given
    Data data = GaussianData.noise(12, 3, seed);
    double s = Math.pow(10, xExponent);
    double t = Math.pow(10, yExponent);
    Problem problem = new Problem(12, 3, times(data.x(), s), times(data.y(), t), 0.7 * s * t);
    ScaledProblem scaled = new ScaledProblem(problem);
    double[] u = GaussianData.noise(4, 3, seed + 1).x();
    double[] a = GaussianData.noise(4, 1, seed + 1).y();

    // When
    Network network = scaled.unscaleNetwork(4, u, a);

    // Then
    double inner = Objective.value(scaled.problem(), new Network(4, 3, u, a));
    double outer = Objective.value(problem, network);
    assertThat(outer / scaled.unscaleValue(inner)).isCloseTo(1, within(1e-12));
  }

  @Test
  void leavesAProblemOfOrdinarySizeAlone() {
    // Given
    Data data = GaussianData.noise(50, 3, 1);

    // When
    ScaledProblem scaled = new ScaledProblem(new Problem(50, 3, data.x(), data.y(), 0.5));

    // Then
    assertThat(scaled.problem().x()).isEqualTo(data.x());
    assertThat(scaled.problem().y()).isEqualTo(data.y());
    assertThat(scaled.problem().beta()).isEqualTo(0.5);
  }

  @Test
  void takesZeroFeaturesAndTargets() {
    // When
    ScaledProblem scaled = new ScaledProblem(new Problem(2, 1, new double[2], new double[2], 1));

    // Then
    assertThat(scaled.problem().x()).containsOnly(0);
    assertThat(scaled.problem().y()).containsOnly(0);
    assertThat(scaled.problem().beta()).isEqualTo(1);
  }

  @Test
  void refusesMagnitudesWhoseWeightsCannotBeWritten() {
    assertThatThrownBy(
            () ->
                new ScaledProblem(
                    new Problem(1, 1, new double[] {1e-160}, new double[] {1e150}, 1e-5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("rescale X or y");
  }

  private static double[] times(double[] values, double factor) {
    return Arrays.stream(values).map(v -> v * factor).toArray();
  }
}
