package io.gapstream.numerics.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.gradient.Precision;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Objective;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.training.TrainingResult.Status;
import io.gapstream.numerics.training.TrainingSettings.Method;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Values are held against the plain value of (P) at the returned network, the optimum of a problem
 * with one row in closed form, and the problem's symmetries.
 */
class TrainingTest {

  @ParameterizedTest
  @EnumSource
  void lowersTheValueAndReportsTheReturnedNetwork(Method method) {
    // Given
    Problem problem = teacher();

    // When
    TrainingResult result = train(problem, method, 50, 3, 1000);

    // Then
    double start = result.curveValues()[0];
    assertThat(result.value()).isLessThan(0.5 * start);
    assertThat(result.value()).isEqualTo(Objective.value(problem, result.network()));
    assertThat(result.network().m()).isEqualTo(50);
    assertThat(result.patternDrift()).isBetween(0.0, 1.0).isPositive();
    assertThat(result.learningRate()).isPositive().isFinite();
  }

  @ParameterizedTest
  @EnumSource(names = "LBFGS", mode = EnumSource.Mode.EXCLUDE)
  void takesAllStepsWhereNothingEndsThem(Method method) {
    // When
    TrainingResult result = train(teacher(), method, 50, 3, 1000);

    // Then
    assertThat(result.steps()).isEqualTo(1000);
    assertThat(result.status()).isEqualTo(Status.ITERATION_LIMIT);
  }

  @ParameterizedTest
  @EnumSource
  void agreesInFloat32ForSomeSteps(Method method) {
    // Given
    Problem problem = teacher();
    TrainingSettings settings = new TrainingSettings(method, 50, 3, 30);

    // When
    TrainingResult wide = Training.run(problem, settings, Deadline.none());
    TrainingResult narrow =
        Training.run(
            problem,
            new TrainingSettings(method, 50, 3, 30, TrainingSettings.OWN_BATCH, Precision.FLOAT32),
            Deadline.none());

    // Then
    assertThat(narrow.value()).isNotEqualTo(wide.value());
    assertThat(narrow.value()).isCloseTo(wide.value(), within(1e-3 * wide.value()));
    assertThat(narrow.value()).isEqualTo(Objective.value(problem, narrow.network()));
  }

  @ParameterizedTest
  @EnumSource(names = "LBFGS", mode = EnumSource.Mode.EXCLUDE)
  void takesABatchOfAllRowsForTheWhole(Method method) {
    // Given momentum's own batches are smaller than 60 rows
    Problem problem = teacher();
    TrainingSettings whole = new TrainingSettings(method, 20, 3, 100, 60, Precision.FLOAT64);
    TrainingSettings more = new TrainingSettings(method, 20, 3, 100, 1000, Precision.FLOAT64);

    // When
    TrainingResult first = Training.run(problem, whole, Deadline.none());
    TrainingResult second = Training.run(problem, more, Deadline.none());

    // Then
    assertThat(second.network().u()).isEqualTo(first.network().u());
    assertThat(first.curveValues()[50]).isLessThan(first.curveValues()[0]);
    if (method != Method.SGD_MOMENTUM) {
      assertThat(first.network().u()).isEqualTo(train(problem, method, 20, 3, 100).network().u());
    }
  }

  @ParameterizedTest
  @EnumSource(names = "LBFGS", mode = EnumSource.Mode.EXCLUDE)
  void learnsFromBatchesOfAnySize(Method method) {
    // Given
    Problem problem = teacher();

    for (int batch : new int[] {1, 7, 32, 59}) {
      // When
      TrainingResult result =
          Training.run(
              problem,
              new TrainingSettings(method, 20, 3, 1000, batch, Precision.FLOAT64),
              Deadline.none());

      // Then
      assertThat(result.value()).as("batch %s", batch).isLessThan(0.8 * result.curveValues()[0]);
    }
  }

  @Test
  void bringsLbfgsToAStationaryPoint() {
    // Given rows in the positive quadrant, where kinks are out of the way
    Problem problem =
        new Problem(3, 2, new double[] {1, 2, 3, 1, 2, 2}, new double[] {1, 2, 4}, 0.3);

    // When
    TrainingResult result = train(problem, Method.LBFGS, 5, 1, 10_000);

    // Then
    assertThat(result.status()).isEqualTo(Status.CONVERGED);
    Network network = result.network();
    for (int k = 0; k < 10; k++) {
      double[] u = network.u().clone();
      u[k] += 1e-5;
      double above = Objective.value(problem, new Network(5, 2, u, network.a()));
      u[k] -= 2e-5;
      double below = Objective.value(problem, new Network(5, 2, u, network.a()));
      assertThat(above - below).isCloseTo(0, within(2e-5 * 1e-4));
    }
  }

  @Test
  void endsLbfgsWhereTheGradientIsSmallOrNoDescentIsLeft() {
    // Given
    Problem problem = teacher();

    // When
    TrainingResult result = train(problem, Method.LBFGS, 20, 3, 100_000);

    // Then
    assertThat(result.status()).isEqualTo(Status.CONVERGED);
    assertThat(result.steps()).isLessThan(100_000);
    double[] steps = result.curveSteps();
    double[] values = result.curveValues();
    assertThat(steps[steps.length - 1]).isEqualTo(result.steps());
    assertThat(values).isSortedAccordingTo((first, second) -> Double.compare(second, first));
    assertThat(result.value())
        .isLessThan(train(problem, Method.GRADIENT_DESCENT, 20, 3, 3000).value());
  }

  @ParameterizedTest
  @EnumSource(names = "LBFGS", mode = EnumSource.Mode.EXCLUDE)
  void thinsTheCurveAndEndsItAtTheResult(Method method) {
    // When
    TrainingResult result = train(teacher(), method, 10, 3, 3001);

    // Then
    double[] steps = result.curveSteps();
    assertThat(steps).hasSameSizeAs(result.curveValues()).hasSizeBetween(150, 202);
    assertThat(steps[0]).isZero();
    assertThat(steps[steps.length - 1]).isEqualTo(3001);
    for (int i = 1; i < steps.length; i++) {
      assertThat(steps[i]).isGreaterThan(steps[i - 1]);
    }
    assertThat(result.curveValues()[steps.length - 1])
        .isCloseTo(result.value(), within(1e-12 * result.value()));
  }

  @ParameterizedTest
  @EnumSource
  void reachesTheOptimumOfOneRow(Method method) {
    // Given x = 2, y = 3, beta = 1: min 1/2 (2 c - 3)^2 + c over c = |u a| is at c = 5/4.
    Problem problem = new Problem(1, 1, new double[] {2}, new double[] {3}, 1);

    // When
    TrainingResult result = train(problem, method, 8, 1, 3000);

    // Then
    assertThat(result.value()).isCloseTo(1.375, within(1e-4));
  }

  @ParameterizedTest
  @EnumSource
  void givesTheSameRunForTheSameSeed(Method method) {
    // When
    TrainingResult first = train(teacher(), method, 20, 3, 100);
    TrainingResult second = train(teacher(), method, 20, 3, 100);
    TrainingResult other = train(teacher(), method, 20, 4, 100);

    // Then
    assertThat(second.network().u()).isEqualTo(first.network().u());
    assertThat(second.curveValues()).isEqualTo(first.curveValues());
    assertThat(other.network().u()).isNotEqualTo(first.network().u());
  }

  @ParameterizedTest
  @EnumSource
  void takesTheSameStepsInAnyUnits(Method method) {
    // Given powers of two, which change no digit
    Problem problem = teacher();
    double s = Math.scalb(1.0, 400);
    double t = Math.scalb(1.0, -300);
    Problem rescaled =
        new Problem(
            problem.n(),
            problem.d(),
            Arrays.stream(problem.x()).map(v -> v * s).toArray(),
            Arrays.stream(problem.y()).map(v -> v * t).toArray(),
            problem.beta() * s * t);

    // When
    TrainingResult plain = train(problem, method, 20, 3, 300);
    TrainingResult result = train(rescaled, method, 20, 3, 300);

    // Then
    assertThat(result.value() / t / t).isCloseTo(plain.value(), within(1e-9 * plain.value()));
    assertThat(result.patternDrift()).isEqualTo(plain.patternDrift());
  }

  @ParameterizedTest
  @EnumSource
  void endsNearTheZeroNetworkWhenBetaIsLarge(Method method) {
    // Given
    Problem problem = teacher().withBeta(1e4);

    // When
    TrainingResult result = train(problem, method, 10, 3, 2000);

    // Then
    double half = 0.5 * Arrays.stream(problem.y()).map(v -> v * v).sum();
    assertThat(result.value()).isBetween(half * (1 - 1e-12), 1.02 * half);
  }

  @ParameterizedTest
  @EnumSource
  void staysFiniteOnOddData(Method method) {
    // Given a zero row, a zero column, duplicates, fewer rows than columns, one huge value.
    double[] x = {0, 0, 0, 0, 1, 0, 2, 3, 1, 0, 2, 3, 1e6, 0, -1, 2};
    Problem problem = new Problem(4, 4, x, new double[] {1, 2, 2, -3}, 0.1);

    // When
    TrainingResult result = train(problem, method, 10, 3, 500);

    // Then
    assertThat(result.status()).isNotEqualTo(Status.DIVERGED);
    assertThat(result.value()).isFinite().isLessThanOrEqualTo(result.curveValues()[0]);
  }

  @ParameterizedTest
  @EnumSource(names = "LBFGS", mode = EnumSource.Mode.EXCLUDE)
  void reportsDivergenceWithTheInitialNetwork(Method method) {
    // Given
    Problem problem = teacher();
    TrainingSettings settings = new TrainingSettings(method, 20, 3, 500);

    // When
    TrainingResult result =
        Training.run(problem, settings, Deadline.none(), Deadline.none(), 1e200);

    // Then
    assertThat(result.status()).isEqualTo(Status.DIVERGED);
    assertThat(result.value())
        .isEqualTo(Objective.value(problem, result.network()))
        .isCloseTo(result.curveValues()[0], within(1e-9 * result.value()));
    assertThat(result.patternDrift()).isZero();
    assertThat(result.curveValues()).doesNotContain(Double.NaN, Double.POSITIVE_INFINITY);
  }

  @Test
  void convergesWhereTheGradientVanishes() {
    // Given
    Problem problem = new Problem(1, 1, new double[] {2}, new double[] {3}, 1);

    // When
    TrainingResult result = train(problem, Method.GRADIENT_DESCENT, 1, 2, 100_000);

    // Then
    assertThat(result.status()).isEqualTo(Status.CONVERGED);
    assertThat(result.steps()).isLessThan(100_000);
  }

  @ParameterizedTest
  @EnumSource
  void handsInItsNetworkAtTheDeadline(Method method) {
    // Given a clock that every look moves on by a nanosecond
    long[] clock = new long[1];
    Problem problem = teacher();

    // When
    TrainingResult result =
        Training.run(
            problem,
            new TrainingSettings(method, 20, 3, 100_000),
            Deadline.after(Duration.ofNanos(200), () -> clock[0]++));

    // Then
    assertThat(result.status()).isEqualTo(Status.TIME_LIMIT);
    assertThat(result.steps()).isBetween(10L, 200L);
    assertThat(result.value()).isEqualTo(Objective.value(problem, result.network()));
  }

  @Test
  void refusesSettingsOutOfRange() {
    assertThatThrownBy(() -> new TrainingSettings(Method.ADAM, 0, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("width is 0");
    assertThatThrownBy(() -> new TrainingSettings(Method.ADAM, 1, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxSteps is 0");
    assertThatThrownBy(() -> new TrainingSettings(Method.ADAM, 1, 1, 1, -1, Precision.FLOAT32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("batchRows is -1");
    assertThatThrownBy(() -> train(teacher(), Method.ADAM, Integer.MAX_VALUE, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lower the width");
  }

  private static Problem teacher() {
    Data data = GaussianData.teacher(60, 4, 3, 0.1, 6);
    return new Problem(60, 4, data.x(), data.y(), 0.5);
  }

  private static TrainingResult train(
      Problem problem, Method method, int width, long seed, int steps) {
    return Training.run(problem, new TrainingSettings(method, width, seed, steps), Deadline.none());
  }
}
