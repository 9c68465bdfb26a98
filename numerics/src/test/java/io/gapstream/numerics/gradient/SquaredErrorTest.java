package io.gapstream.numerics.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every form is held against the sum of squares written as the formula is, row by row and neuron by
 * neuron, and against its central differences: neither knows a gradient, a block or a layout.
 */
class SquaredErrorTest {

  /** A precision with plain loops or explicit vectors, and what it can be held to. */
  enum Form {
    PLAIN_FLOAT64(Precision.FLOAT64, false, 1e-13),
    VECTOR_FLOAT64(Precision.FLOAT64, true, 1e-13),
    PLAIN_FLOAT32(Precision.FLOAT32, false, 1e-5),
    VECTOR_FLOAT32(Precision.FLOAT32, true, 1e-5);

    private final Precision precision;
    private final boolean explicitVectors;
    private final double tolerance;

    Form(Precision precision, boolean explicitVectors, double tolerance) {
      this.precision = precision;
      this.explicitVectors = explicitVectors;
      this.tolerance = tolerance;
    }

    SquaredError of(Data data, int m) {
      return new SquaredError(
          data.n(), data.d(), data.x(), data.y(), m, precision, explicitVectors);
    }
  }

  @Property(tries = 60, seed = "1")
  void agreesWithTheFormulaAndItsCentralDifferences(
      @ForAll @IntRange(min = 1, max = 70) int n,
      @ForAll @IntRange(min = 1, max = 9) int d,
      @ForAll @IntRange(min = 1, max = 50) int m,
      @ForAll Form form,
      @ForAll @LongRange(min = 0, max = 1000) long seed) {
    // Given
    Data data = GaussianData.teacher(n, d, 2, 0.5, seed);
    double[] theta = weights(d, m, seed);
    double[] gradient = new double[theta.length];

    // When
    double squares = form.of(data, m).add(theta, all(n), 0, n, 1, gradient);

    // Then
    double expected = sumOfSquares(data, m, theta);
    assertThat(squares).isCloseTo(expected, within(10 * form.tolerance * (1 + expected)));
    for (int k = 0; k < theta.length; k += 1 + k % 7) {
      double h = 1e-6;
      double[] shifted = theta.clone();
      shifted[k] = theta[k] + h;
      double above = sumOfSquares(data, m, shifted);
      shifted[k] = theta[k] - h;
      double below = sumOfSquares(data, m, shifted);
      assertThat(gradient[k]).isCloseTo((above - below) / (4 * h), within(1e-4 * (1 + expected)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1", // one of everything
    "2, 1, 400",
    "3, 5, 7", // less than a vector, a tile and a block
    "64, 8, 48", // whole vectors, tiles and blocks
    "65, 9, 49", // one more of each
    "131, 13, 100",
    "1003, 13, 47" // two halves
  })
  void agreesOnAnySizesInEveryForm(int n, int d, int m) {
    // Given
    Data data = GaussianData.teacher(n, d, 3, 0.5, 7);
    double[] theta = weights(d, m, 7);
    double[] expected = new double[theta.length];
    double expectedSquares = formula(data, m, theta, all(n), 0, n, 1, expected);
    double size = norm(expected) / Math.sqrt(theta.length);

    for (Form form : Form.values()) {
      // When
      double[] gradient = new double[theta.length];
      double squares = form.of(data, m).add(theta, all(n), 0, n, 1, gradient);

      // Then
      assertThat(squares)
          .as(form.name())
          .isCloseTo(expectedSquares, within(form.tolerance * expectedSquares));
      for (int k = 0; k < gradient.length; k++) {
        double tolerance = 10 * form.tolerance * (Math.abs(expected[k]) + size);
        assertThat(gradient[k]).as(form.name()).isCloseTo(expected[k], within(tolerance));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void addsTheWeightedGradientOfTheChosenRows(Form form) {
    // Given
    Data data = GaussianData.noise(90, 6, 1);
    double[] theta = weights(6, 30, 1);
    int[] rows = new int[90];
    Arrays.setAll(rows, i -> 7 * i % 90);
    double[] expected = new double[theta.length];
    double expectedSquares = formula(data, 30, theta, rows, 5, 82, 2.5, expected);

    // When
    double[] gradient = new double[theta.length];
    Arrays.fill(gradient, 3);
    double squares = form.of(data, 30).add(theta, rows, 5, 82, 2.5, gradient);

    // Then
    assertThat(squares).isCloseTo(expectedSquares, within(form.tolerance * expectedSquares));
    for (int k = 0; k < gradient.length; k++) {
      assertThat(gradient[k])
          .isCloseTo(3 + expected[k], within(10 * form.tolerance * norm(expected)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void givesTheSameDigitsOnBusyThreads(Form form) {
    // Given
    Data data = GaussianData.noise(600, 20, 1);
    double[] theta = weights(20, 50, 1);
    double[] alone = new double[theta.length];
    double expected = form.of(data, 50).add(theta, all(600), 0, 600, 1, alone);

    // When
    CompletableFuture<?>[] runs = new CompletableFuture<?>[8];
    double[][] gradients = new double[runs.length][theta.length];
    double[] squares = new double[runs.length];
    for (int i = 0; i < runs.length; i++) {
      int run = i;
      runs[i] =
          CompletableFuture.runAsync(
              () ->
                  squares[run] = form.of(data, 50).add(theta, all(600), 0, 600, 1, gradients[run]));
    }
    CompletableFuture.allOf(runs).join();

    // Then
    assertThat(squares).containsOnly(expected);
    for (double[] gradient : gradients) {
      assertThat(gradient).isEqualTo(alone);
    }
  }

  @ParameterizedTest
  @EnumSource
  void hidesNoNumberThatIsNotFinite(Form form) {
    // Given
    Data data = GaussianData.noise(30, 4, 1);
    double[] gradient = new double[5 * 20];
    double[] missing = weights(4, 20, 1);
    missing[21] = Double.NaN;
    double[] huge = weights(4, 20, 1);
    for (int k = 0; k < huge.length; k++) {
      huge[k] *= 1e300;
    }

    // When
    SquaredError error = form.of(data, 20);

    // Then
    assertThat(error.add(missing, all(30), 0, 30, 1, gradient)).isNaN();
    assertThat(Double.isFinite(error.add(huge, all(30), 0, 30, 1, gradient))).isFalse();
  }

  @Test
  void takesExplicitVectorsWhereThereIsEnoughToDo() {
    // Given
    Data large = GaussianData.noise(500, 20, 1);
    Data small = GaussianData.noise(5, 2, 1);

    for (Precision precision : Precision.values()) {
      // When
      SquaredError vectors = new SquaredError(500, 20, large.x(), large.y(), 50, precision);
      SquaredError loops = new SquaredError(5, 2, small.x(), small.y(), 3, precision);

      // Then
      assertThat(vectors.hasExplicitVectors()).isTrue();
      assertThat(loops.hasExplicitVectors()).isFalse();
    }
  }

  @Test
  void countsFlippedPatterns() {
    // Given
    double[] x = {1, 2, -1};
    SquaredError error = new SquaredError(3, 1, x, x, 2, Precision.FLOAT64);

    // When the second of two neurons turns round
    double drift =
        error.patternDrift(new double[] {1, 1, 1, 1}, new double[] {1, -1, 1, 1}, Deadline.none());

    // Then
    assertThat(drift).isEqualTo(0.5);
  }

  private static double sumOfSquares(Data data, int m, double[] theta) {
    return formula(data, m, theta, all(data.n()), 0, data.n(), 1, new double[theta.length]);
  }

  /** The formulas of docs/mathematics.md, section 6, without the penalty. */
  private static double formula(
      Data data, int m, double[] theta, int[] rows, int from, int to, double weight, double[] sum) {
    int d = data.d();
    double squares = 0;
    for (int t = from; t < to; t++) {
      int i = rows[t];
      double[] z = new double[m];
      double r = -data.y()[i];
      for (int j = 0; j < m; j++) {
        for (int k = 0; k < d; k++) {
          z[j] += data.x()[i * d + k] * theta[k * m + j];
        }
        r += z[j] > 0 ? z[j] * theta[d * m + j] : 0;
      }
      squares += r * r;
      for (int j = 0; j < m; j++) {
        if (z[j] > 0) {
          sum[d * m + j] += weight * r * z[j];
          for (int k = 0; k < d; k++) {
            sum[k * m + j] += weight * r * theta[d * m + j] * data.x()[i * d + k];
          }
        }
      }
    }
    return squares;
  }

  private static double norm(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
  }

  private static int[] all(int n) {
    return Pass.all(n);
  }

  private static double[] weights(int d, int m, long seed) {
    return new Random(seed).doubles((d + 1L) * m, -1, 1).toArray();
  }
}
