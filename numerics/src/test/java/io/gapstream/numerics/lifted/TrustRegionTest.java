package io.gapstream.numerics.lifted;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.Deadline;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** For a diagonal matrix the function is a sum of fractions, whose minimum a scan finds. */
class TrustRegionTest {

  @Test
  void findsTheMinimumForDiagonalMatrices() {
    for (int seed = 0; seed < 100; seed++) {
      // Given
      SplittableRandom random = new SplittableRandom(seed);
      int d = 1 + random.nextInt(6);
      double[] q = new double[d * d];
      double[] c = new double[d];
      double largest = 0;
      for (int k = 0; k < d; k++) {
        q[k * d + k] = 4 * random.nextDouble() - 2;
        c[k] = seed % 5 == 0 && k == 0 ? 0 : 2 * random.nextDouble() - 1;
        largest = Math.max(largest, q[k * d + k]);
      }

      // When
      TrustRegion.Minimum minimum = new TrustRegion(d).minimize(q, c, Deadline.none());

      // Then
      double best = Double.POSITIVE_INFINITY;
      for (int step = 1; step <= 400_000; step++) {
        best = Math.min(best, value(q, c, d, largest + step * 1e-5));
      }
      assertThat(minimum.value())
          .as("seed %d", seed)
          .isCloseTo(value(q, c, d, minimum.lambda()), within(1e-6));
      assertThat(minimum.value()).isCloseTo(best, within(2e-5));
    }
  }

  private static double value(double[] q, double[] c, int d, double lambda) {
    double sum = lambda;
    for (int k = 0; k < d; k++) {
      if (c[k] != 0) {
        sum += 0.25 * c[k] * c[k] / (lambda - q[k * d + k]);
      }
    }
    return sum;
  }
}
