package io.gapstream.numerics.lifted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.Deadline;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Central differences of the values know nothing of the derivatives' formulas. */
class PairFactorTest {

  @Test
  void hasTheGradientOfItsValue() {
    for (int seed = 0; seed < 20; seed++) {
      // Given
      SplittableRandom random = new SplittableRandom(seed);
      int n = 5;
      int d = 3;
      double weight = 3;
      double beta = 0.7;
      double[] x = unitRows(random, n, d);
      double[] norms = new double[n];
      Arrays.fill(norms, 1);
      PairFactor factor = new PairFactor(n, d, x, norms, Deadline.none());
      double[] moments = values(random, factor.lifted().size());
      double[] point = new double[factor.size()];
      factor.start(moments, values(random, n), random::nextGaussian, point, 0);
      Arrays.setAll(point, k -> point[k] + 0.1 * random.nextGaussian());
      double[] byOutput = values(random, n);
      value(factor, point, byOutput, beta, weight);
      factor.update(); // makes multipliers that are not zero

      // When
      double[] gradient = new double[point.length];
      value(factor, point, byOutput, beta, weight);
      factor.backward(byOutput, beta, point, 0, gradient);

      // Then
      double step = 1e-6;
      for (int k = 0; k < point.length; k++) {
        double at = point[k];
        point[k] = at + step;
        double above = value(factor, point, byOutput, beta, weight);
        point[k] = at - step;
        double below = value(factor, point, byOutput, beta, weight);
        point[k] = at;
        assertThat(gradient[k])
            .as("seed %d, entry %d", seed, k)
            .isCloseTo((above - below) / (2 * step), within(2e-3));
      }
    }
  }

  private static double value(
      PairFactor factor, double[] point, double[] byOutput, double beta, double weight) {
    factor.forward(point, 0);
    double sum = beta * factor.lifted().t() + factor.penalty(weight);
    for (int i = 0; i < byOutput.length; i++) {
      sum += byOutput[i] * factor.twiceOutput(i);
    }
    return sum;
  }

  private static double[] unitRows(SplittableRandom random, int n, int d) {
    double[] x = values(random, n * d);
    for (int i = 0; i < n; i++) {
      double squares = 0;
      for (int k = 0; k < d; k++) {
        squares += x[i * d + k] * x[i * d + k];
      }
      for (int k = 0; k < d; k++) {
        x[i * d + k] /= Math.sqrt(squares);
      }
    }
    return x;
  }

  private static double[] values(SplittableRandom random, int count) {
    double[] values = new double[count];
    Arrays.setAll(values, k -> 2 * random.nextDouble() - 1);
    return values;
  }
}
