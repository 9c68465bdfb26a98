package io.gapstream.numerics.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.bound.Witness;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.lifted.LiftedSolver;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.tau.LocalAscent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * With fewer rows than columns. The oracles are the same evidence judged on X as it is, and n = 1,
 * where {@code tau(nu) = |nu| ||x_1||} is known.
 */
@Timeout(120)
final class FewerColumnsTest {

  @ParameterizedTest
  @CsvSource({"6, 9", "12, 40", "8, 150"})
  void provesWithinRoundingWhatAllColumnsProve(int n, int d) {
    // Given: evidence made for all columns
    Problem problem = tenth(GaussianData.teacher(n, d, 2, 0.3, 1));

    for (LowerBound bound : bounds(problem)) {
      // When
      double fewer = largestScale(LowerBoundVerifier.of(problem), bound);
      double all = largestScale(LowerBoundVerifier.inAllColumns(problem), bound);

      // Then
      assertThat(fewer).isBetween(all * (1 - 1e-9), all * (1 + 1e-9));
    }
  }

  @Test
  void stillAcceptsEvidenceThatUsesAllColumnsToTheLastDigit() {
    // Given: tau(nu) = 5 with the witness that is exact for it
    Problem problem = new Problem(1, 2, new double[] {3, 4}, new double[] {10}, 1);
    LowerBound exact =
        new LowerBound(
            0,
            new double[] {1},
            0.2,
            new Witness.Quadratic(
                new double[] {5}, new double[0], new double[0], new double[0], 2.5),
            new Witness.Quadratic(
                new double[0], new double[] {0}, new double[] {-1}, new double[0], 1e-3));
    double scale = largestScale(LowerBoundVerifier.inAllColumns(problem), exact);

    // When
    Finding here =
        LowerBoundVerifier.of(problem).verify(exact.dual(), scale, exact.plus(), exact.minus());
    Finding there = Verifier.lower(problem, exact.dual(), scale, exact.plus(), exact.minus());

    // Then
    assertThat(scale).isBetween(0.2 * (1 - 1e-9), 0.2);
    assertThat(here).isInstanceOf(Finding.Refuted.class);
    assertThat(there).isInstanceOf(Finding.Proved.class);
  }

  @Test
  void acceptsNoMoreOfRowsThatAreDependentNearlyDependentOrZero() {
    for (double noise : new double[] {0, 1e-15, 1e-13, 1e-9}) {
      // Given
      Data data = GaussianData.noise(6, 20, 1);
      double[] x = data.x().clone();
      for (int k = 0; k < 20; k++) {
        x[20 + k] = 3 * x[k] + noise * x[40 + k];
        x[60 + k] = 0;
      }
      Problem problem = tenth(new Data(6, 20, x, data.y()));

      for (LowerBound bound : bounds(problem)) {
        // When
        double fewer = largestScale(LowerBoundVerifier.of(problem), bound);
        double all = largestScale(LowerBoundVerifier.inAllColumns(problem), bound);

        // Then
        assertThat(fewer).isBetween(all * (1 - 1e-9), all * (1 + 1e-9));
      }
    }
  }

  @Test
  void countsHowFarGivenColumnsAreFromThoseOfX() {
    // Given: tau(nu) = 5 for nu = 1; wrong columns would have it smaller
    Problem problem = new Problem(1, 2, new double[] {3, 4}, new double[] {10}, 1);
    double[][] wrong = {
      // z, v_1, v_2
      {5, 0.6, 0.8},
      {4, 0.6, 0.8},
      {0, 0.6, 0.8},
      {5, 0.3, 0.4},
      {2.5, 1.2, 1.6},
      {5, 0, 1},
      {5, 0, 0},
      {-5, 0.6, 0.8},
      {1e-300, 1e300, 1e300},
      {5, Double.NaN, 1},
      {1e308, 1e308, 0}
    };
    for (double[] columns : wrong) {
      LowerBoundVerifier verifier =
          LowerBoundVerifier.of(
              problem, 1, new double[] {columns[0]}, new double[] {columns[1], columns[2]});
      double length = Math.max(Math.abs(columns[0]), 1e-3);

      // When: the witness that is exact for rows of this length
      Witness plus =
          new Witness.Quadratic(
              new double[] {length}, new double[0], new double[0], new double[0], length / 2);
      Witness minus =
          new Witness.Quadratic(
              new double[0], new double[] {0}, new double[] {-1}, new double[0], 1e-3);
      Finding tooMuch = verifier.verify(new double[] {1}, Math.nextUp(0.2), plus, minus);

      // Then: s T <= 1 allows no s above 1/5
      assertThat(tooMuch).isInstanceOf(Finding.Refuted.class);
    }
    Witness plus =
        new Witness.Quadratic(new double[] {5}, new double[0], new double[0], new double[0], 2.5);
    Witness minus =
        new Witness.Quadratic(
            new double[0], new double[] {0}, new double[] {-1}, new double[0], 1e-3);
    assertThat(
            LowerBoundVerifier.of(problem, 1, new double[] {5}, new double[] {0.6, 0.8})
                .verify(new double[] {1}, 0.2 * (1 - 1e-12), plus, minus))
        .isInstanceOf(Finding.Proved.class);
  }

  @Test
  void judgesTheLargestShapesInSecondsAndWithoutLargeMatrices() {
    // Given
    int d = 5000;
    Problem problem = new Problem(50, d, GaussianData.noise(50, d, 1).x(), ones(50), 100);
    double[] squares = new double[50];
    Arrays.fill(squares, 1e-4);
    double[] halves = new double[50];
    Arrays.fill(halves, 0.5);
    double[] metric = new double[d * 25];
    Arrays.setAll(metric, k -> Math.sin(k));
    Witness pairs =
        new Witness.Pairs(
            squares,
            halves,
            halves,
            halves,
            new int[] {1},
            new int[] {0},
            new double[] {1e-5},
            metric,
            1e4);

    // When
    Finding finding = Verifier.lower(problem, ones(50), 1e-6, pairs, pairs);

    // Then
    assertThat(finding).isInstanceOf(Finding.Proved.class);
  }

  @Test
  void refusesMetricsAndColumnsOfAnotherShape() {
    Problem problem = tenth(GaussianData.noise(3, 5, 1));
    for (double[] metric : new double[][] {new double[4], {1, 2, 3, 4, Double.NaN}}) {
      Witness witness =
          new Witness.Pairs(
              ones(3), ones(3), ones(3), ones(3), new int[0], new int[0], new double[0], metric, 9);
      assertThat(LowerBoundVerifier.of(problem).verify(ones(3), 0.1, witness, witness))
          .isInstanceOfSatisfying(
              Finding.Refuted.class, refuted -> assertThat(refuted.reason()).contains("metric"));
    }
    assertThatThrownBy(() -> LowerBoundVerifier.of(problem, 2, new double[6], new double[9]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("give 6 and 10");
  }

  private static List<LowerBound> bounds(Problem problem) {
    List<LowerBound> bounds = new ArrayList<>();
    LiftedSolver.solve(problem, 1, Deadline.after(Duration.ofSeconds(20)), bounds::add);
    bounds.removeIf(bound -> bound.plus() instanceof Witness.Triangle);
    assertThat(bounds).isNotEmpty();
    return bounds.size() == 1 ? bounds : List.of(bounds.get(0), bounds.get(bounds.size() - 1));
  }

  /** The largest s that is proved, to rounding. */
  private static double largestScale(LowerBoundVerifier verifier, LowerBound bound) {
    double low = 0;
    double high = 2 * bound.scale();
    for (int step = 0; step < 80 && low < high; step++) {
      double middle = low + 0.5 * (high - low);
      if (middle == low || middle == high) {
        break;
      }
      if (verifier.verify(bound.dual(), middle, bound.plus(), bound.minus())
          instanceof Finding.Proved) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static double[] ones(int n) {
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    return ones;
  }

  private static Problem tenth(Data data) {
    double beta = 0.1 * LocalAscent.betaMax(data.n(), data.d(), data.x(), data.y());
    return new Problem(data.n(), data.d(), data.x(), data.y(), beta);
  }
}
