package io.gapstream.numerics.gated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.SolverContract;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.problem.Problem;
import java.time.Duration;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/**
 * The oracles are a closed form (one column makes the program two independent scalar lassos), the
 * optimality conditions written out naively, a plain proximal gradient on dense matrices, and the
 * program's symmetries. None shares the bit tables, the working sets or the scaling.
 */
class GatedSolverTest extends SolverContract {

  private static final double TOLERANCE = 1e-8;

  @Override
  protected Answer solve(Problem problem, long seed) {
    Gates gates = Gates.sample(problem.n(), problem.d(), problem.x(), 1000, seed);
    GatedSolution solution = solve(problem, gates);
    return new Answer(solution.value(), solution.w());
  }

  @Test
  void givesTheVectorsOfTheClosedFormForOneColumn() {
    // Given
    double[] x = {1, 2, -1, -3, 0, 0.5};
    double[] y = {2, 1, -4, -2, 7, 3};
    double beta = 1.5;
    Gates gates = Gates.sample(6, 1, x, 50, 1);

    // When
    GatedSolution solution = solve(new Problem(6, 1, x, y, beta), gates);

    // Then: w = soft(sum x y, beta) / sum x^2 over the rows of one sign.
    double expected = 0.5 * 49;
    for (int sign = -1; sign <= 1; sign += 2) {
      double xy = 0;
      double xx = 0;
      double yy = 0;
      for (int i = 0; i < 6; i++) {
        if (sign * x[i] > 0) {
          xy += x[i] * y[i];
          xx += x[i] * x[i];
          yy += y[i] * y[i];
        }
      }
      double excess = Math.max(Math.abs(xy) - beta, 0);
      expected += 0.5 * yy - 0.5 * excess * excess / xx;
      int pattern = gates.isActive(0, sign > 0 ? 0 : 2) ? 0 : 1;
      assertThat(solution.w()[pattern]).isCloseTo(Math.copySign(excess / xx, xy), within(1e-4));
    }
    assertThat(solution.value()).isCloseTo(expected, within(1e-7 * expected));
  }

  @Property(tries = 25, seed = "1")
  void meetsTheOptimalityConditions(
      @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @IntRange(min = 1, max = 9) int d,
      @ForAll @IntRange(min = 1, max = 60) int samples,
      @ForAll @DoubleRange(min = 0.02, max = 0.9) double fraction,
      @ForAll @LongRange(min = 0, max = 1000) long seed) {
    // Given
    Data data = GaussianData.teacher(n, d, 3, 0.2, seed);
    Gates gates = Gates.sample(n, d, data.x(), samples, seed);
    double beta = Math.max(1e-3, fraction * dualNorm(data, gates, data.y()));
    Problem problem = new Problem(n, d, data.x(), data.y(), beta);

    // When
    GatedSolution solution = solve(problem, gates);

    // Then
    assertThat(solution.converged()).isTrue();
    double[] residual = naiveResidual(problem, gates, solution.w());
    double value = naiveValue(problem, gates, solution.w());
    assertThat(solution.value()).isCloseTo(value, within(1e-12 * (1 + value)));
    assertThat(dualNorm(data, gates, residual)).isLessThanOrEqualTo(beta * (1 + 5e-3));
    double product = 0;
    double penalty = 0;
    for (int p = 0; p < gates.count(); p++) {
      double[] g = naiveGradient(data, gates, p, residual);
      for (int k = 0; k < d; k++) {
        product += g[k] * solution.w()[p * d + k];
      }
      penalty += norm(solution.w(), p * d, d);
    }
    // Every group in use has its gradient along w at length beta.
    assertThat(product).isCloseTo(beta * penalty, within(1e-3 * beta * penalty + 1e-9));
  }

  @Test
  void convergesWhereOneGroupIsLeftAndTheDualPointMustSuitTheOthers() {
    // Given
    Data data = GaussianData.teacher(4, 7, 3, 0.2, 226);
    Gates gates = Gates.sample(4, 7, data.x(), 40, 226);
    double beta = 0.36 * dualNorm(data, gates, data.y());

    // When
    GatedSolution solution = solve(new Problem(4, 7, data.x(), data.y(), beta), gates);

    // Then
    assertThat(solution.converged()).isTrue();
    assertThat(solution.relativeGap()).isLessThanOrEqualTo(TOLERANCE);
  }

  @Property(tries = 10, seed = "1")
  void bracketsTheValueOfPlainProximalGradient(
      @ForAll @IntRange(min = 5, max = 20) int n, @ForAll @LongRange(min = 0, max = 99) long seed) {
    // Given
    Data data = GaussianData.noise(n, 3, seed);
    Gates gates = Gates.sample(n, 3, data.x(), 20, seed);
    Problem problem = new Problem(n, 3, data.x(), data.y(), 0.3 * dualNorm(data, gates, data.y()));

    // When
    GatedSolution coarse = GatedSolver.solve(problem, gates, 1e-2, Deadline.none());
    GatedSolution fine = solve(problem, gates);

    // Then
    double optimum = naiveValue(problem, gates, plainProximalGradient(problem, gates));
    assertThat(fine.value()).isCloseTo(optimum, within(1e-6 * optimum));
    for (GatedSolution solution : new GatedSolution[] {coarse, fine}) {
      assertThat(solution.value()).isGreaterThanOrEqualTo(optimum * (1 - 1e-6));
      assertThat(solution.dualValue()).isLessThanOrEqualTo(optimum * (1 + 1e-12));
      assertThat(solution.relativeGap())
          .isEqualTo((solution.value() - solution.dualValue()) / solution.value());
    }
    assertThat(coarse.relativeGap()).isLessThanOrEqualTo(1e-2);
  }

  @Test
  void givesZeroExactlyFromTheLargestUsefulBetaOn() {
    // Given
    Data data = GaussianData.noise(30, 4, 3);
    Gates gates = Gates.sample(30, 4, data.x(), 100, 3);
    double largest = dualNorm(data, gates, data.y());

    // When
    GatedSolution above =
        solve(new Problem(30, 4, data.x(), data.y(), largest * (1 + 1e-12)), gates);
    GatedSolution below = solve(new Problem(30, 4, data.x(), data.y(), largest * 0.99), gates);
    GatedSolution far = solve(new Problem(30, 4, data.x(), data.y(), 1e300), gates);

    // Then
    double half = 0.5 * Arrays.stream(data.y()).map(v -> v * v).sum();
    assertThat(above.w()).containsOnly(0);
    assertThat(above.value()).isCloseTo(half, within(1e-12 * half));
    assertThat(above.relativeGap()).isCloseTo(0, within(1e-12));
    assertThat(below.value()).isLessThan(half);
    assertThat(far.w()).containsOnly(0);
    assertThat(far.value()).isCloseTo(half, within(1e-12 * half));
  }

  @Test
  void scalesAsTheProgramDoes() {
    // Given
    Data data = GaussianData.teacher(40, 3, 4, 0.1, 8);
    Gates gates = Gates.sample(40, 3, data.x(), 60, 2);
    double beta = 2;
    GatedSolution base = solve(new Problem(40, 3, data.x(), data.y(), beta), gates);

    // When
    double s = 3e40;
    double t = 7e-30;
    GatedSolution features =
        solve(new Problem(40, 3, times(data.x(), s), data.y(), s * beta), gates);
    GatedSolution targets =
        solve(new Problem(40, 3, data.x(), times(data.y(), t), t * beta), gates);

    // Then
    assertThat(features.value()).isCloseTo(base.value(), within(1e-7 * base.value()));
    assertThat(targets.value() / t / t).isCloseTo(base.value(), within(1e-7 * base.value()));
  }

  @Test
  void isRightAtExtremeScales() {
    // Given
    Data data = GaussianData.teacher(40, 3, 4, 0.1, 8);
    Gates gates = Gates.sample(40, 3, data.x(), 60, 2);
    GatedSolution base = solve(new Problem(40, 3, data.x(), data.y(), 2), gates);

    // When
    double huge = Math.scalb(1.0, 498);
    GatedSolution large =
        solve(
            new Problem(40, 3, times(data.x(), huge), times(data.y(), huge), 2 * huge * huge),
            gates);
    double tiny = Math.scalb(1.0, -498);
    GatedSolution small =
        solve(
            new Problem(40, 3, times(data.x(), tiny), times(data.y(), tiny), 2 * tiny * tiny),
            gates);

    // Then powers of two change nothing at all.
    assertThat(large.value()).isEqualTo(base.value() * huge * huge);
    assertThat(large.w()).isEqualTo(base.w());
    assertThat(small.value()).isEqualTo(base.value() * tiny * tiny);
    assertThat(small.w()).isEqualTo(base.w());
  }

  @Test
  void refusesValuesWhoseSquaresCannotBeWritten() {
    // Given
    double[] x = {1, 2};
    Gates gates = Gates.sample(2, 1, x, 10, 1);

    // When, Then
    assertThatThrownBy(() -> solve(new Problem(2, 1, x, new double[] {1e200, 1}, 1e200), gates))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("y has the root mean square 2^");
    assertThatThrownBy(() -> solve(new Problem(2, 1, x, new double[] {1e-200, 0}, 1e-200), gates))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("y has the root mean square 2^");
    assertThatThrownBy(
            () -> solve(new Problem(2, 1, x, new double[] {1e150, 1}, Double.MIN_VALUE), gates))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("beta is 4.9E-324");
  }

  @Test
  void ignoresAZeroColumn() {
    // Given
    Data data = GaussianData.noise(20, 2, 4);
    double[] wider = new double[60];
    for (int i = 0; i < 20; i++) {
      wider[3 * i] = data.x()[2 * i];
      wider[3 * i + 2] = data.x()[2 * i + 1];
    }
    Gates gates = Gates.sample(20, 3, wider, 50_000, 4);
    Gates narrow = Gates.sample(20, 2, data.x(), 50_000, 4);

    // When
    GatedSolution with = solve(new Problem(20, 3, wider, data.y(), 1), gates);
    GatedSolution without = solve(new Problem(20, 2, data.x(), data.y(), 1), narrow);

    // Then both sampled every pattern of the plane.
    assertThat(gates.count()).isEqualTo(narrow.count());
    assertThat(with.value()).isCloseTo(without.value(), within(1e-7 * without.value()));
    for (int p = 0; p < gates.count(); p++) {
      assertThat(with.w()[3 * p + 1]).isZero();
    }
  }

  @Test
  void solvesWithOnePatternAndWithNone() {
    // Given
    double[] x = {1};
    Gates one = Gates.sample(1, 1, x, 100, 1);
    Gates none = gatesWithoutPattern(x);

    // When
    GatedSolution solution = solve(new Problem(1, 1, x, new double[] {3}, 1), one);
    GatedSolution empty = solve(new Problem(1, 1, x, new double[] {3}, 1), none);

    // Then
    assertThat(solution.w()[0]).isCloseTo(2, within(1e-4));
    assertThat(solution.value()).isCloseTo(2.5, within(1e-7));
    assertThat(empty.value()).isEqualTo(4.5);
    assertThat(empty.relativeGap()).isZero();
  }

  private static Gates gatesWithoutPattern(double[] x) {
    for (long seed = 0; seed < 100; seed++) {
      Gates gates = Gates.sample(1, 1, x, 1, seed);
      if (gates.count() == 0) {
        return gates;
      }
    }
    throw new AssertionError("Half of all seeds give no pattern.");
  }

  @Test
  void handsInAnHonestPointAtTheDeadline() {
    // Given
    Data data = GaussianData.noise(60, 5, 8);
    Gates gates = Gates.sample(60, 5, data.x(), 200, 2);
    Problem problem = new Problem(60, 5, data.x(), data.y(), 0.1);
    long[] clock = new long[1];

    // When every look at the clock costs a nanosecond
    GatedSolution solution =
        GatedSolver.solve(
            problem, gates, 1e-12, Deadline.after(Duration.ofNanos(30), () -> clock[0]++));

    // Then
    assertThat(solution.converged()).isFalse();
    assertThat(solution.iterations()).isBetween(1L, 30L);
    double value = naiveValue(problem, gates, solution.w());
    assertThat(solution.value()).isCloseTo(value, within(1e-12 * value));
    assertThat(solution.dualValue()).isLessThan(solution.value());
  }

  @Test
  void endsWhenRoundingForbidsTheTolerance() {
    // Given
    Data data = GaussianData.noise(20, 2, 8);
    Gates gates = Gates.sample(20, 2, data.x(), 20, 2);

    // When
    GatedSolution solution =
        GatedSolver.solve(
            new Problem(20, 2, data.x(), data.y(), 1), gates, Double.MIN_VALUE, Deadline.none());

    // Then
    assertThat(Math.abs(solution.relativeGap())).isLessThan(1e-10);
  }

  @Test
  void refusesAToleranceOutOfRangeAndGatesOfOtherData() {
    // Given
    double[] x = {1, 2};
    Problem problem = new Problem(2, 1, x, new double[] {1, 1}, 1);
    Gates gates = Gates.sample(2, 1, x, 10, 1);

    // When, Then
    for (double tolerance : new double[] {-1, 0, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> GatedSolver.solve(problem, gates, tolerance, Deadline.none()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("tolerance is " + tolerance);
    }
    assertThatThrownBy(() -> solve(problem, Gates.sample(1, 2, new double[] {1, 2}, 10, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 x 2");
  }

  private static GatedSolution solve(Problem problem, Gates gates) {
    return GatedSolver.solve(problem, gates, TOLERANCE, Deadline.after(Duration.ofSeconds(60)));
  }

  private static double[] times(double[] values, double factor) {
    return Arrays.stream(values).map(v -> v * factor).toArray();
  }

  private static double norm(double[] values, int from, int length) {
    double squares = 0;
    for (int k = from; k < from + length; k++) {
      squares += values[k] * values[k];
    }
    return Math.sqrt(squares);
  }

  private static double dualNorm(Data data, Gates gates, double[] nu) {
    double largest = 0;
    for (int p = 0; p < gates.count(); p++) {
      largest = Math.max(largest, norm(naiveGradient(data, gates, p, nu), 0, data.d()));
    }
    return largest;
  }

  private static double[] naiveGradient(Data data, Gates gates, int p, double[] nu) {
    double[] gradient = new double[data.d()];
    for (int i = 0; i < data.n(); i++) {
      for (int k = 0; k < data.d() && gates.isActive(p, i); k++) {
        gradient[k] += data.x()[i * data.d() + k] * nu[i];
      }
    }
    return gradient;
  }

  private static double[] naiveResidual(Problem problem, Gates gates, double[] w) {
    int d = problem.d();
    double[] residual = problem.y().clone();
    for (int i = 0; i < problem.n(); i++) {
      for (int p = 0; p < gates.count(); p++) {
        for (int k = 0; k < d && gates.isActive(p, i); k++) {
          residual[i] -= problem.x()[i * d + k] * w[p * d + k];
        }
      }
    }
    return residual;
  }

  private static double naiveValue(Problem problem, Gates gates, double[] w) {
    double value = 0;
    for (double r : naiveResidual(problem, gates, w)) {
      value += 0.5 * r * r;
    }
    for (int p = 0; p < gates.count(); p++) {
      value += problem.beta() * norm(w, p * problem.d(), problem.d());
    }
    return value;
  }

  /** 20,000 steps of a safe length, without any acceleration. */
  private static double[] plainProximalGradient(Problem problem, Gates gates) {
    int d = problem.d();
    Data data = new Data(problem.n(), d, problem.x(), problem.y());
    double bound = gates.count() * Arrays.stream(problem.x()).map(v -> v * v).sum();
    double[] w = new double[gates.count() * d];
    // The largest eigenvalue by power iteration, from above by a margin.
    double[] direction = new double[w.length];
    Arrays.fill(direction, 1);
    double eigenvalue = bound;
    Problem zero = new Problem(problem.n(), d, problem.x(), new double[problem.n()], 1);
    for (int i = 0; i < 200; i++) {
      double[] image = naiveResidual(zero, gates, direction);
      double before = norm(direction, 0, direction.length);
      for (int p = 0; p < gates.count(); p++) {
        double[] g = naiveGradient(data, gates, p, image);
        for (int k = 0; k < d; k++) {
          direction[p * d + k] = -g[k] / before;
        }
      }
      eigenvalue = norm(direction, 0, direction.length);
    }
    double step = 0.9 / eigenvalue;
    for (int i = 0; i < 20_000; i++) {
      double[] residual = naiveResidual(problem, gates, w);
      for (int p = 0; p < gates.count(); p++) {
        double[] g = naiveGradient(data, gates, p, residual);
        for (int k = 0; k < d; k++) {
          w[p * d + k] += step * g[k];
        }
        double length = norm(w, p * d, d);
        double factor = length == 0 ? 0 : Math.max(0, 1 - step * problem.beta() / length);
        for (int k = 0; k < d; k++) {
          w[p * d + k] *= factor;
        }
      }
    }
    return w;
  }
}
