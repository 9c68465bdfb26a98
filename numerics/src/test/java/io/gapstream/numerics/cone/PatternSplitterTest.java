package io.gapstream.numerics.cone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.problem.Problem;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/**
 * Membership of the cones is checked by its definition. In the plane a cone is spanned by two rays,
 * so the least cost is found by a search in two coordinates, without barrier or derivatives.
 */
class PatternSplitterTest {

  @Property(tries = 50, seed = "1")
  void splitsIntoPartsInTheCone(
      @ForAll @IntRange(min = 1, max = 60) int n,
      @ForAll @IntRange(min = 1, max = 8) int d,
      @ForAll @LongRange(min = 0, max = 1000) long seed) {
    // Given
    Data data = GaussianData.noise(n, d, seed);
    Gates gates = Gates.sample(n, d, data.x(), 20, seed);
    double[] all = GaussianData.noise(Math.max(1, gates.count()), d, seed + 1).x();
    PatternSplitter splitter = splitter(data, gates);

    for (int p = 0; p < gates.count(); p++) {
      double norm = norm(all, p * d, d);

      // When
      boolean converged = splitter.split(p, all, norm);

      // Then
      assertThat(converged).isTrue();
      double[] v = splitter.positive();
      double[] z = splitter.negative();
      for (int k = 0; k < d; k++) {
        assertThat(v[k] - z[k])
            .isCloseTo(all[p * d + k] / norm, within(1e-13 * (1 + splitter.cost())));
      }
      assertInCone(data, gates, p, v, splitter.cost());
      assertInCone(data, gates, p, z, splitter.cost());
      assertThat(splitter.cost()).isGreaterThanOrEqualTo(1 - 1e-12);
    }
  }

  @Property(tries = 30, seed = "1")
  void costsWhatTheCheapestSplitInThePlaneCosts(
      @ForAll @DoubleRange(min = -1.4, max = 1.4) double low,
      @ForAll @DoubleRange(min = 0.05, max = 1.4) double opening,
      @ForAll @DoubleRange(min = -3.1, max = 3.1) double angle) {
    // Given the cone between the angles low and low + opening, by two active rows.
    double high = Math.min(low + opening, low + 1.4);
    double[] x = {-Math.sin(low), Math.cos(low), Math.sin(high), -Math.cos(high)};
    Data data = new Data(2, 2, x, new double[2]);
    Gates gates = Gates.sample(2, 2, x, 2000, 1);
    int pattern = -1;
    for (int p = 0; p < gates.count(); p++) {
      pattern = gates.isActive(p, 0) && gates.isActive(p, 1) ? p : pattern;
    }
    double[] all = new double[2 * gates.count()];
    all[2 * pattern] = Math.cos(angle);
    all[2 * pattern + 1] = Math.sin(angle);
    PatternSplitter splitter = splitter(data, gates);

    // When
    splitter.split(pattern, all, 1);

    // Then: by a search over v in coordinates along the rays, where the cone is a quadrant.
    double expected = cheapest(low, high, angle);
    assertThat(splitter.cost()).isCloseTo(expected, within(1e-4 * expected));
  }

  /** Least {@code ||v|| + ||v - w||}: ternary search in the two coordinates of v along the rays. */
  private static double cheapest(double low, double high, double angle) {
    double determinant = Math.sin(high - low);
    double first =
        (Math.cos(angle) * Math.sin(high) - Math.sin(angle) * Math.cos(high)) / determinant;
    double second =
        (Math.sin(angle) * Math.cos(low) - Math.cos(angle) * Math.sin(low)) / determinant;
    double fromFirst = Math.max(0, first);
    double fromSecond = Math.max(0, second);
    double left = fromFirst;
    double right = fromFirst + 50;
    for (int i = 0; i < 120; i++) {
      double a = left + (right - left) / 3;
      double b = right - (right - left) / 3;
      if (best(a, fromSecond, first, second, low, high)
          < best(b, fromSecond, first, second, low, high)) {
        right = b;
      } else {
        left = a;
      }
    }
    return best(left, fromSecond, first, second, low, high);
  }

  private static double best(
      double p, double from, double first, double second, double low, double high) {
    double left = from;
    double right = from + 50;
    for (int i = 0; i < 120; i++) {
      double a = left + (right - left) / 3;
      double b = right - (right - left) / 3;
      if (cost(p, a, first, second, low, high) < cost(p, b, first, second, low, high)) {
        right = b;
      } else {
        left = a;
      }
    }
    return cost(p, left, first, second, low, high);
  }

  private static double cost(
      double p, double q, double first, double second, double low, double high) {
    return length(p, q, low, high) + length(p - first, q - second, low, high);
  }

  private static double length(double p, double q, double low, double high) {
    return Math.hypot(
        p * Math.cos(low) + q * Math.cos(high), p * Math.sin(low) + q * Math.sin(high));
  }

  @Test
  void keepsAVectorThatLiesInTheCone() {
    // Given
    Data data = GaussianData.noise(30, 4, 2);
    Gates gates = Gates.sample(30, 4, data.x(), 5, 2);
    PatternSplitter splitter = splitter(data, gates);
    double[] all = gates.directions().clone();
    double norm = norm(all, 4, 4);

    // When
    splitter.split(1, all, norm);

    // Then
    assertThat(splitter.negative()).containsOnly(0);
    assertThat(splitter.cost()).isCloseTo(1, within(1e-14));
    assertThat(splitter.iterations()).isZero();
  }

  @Test
  void keepsAVectorWhoseOppositeLiesInTheCone() {
    // Given
    Data data = GaussianData.noise(30, 4, 2);
    Gates gates = Gates.sample(30, 4, data.x(), 5, 2);
    PatternSplitter splitter = splitter(data, gates);
    double[] all = gates.directions().clone();
    for (int k = 0; k < all.length; k++) {
      all[k] = -all[k];
    }

    // When
    splitter.split(1, all, norm(all, 4, 4));

    // Then
    assertThat(splitter.positive()).containsOnly(0);
    assertThat(splitter.cost()).isCloseTo(1, within(1e-14));
  }

  @Test
  void splitsValidlyWithoutAnyTime() {
    // Given
    Data data = GaussianData.noise(30, 4, 2);
    Gates gates = Gates.sample(30, 4, data.x(), 5, 2);
    PatternSplitter splitter = splitter(data, gates, Deadline.after(Duration.ZERO, () -> 0));
    double[] all = GaussianData.noise(gates.count(), 4, 9).x();

    // When
    boolean converged = splitter.split(0, all, norm(all, 0, 4));

    // Then
    assertThat(converged).isFalse();
    assertInCone(data, gates, 0, splitter.positive(), splitter.cost());
    assertInCone(data, gates, 0, splitter.negative(), splitter.cost());
  }

  private static PatternSplitter splitter(Data data, Gates gates) {
    return splitter(data, gates, Deadline.none());
  }

  private static PatternSplitter splitter(Data data, Gates gates, Deadline search) {
    return new PatternSplitter(
        new Problem(data.n(), data.d(), data.x(), data.y(), 1), gates, Deadline.none(), search);
  }

  private static void assertInCone(
      Data data, Gates gates, int pattern, double[] part, double cost) {
    int d = data.d();
    for (int i = 0; i < data.n(); i++) {
      double z = 0;
      for (int k = 0; k < d; k++) {
        z += data.x()[i * d + k] * part[k];
      }
      double size = norm(data.x(), i * d, d) * cost;
      assertThat(gates.isActive(pattern, i) ? z : -z).isGreaterThanOrEqualTo(-1e-14 * size);
    }
  }

  private static double norm(double[] values, int from, int length) {
    double squares = 0;
    for (int k = from; k < from + length; k++) {
      squares += values[k] * values[k];
    }
    return Math.sqrt(squares);
  }
}
