package io.gapstream.numerics.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Gradients are held against central differences, values against the plain value of (P). */
class LossTest {

  @Property(tries = 40, seed = "1")
  void matchesTheValueAndItsCentralDifferences(
      @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @IntRange(min = 1, max = 9) int d,
      @ForAll @IntRange(min = 1, max = 11) int m,
      @ForAll @LongRange(min = 0, max = 1000) long seed) {
    // Given
    Data data = GaussianData.teacher(n, d, 2, 0.5, seed);
    Problem problem = new Problem(n, d, data.x(), data.y(), 0.8);
    Loss loss = new Loss(problem, m);
    double[] theta = weights(d, m, seed);
    double[] gradient = new double[theta.length];

    // When
    double value = loss.gradient(theta, gradient);

    // Then
    assertThat(value).isCloseTo(value(problem, m, theta), within(1e-11 * (1 + value)));
    for (int k = 0; k < theta.length; k++) {
      double h = 1e-7;
      double[] shifted = theta.clone();
      shifted[k] = theta[k] + h;
      double above = value(problem, m, shifted);
      shifted[k] = theta[k] - h;
      double below = value(problem, m, shifted);
      assertThat(gradient[k]).isCloseTo((above - below) / (2 * h), within(1e-5 * (1 + value)));
    }
  }

  @Test
  void averagesMiniBatchesToTheWhole() {
    // Given
    Data data = GaussianData.noise(30, 3, 1);
    Loss loss = new Loss(new Problem(30, 3, data.x(), data.y(), 0.8), 5);
    double[] theta = weights(3, 5, 1);
    double[] whole = new double[theta.length];
    double value = loss.gradient(theta, whole);
    int[] rows = new int[30];
    for (int i = 0; i < 30; i++) {
      rows[i] = 7 * i % 30;
    }

    // When
    double[] batch = new double[theta.length];
    double[] sum = new double[theta.length];
    double values = 0;
    for (int from = 0; from < 30; from += 10) {
      values += loss.gradient(theta, rows, from, from + 10, batch);
      for (int k = 0; k < sum.length; k++) {
        sum[k] += batch[k];
      }
    }

    // Then
    assertThat(values / 3).isCloseTo(value, within(1e-10));
    for (int k = 0; k < sum.length; k++) {
      assertThat(sum[k] / 3).isCloseTo(whole[k], within(1e-10));
    }
  }

  @Test
  void givesADeadNeuronNoGradientButItsDecay() {
    // Given one neuron that is zero: 1[0 > 0] is 0.
    Loss loss = new Loss(new Problem(2, 1, new double[] {1, -1}, new double[] {1, 1}, 0.5), 1);
    double[] gradient = new double[2];

    // When
    loss.gradient(new double[] {0, 1}, gradient);

    // Then
    assertThat(gradient).containsExactly(0, 0.5);
  }

  @Test
  void countsFlippedPatterns() {
    // Given
    double[] x = {1, 2, -1};
    Loss loss = new Loss(new Problem(3, 1, x, x, 1), 2);

    // When the second of two neurons turns round
    double drift =
        loss.patternDrift(new double[] {1, 1, 1, 1}, new double[] {1, -1, 1, 1}, Deadline.none());

    // Then
    assertThat(drift).isEqualTo(0.5);
    assertThat(
            loss.patternDrift(
                new double[] {1, 1, 1, 1}, new double[] {2, 3, -1, 0}, Deadline.none()))
        .isZero();
  }

  private static double value(Problem problem, int m, double[] theta) {
    int d = problem.d();
    double[] u = new double[m * d];
    double[] a = new double[m];
    for (int j = 0; j < m; j++) {
      for (int k = 0; k < d; k++) {
        u[j * d + k] = theta[k * m + j];
      }
      a[j] = theta[d * m + j];
    }
    return Objective.value(problem, new Network(m, d, u, a));
  }

  /** Random weights, inputs first, then outputs. */
  private static double[] weights(int d, int m, long seed) {
    Random random = new Random(seed);
    return random.doubles((d + 1L) * m, -1, 1).toArray();
  }
}
