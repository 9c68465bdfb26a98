package io.gapstream.numerics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.problem.Problem;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every solver owes, whatever its method. The test of a solver extends this and says how to
 * call it.
 *
 * <p>The oracle is a closed form and shares no code with any solver: where X has rank one, {@code X
 * = t v'}, there are two patterns, and on the rows of each the problem is a lasso in one number:
 *
 * <pre>p* = sum over both signs of  min over w  1/2 sum (|v| t_i w - y_i)^2 + beta |w|
 *      over the rows with {@code t_i} of that sign,  + 1/2 sum y_i^2 over those with t_i = 0.</pre>
 */
public abstract class SolverContract {

  private static final double[] T = {1, 2, -1, -3, 0, 0.5};
  private static final double[] Y = {2, 1, -4, -2, 7, 3};
  private static final double BETA = 1.5;

  /**
   * What a solver returned.
   *
   * @param value the number that the solver states
   * @param point all that the solver found, for comparing two runs
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by a test that knows
  public record Answer(double value, double[] point) {}

  /** Runs the solver, with enough patterns or starts for a problem of a few rows. */
  protected abstract Answer solve(Problem problem, long seed);

  /**
   * Asserts what the value promises. Solvers whose value is a bound on one side override this.
   *
   * @param optimum of (P)
   * @param atZero the value of the network without neurons, to measure errors with
   */
  protected void requireFits(double value, double optimum, double atZero) {
    assertThat(value).isCloseTo(optimum, within(1e-6 * atZero));
  }

  @Test
  void refusesAProblemWithoutRowsOrColumns() {
    // When, Then
    assertThatThrownBy(() -> solve(new Problem(0, 1, new double[0], new double[0], 1), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 x 1");
    assertThatThrownBy(() -> solve(new Problem(1, 0, new double[0], new double[1], 1), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 x 0");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void refusesWhatIsNoFiniteNumber(double value) {
    // When, Then
    assertThatThrownBy(
            () -> solve(new Problem(2, 1, new double[] {1, value}, new double[] {1, 1}, 1), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("X holds " + value);
    assertThatThrownBy(
            () -> solve(new Problem(2, 1, new double[] {1, 1}, new double[] {value, 1}, 1), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("y holds " + value);
    assertThatThrownBy(
            () -> solve(new Problem(2, 1, new double[] {1, 1}, new double[] {1, 1}, value), 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("beta is " + value);
  }

  @Test
  void solvesOneColumn() {
    requireRight(T, Y, BETA, new double[] {1});
  }

  @Test
  void solvesOneRow() {
    requireRight(new double[] {-2}, new double[] {3}, BETA, new double[] {1});
    requireRight(new double[] {2}, new double[] {-3}, BETA, new double[] {0.6, 0.8});
  }

  @Test
  void solvesWithDuplicateRows() {
    // Given rows that come twice, with other targets and with the same one
    double[] t = {1, 1, -2, -2, 0.5};
    double[] y = {3, 5, -1, -1, 2};

    // When, Then
    requireRight(t, y, BETA, new double[] {1});
  }

  @Test
  void solvesARankDeficientProblem() {
    // Given columns that are multiples of one another, one of them zero
    double[] v = {0.5, 0, -1, 2};

    // When, Then
    requireRight(T, Y, BETA, v);
  }

  @Test
  void givesZeroForZeroTargets() {
    // When
    Answer answer = solve(new Problem(T.length, 1, T, new double[T.length], BETA), 1);

    // Then
    assertThat(answer.value()).isBetween(-Double.MIN_NORMAL, Double.MIN_NORMAL);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-150, 1e150})
  void isRightOrRefusesAtExtremeScales(double scale) {
    // Given
    double[] t = Arrays.stream(T).map(v -> v * scale).toArray();
    double[] y = Arrays.stream(Y).map(v -> v * scale).toArray();

    // When, Then
    try {
      requireRight(t, y, BETA * scale * scale, new double[] {1});
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageContaining("2^");
    }
  }

  @Test
  void givesTheSameAnswerForTheSameSeed() {
    // Given
    double[] x = {1, 0.3, -0.7, 0.2, 1.1, 0.4, -0.5, 0.9, 0.8, -1, 0.6, 0.1, -0.2, -0.8};
    double[] y = {1, -0.5, 0.7, 2, -1.2, 0.4, 0.9};
    Problem problem = new Problem(7, 2, x, y, 0.2);

    // When
    Answer first = solve(problem, 11);
    Answer second = solve(problem, 11);

    // Then
    assertThat(second.value()).isEqualTo(first.value());
    assertThat(second.point()).isEqualTo(first.point());
  }

  private void requireRight(double[] t, double[] y, double beta, double[] v) {
    int d = v.length;
    double[] x = new double[t.length * d];
    double squares = 0;
    for (int k = 0; k < d; k++) {
      squares += v[k] * v[k];
      for (int i = 0; i < t.length; i++) {
        x[i * d + k] = t[i] * v[k];
      }
    }
    double atZero = 0.5 * Arrays.stream(y).map(value -> value * value).sum();

    // When
    double value = solve(new Problem(t.length, d, x, y, beta), 1).value();

    // Then
    requireFits(value, optimum(t, y, beta, Math.sqrt(squares)), atZero);
  }

  private static double optimum(double[] t, double[] y, double beta, double length) {
    double optimum = 0;
    for (int sign = -1; sign <= 1; sign++) {
      double xy = 0;
      double xx = 0;
      for (int i = 0; i < t.length; i++) {
        if (Math.signum(t[i]) == sign) {
          double x = length * t[i];
          xy += x * y[i];
          xx += x * x;
          optimum += 0.5 * y[i] * y[i];
        }
      }
      double excess = Math.max(Math.abs(xy) - beta, 0);
      // Divided first: the squares may be too large or too small to be written.
      optimum -= xx == 0 ? 0 : 0.5 * excess / Math.sqrt(xx) * (excess / Math.sqrt(xx));
    }
    return optimum;
  }
}
