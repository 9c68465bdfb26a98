package io.gapstream.numerics.sampled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.SolverContract;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.gated.GatedSolver;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Objective;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.tau.LocalAscent;
import java.time.Duration;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/**
 * The oracles are a plain proximal gradient whose cones are sectors of the plane, given by two
 * angles, and the value of (P) at the network, written out. None shares the active set method, the
 * Newton systems or the scaling.
 */
class SampledSolverTest extends SolverContract {

  private static final double TOLERANCE = 1e-7;

  @Override
  protected Answer solve(Problem problem, long seed) {
    Gates gates = Gates.sample(problem.n(), problem.d(), problem.x(), 1000, seed);
    SampledSolution solution = solve(problem, gates, TOLERANCE);
    assertThat(solution.inCones()).isTrue();
    return new Answer(solution.bound().value(), solution.bound().network().u());
  }

  @Property(tries = 20, seed = "1")
  void bracketsTheValueOfPlainProximalGradientInThePlane(
      @ForAll @IntRange(min = 4, max = 15) int n,
      @ForAll @DoubleRange(min = 0.05, max = 0.8) double fraction,
      @ForAll @LongRange(min = 0, max = 999) long seed) {
    // Given
    Data data = GaussianData.noise(n, 2, seed);
    Gates gates = Gates.sample(n, 2, data.x(), 12, seed);
    double beta = fraction * LocalAscent.betaMax(n, 2, data.x(), data.y());
    Problem problem = new Problem(n, 2, data.x(), data.y(), beta);

    // When
    SampledSolution solution = solve(problem, gates, TOLERANCE);

    // Then
    double optimum = plainProximalGradient(problem, gates);
    assertThat(solution.converged()).isTrue();
    assertThat(solution.bound().value()).isCloseTo(optimum, within(1e-5 * optimum));
    assertThat(solution.dualValue()).isLessThanOrEqualTo(optimum * (1 + 1e-12));
  }

  @Property(tries = 25, seed = "1")
  void givesANetworkOfNeuronsInSampledConesWithTheStatedValue(
      @ForAll @IntRange(min = 1, max = 40) int n,
      @ForAll @IntRange(min = 1, max = 7) int d,
      @ForAll @IntRange(min = 1, max = 40) int samples,
      @ForAll @DoubleRange(min = 0.02, max = 0.9) double fraction,
      @ForAll @LongRange(min = 0, max = 999) long seed) {
    // Given
    Data data = GaussianData.teacher(n, d, 3, 0.2, seed);
    Gates gates = Gates.sample(n, d, data.x(), samples, seed);
    double betaMax = LocalAscent.betaMax(n, d, data.x(), data.y());
    Problem problem = new Problem(n, d, data.x(), data.y(), Math.max(1e-3, fraction * betaMax));

    // When
    SampledSolution solution = solve(problem, gates, 1e-5);

    // Then
    assertThat(solution.converged()).isTrue();
    assertThat(solution.inCones()).isTrue();
    Network network = solution.bound().network();
    double value = Objective.value(problem, network);
    assertThat(solution.bound().value()).isCloseTo(value, within(1e-11 * value + 1e-300));
    for (int j = 0; j < network.m(); j++) {
      assertThat(liesInACone(problem, gates, network, j)).isTrue();
    }
    // Without cones the optimum is no higher.
    double relaxed = GatedSolver.solve(problem, gates, 1e-8, Deadline.none()).dualValue();
    assertThat(solution.bound().value()).isGreaterThanOrEqualTo(relaxed * (1 - 1e-9));
  }

  @Test
  void isRightAtExtremeScales() {
    // Given
    Data data = GaussianData.teacher(40, 3, 4, 0.1, 8);
    Gates gates = Gates.sample(40, 3, data.x(), 60, 2);
    double base =
        solve(new Problem(40, 3, data.x(), data.y(), 2), gates, TOLERANCE).bound().value();

    for (int exponent : new int[] {-498, 498}) {
      // When
      double scale = Math.scalb(1.0, exponent);
      SampledSolution scaled =
          solve(
              new Problem(40, 3, times(data.x(), scale), times(data.y(), scale), 2 * scale * scale),
              gates,
              TOLERANCE);

      // Then powers of two change no more than the rounding of the proved value.
      assertThat(scaled.bound().value() / scale / scale).isCloseTo(base, within(1e-10 * base));
      assertThat(scaled.converged()).isTrue();
    }
  }

  @Test
  void copesWithDuplicatedRowsZeroRowsAndFewerRowsThanColumns() {
    // Given
    double[] x = {1, 2, 3, 0, 0, 0, 1, 2, 3, -1, 0.5, 0};
    double[] y = {1, 2, 3, -1};
    Gates gates = Gates.sample(4, 3, x, 30, 1);

    // When
    SampledSolution solution = solve(new Problem(4, 3, x, y, 0.5), gates, TOLERANCE);

    // Then the row of zeros cannot be fitted, and equal rows only at their mean.
    assertThat(solution.converged()).isTrue();
    assertThat(solution.inCones()).isTrue();
    assertThat(solution.bound().value()).isGreaterThan(0.5 * 4 + 0.5 * 2);
    assertThat(solution.bound().value()).isLessThan(0.5 * 15);
  }

  @Test
  void givesZeroFromTheLargestUsefulBetaOnAndForZeroTargets() {
    // Given
    Data data = GaussianData.noise(30, 4, 3);
    Gates gates = Gates.sample(30, 4, data.x(), 50, 3);
    double betaMax = LocalAscent.betaMax(30, 4, data.x(), data.y());

    // When
    SampledSolution above =
        solve(new Problem(30, 4, data.x(), data.y(), 1.01 * betaMax), gates, TOLERANCE);
    SampledSolution zero = solve(new Problem(30, 4, data.x(), new double[30], 1), gates, TOLERANCE);

    // Then
    assertThat(above.bound().network().m()).isZero();
    assertThat(above.relativeGap()).isCloseTo(0, within(1e-12));
    assertThat(zero.bound().value()).isLessThan(Double.MIN_NORMAL);
    assertThat(zero.converged()).isTrue();
  }

  @Test
  void handsInAnHonestNetworkAtTheDeadline() {
    // Given
    Data data = GaussianData.noise(60, 5, 8);
    Gates gates = Gates.sample(60, 5, data.x(), 100, 2);
    Problem problem = new Problem(60, 5, data.x(), data.y(), 0.1);
    long[] clock = new long[1];

    // When every look at the clock costs a nanosecond
    SampledSolution solution =
        SampledSolver.solve(
            problem,
            gates,
            1e-12,
            Deadline.after(Duration.ofNanos(4), () -> clock[0]++),
            progress -> {});

    // Then
    assertThat(solution.converged()).isFalse();
    double value = Objective.value(problem, solution.bound().network());
    assertThat(solution.bound().value()).isCloseTo(value, within(1e-11 * value));
    assertThat(solution.dualValue()).isLessThan(value);
  }

  @Test
  void refusesAToleranceOutOfRangeAndGatesOfOtherData() {
    // Given
    double[] x = {1, 2};
    Problem problem = new Problem(2, 1, x, new double[] {1, 1}, 1);
    Gates gates = Gates.sample(2, 1, x, 10, 1);

    // When, Then
    for (double tolerance : new double[] {-1, 0, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> solve(problem, gates, tolerance))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("tolerance is " + tolerance);
    }
    assertThatThrownBy(() -> solve(problem, Gates.sample(1, 2, new double[] {1, 2}, 10, 1), 0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 x 2");
  }

  private static SampledSolution solve(Problem problem, Gates gates, double tolerance) {
    return SampledSolver.solve(
        problem, gates, tolerance, Deadline.after(Duration.ofSeconds(60)), progress -> {});
  }

  private static double[] times(double[] values, double factor) {
    return Arrays.stream(values).map(v -> v * factor).toArray();
  }

  private static boolean liesInACone(Problem problem, Gates gates, Network network, int neuron) {
    int d = problem.d();
    for (int p = 0; p < gates.count(); p++) {
      boolean inside = true;
      for (int i = 0; i < problem.n(); i++) {
        double product = 0;
        for (int k = 0; k < d; k++) {
          product += problem.x()[i * d + k] * network.u()[neuron * d + k];
        }
        // The balanced weights are rounded once more.
        inside &= gates.isActive(p, i) ? product >= -1e-15 : product <= 1e-15;
      }
      if (inside) {
        return true;
      }
    }
    return false;
  }

  /** The value after many steps of a safe length; two columns only. */
  private static double plainProximalGradient(Problem problem, Gates gates) {
    int n = problem.n();
    double[] x = problem.x();
    int blocks = 2 * gates.count();
    double[][] rays = new double[gates.count()][];
    for (int p = 0; p < rays.length; p++) {
      rays[p] = sector(problem, gates, p);
    }
    double squares = Arrays.stream(x).map(v -> v * v).sum();
    double step = 1 / (blocks * squares);
    double[][] w = new double[blocks][2];
    double[][] before = new double[blocks][2];
    double value = Double.POSITIVE_INFINITY;
    double momentum = 1;
    for (int iteration = 0; iteration < 30_000; iteration++) {
      double next = 0.5 * (1 + Math.sqrt(1 + 4 * momentum * momentum));
      double share = (momentum - 1) / next;
      double[][] at = new double[blocks][2];
      for (int b = 0; b < blocks; b++) {
        for (int k = 0; k < 2; k++) {
          at[b][k] = w[b][k] + share * (w[b][k] - before[b][k]);
        }
      }
      double[] residual = residual(problem, gates, at);
      before = w;
      w = new double[blocks][2];
      for (int b = 0; b < blocks; b++) {
        double sign = b % 2 == 0 ? 1 : -1;
        double[] t = at[b].clone();
        for (int i = 0; i < n; i++) {
          for (int k = 0; k < 2 && gates.isActive(b / 2, i); k++) {
            t[k] += step * sign * x[2 * i + k] * residual[i];
          }
        }
        double[] u = ontoSector(rays[b / 2], t);
        double length = Math.hypot(u[0], u[1]);
        double factor = length == 0 ? 0 : Math.max(0, 1 - step * problem.beta() / length);
        w[b] = new double[] {factor * u[0], factor * u[1]};
      }
      double fresh = value(problem, residual(problem, gates, w), w);
      // Restarted when the value rises (O'Donoghue and Candes).
      momentum = fresh > value ? 1 : next;
      value = fresh;
    }
    return value;
  }

  private static double[] residual(Problem problem, Gates gates, double[][] w) {
    double[] residual = problem.y().clone();
    for (int i = 0; i < residual.length; i++) {
      for (int b = 0; b < w.length; b++) {
        if (gates.isActive(b / 2, i)) {
          double z = problem.x()[2 * i] * w[b][0] + problem.x()[2 * i + 1] * w[b][1];
          residual[i] -= b % 2 == 0 ? z : -z;
        }
      }
    }
    return residual;
  }

  private static double value(Problem problem, double[] residual, double[][] w) {
    double value = 0.5 * Arrays.stream(residual).map(r -> r * r).sum();
    for (double[] block : w) {
      value += problem.beta() * Math.hypot(block[0], block[1]);
    }
    return value;
  }

  /** The angles between which the vectors of a pattern lie. */
  private static double[] sector(Problem problem, Gates gates, int p) {
    double middle = Math.atan2(gates.directions()[2 * p + 1], gates.directions()[2 * p]);
    double low = -Math.PI;
    double high = Math.PI;
    for (int i = 0; i < problem.n(); i++) {
      double sign = gates.isActive(p, i) ? 1 : -1;
      double normal = Math.atan2(sign * problem.x()[2 * i + 1], sign * problem.x()[2 * i]) - middle;
      normal = Math.IEEEremainder(normal, 2 * Math.PI);
      low = Math.max(low, normal - 0.5 * Math.PI);
      high = Math.min(high, normal + 0.5 * Math.PI);
    }
    return new double[] {middle + low, middle + high};
  }

  private static double[] ontoSector(double[] angles, double[] t) {
    double middle = 0.5 * (angles[0] + angles[1]);
    double offset = Math.IEEEremainder(Math.atan2(t[1], t[0]) - middle, 2 * Math.PI);
    if (Math.abs(offset) <= 0.5 * (angles[1] - angles[0])) {
      return t;
    }
    double[] nearest = new double[2];
    double longest = 0;
    for (double angle : angles) {
      double length = t[0] * Math.cos(angle) + t[1] * Math.sin(angle);
      if (length > longest) {
        longest = length;
        nearest = new double[] {length * Math.cos(angle), length * Math.sin(angle)};
      }
    }
    return nearest;
  }
}
