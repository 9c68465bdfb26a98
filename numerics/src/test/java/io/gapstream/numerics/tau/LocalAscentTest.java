package io.gapstream.numerics.tau;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The oracle for two columns walks around the circle from one sign change to the next, where the
 * sum is linear in u, and takes the best point of each arc: no ascent. In more dimensions a maximum
 * is checked by random perturbation.
 */
class LocalAscentTest {

  @Test
  void findsTheMaximumOnTheCircle() {
    for (int seed = 0; seed < 200; seed++) {
      // Given
      SplittableRandom random = new SplittableRandom(seed);
      int n = 1 + random.nextInt(30);
      double[] x = random.doubles(2L * n, -1, 1).toArray();
      double[] y = random.doubles(n, -1, 1).toArray();

      // When
      double betaMax = LocalAscent.betaMax(n, 2, x, y);

      // Then
      double expected = Math.max(onCircle(n, x, y, 1), onCircle(n, x, y, -1));
      assertThat(betaMax).as("seed %d", seed).isCloseTo(expected, within(1e-9 * expected + 1e-12));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void endsWhereNoSmallStepGoesHigher(long seed) {
    // Given
    int n = 60;
    int d = 5;
    Data data = GaussianData.noise(n, d, seed);
    SplittableRandom random = new SplittableRandom(seed);

    // When
    List<Direction> maxima =
        LocalAscent.maxima(n, d, data.x(), data.y(), seed, List.of(), Deadline.none());

    // Then
    assertThat(maxima).isNotEmpty();
    for (Direction direction : maxima) {
      assertThat(value(n, d, data.x(), data.y(), direction.u()) * direction.sign())
          .isCloseTo(direction.value(), within(1e-9));
      for (int row : direction.kinks()) {
        assertThat(product(data.x(), row, direction.u())).isCloseTo(0, within(1e-12));
      }
      for (int trial = 0; trial < 300; trial++) {
        double size = Math.pow(10, -1 - 4 * random.nextDouble());
        double[] near = new double[d];
        double squares = 0;
        for (int k = 0; k < d; k++) {
          near[k] = direction.u()[k] + size * (2 * random.nextDouble() - 1);
          squares += near[k] * near[k];
        }
        double there =
            value(n, d, data.x(), data.y(), near) * direction.sign() / Math.sqrt(squares);
        if (size < 1e-3) {
          assertThat(there).isLessThanOrEqualTo(direction.value() + 1e-7);
        }
      }
    }
  }

  @Test
  void findsTheDiagonalDirectionsOfXor() {
    // Given: the gradient at zero vanishes, so one start along it would stay there.
    double[] x = {1, 1, 1, -1, -1, 1, -1, -1};
    double[] y = {1, -1, -1, 1};

    // When
    double betaMax = LocalAscent.betaMax(4, 2, x, y);

    // Then
    assertThat(betaMax).isCloseTo(Math.sqrt(2), within(1e-12));
  }

  @Test
  void isLinearInTheScales() {
    // Given
    Data data = GaussianData.noise(30, 4, 1);
    double betaMax = LocalAscent.betaMax(30, 4, data.x(), data.y());

    // When
    double scaled =
        LocalAscent.betaMax(
            30,
            4,
            Arrays.stream(data.x()).map(v -> Math.scalb(v, 500)).toArray(),
            Arrays.stream(data.y()).map(v -> Math.scalb(v, -900)).toArray());

    // Then
    assertThat(scaled).isEqualTo(Math.scalb(betaMax, -400));
  }

  @Test
  void isZeroWithoutTargetsOrFeatures() {
    assertThat(LocalAscent.betaMax(2, 2, new double[] {1, 2, 3, 4}, new double[2])).isZero();
    assertThat(LocalAscent.betaMax(2, 2, new double[4], new double[] {1, 2})).isZero();
  }

  /** The maximum of the sum over the unit circle. */
  private static double onCircle(int n, double[] x, double[] y, int sign) {
    double[] angles = new double[2 * n];
    for (int i = 0; i < n; i++) {
      double normal = Math.atan2(x[2 * i + 1], x[2 * i]) + Math.PI / 2;
      angles[2 * i] = turn(normal);
      angles[2 * i + 1] = turn(normal + Math.PI);
    }
    Arrays.sort(angles);
    double best = 0;
    for (int k = 0; k < angles.length; k++) {
      double from = angles[k];
      double to = k + 1 < angles.length ? angles[k + 1] : angles[0] + 2 * Math.PI;
      double middle = 0.5 * (from + to);
      double[] slope = new double[2];
      for (int i = 0; i < n; i++) {
        if (x[2 * i] * Math.cos(middle) + x[2 * i + 1] * Math.sin(middle) > 0) {
          slope[0] += sign * y[i] * x[2 * i];
          slope[1] += sign * y[i] * x[2 * i + 1];
        }
      }
      double top = turn(Math.atan2(slope[1], slope[0]));
      double ahead = turn(top - from);
      double at = ahead <= to - from ? from + ahead : Double.NaN;
      for (double angle : new double[] {from, to, at}) {
        if (!Double.isNaN(angle)) {
          best = Math.max(best, slope[0] * Math.cos(angle) + slope[1] * Math.sin(angle));
        }
      }
    }
    return best;
  }

  private static double turn(double angle) {
    double full = 2 * Math.PI;
    return ((angle % full) + full) % full;
  }

  private static double value(int n, int d, double[] x, double[] nu, double[] u) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += nu[i] * Math.max(0, product(x, i, u));
    }
    return sum;
  }

  private static double product(double[] x, int row, double[] u) {
    double sum = 0;
    for (int k = 0; k < u.length; k++) {
      sum += x[row * u.length + k] * u[k];
    }
    return sum;
  }
}
