package io.gapstream.numerics.exact;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.bound.Witness;
import io.gapstream.numerics.kernels.VectorUnit;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.verify.Finding;
import io.gapstream.numerics.verify.Verifier;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The search against closed forms, the plane, where {@link Circle} finds {@code tau_+} from its
 * definition, and random directions, which no bound may lie below. The verifier shares no code with
 * the search.
 */
class ConeSearchTest {

  private static final double TOLERANCE = 1e-6;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 60})
  void meetsTheMaximumInThePlane(int n) {
    for (int seed = 0; seed < 10; seed++) {
      // Given
      double[] x = gaussian(2 * n, seed);
      double[] nu = gaussian(n, seed + 100);
      double tau = Circle.tauPlus(n, x, nu);

      // When
      ConeSearch.Result result = maximize(n, 2, x, nu, TOLERANCE, 2);

      // Then
      assertThat(result.complete()).isTrue();
      assertThat(result.value()).isLessThanOrEqualTo(tau * (1 + 1e-12));
      assertThat(result.bound())
          .isGreaterThanOrEqualTo(tau)
          .isLessThanOrEqualTo(tau * (1 + 1.01 * TOLERANCE) + 1e-9);
    }
  }

  @Test
  void meetsTheClosedFormsOfOneRowAndOfOneColumn() {
    // Given: one row reaches |nu| r; one column has the two directions 1 and -1.
    double[] row = {3, 0, -4};
    double[] column = {1, -2, 0.5, -1};
    double[] nu = {1, 2, -4, 3};

    // When
    ConeSearch.Result one = maximize(1, 3, row, new double[] {2}, TOLERANCE, 1);
    ConeSearch.Result negative = maximize(1, 3, row, new double[] {-2}, TOLERANCE, 1);
    ConeSearch.Result two = maximize(4, 1, column, nu, TOLERANCE, 1);

    // Then
    assertThat(one.bound()).isCloseTo(10, within(2e-5));
    assertThat(negative.bound()).isBetween(0.0, 1e-8);
    assertThat(two.bound()).isCloseTo(7, within(1e-5));
  }

  @ParameterizedTest
  @CsvSource({"30, 3, 1e-3", "50, 4, 1e-2", "40, 5, 1e-2", "300, 4, 2e-2"})
  void boundsWhatNoDirectionExceedsAndTheVerifierAgrees(int n, int d, double tolerance) {
    // Given
    double[] x = gaussian(n * d, 1);
    double[] nu = gaussian(n, 2);

    // When
    ConeSearch.Result result = maximize(n, d, x, nu, tolerance, 2);

    // Then
    assertThat(result.complete()).isTrue();
    assertThat(result.bound()).isLessThanOrEqualTo(result.value() * (1 + tolerance) * (1 + 1e-9));
    Random random = new Random(3);
    for (int trial = 0; trial < 2000; trial++) {
      assertThat(value(n, d, x, nu, direction(d, random))).isLessThanOrEqualTo(result.bound());
    }
    assertProves(n, d, x, nu, result);
  }

  @Test
  void givesTheSameTreeWhateverTheThreadsDid() {
    // Given
    double[] x = gaussian(80 * 4, 4);
    double[] nu = gaussian(80, 5);

    // When
    Witness.ConeTree one = requireNonNull(maximize(80, 4, x, nu, 1e-3, 1).witness());
    Witness.ConeTree three = requireNonNull(maximize(80, 4, x, nu, 1e-3, 3).witness());

    // Then
    assertThat(three.tree()).isEqualTo(one.tree());
    assertThat(three.bound()).isEqualTo(one.bound());
  }

  @Test
  void findsADirectionBeyondATargetThatIsTooLow() {
    // Given
    double[] x = gaussian(60 * 4, 6);
    double[] nu = gaussian(60, 7);
    double tau = maximize(60, 4, x, nu, 1e-4, 2).value();

    // When
    ConeSearch.Result result =
        ConeSearch.prove(60, 4, x, nu, 0.98 * tau, axis(4), effort(Deadline.none(), 2));

    // Then
    assertThat(result.complete()).isFalse();
    assertThat(value(60, 4, x, nu, result.direction()))
        .isCloseTo(result.value(), within(1e-9 * tau))
        .isGreaterThan(0.98 * tau);
  }

  @Test
  void boundsTheMaximumAlsoWhenTheDeadlineEndsTheSearch() {
    // Given
    double[] x = gaussian(100 * 7, 8);
    double[] nu = gaussian(100, 9);

    // When
    ConeSearch.Result result =
        ConeSearch.maximize(
            100, 7, x, nu, 1e-9, axis(7), effort(Deadline.after(Duration.ofMillis(200)), 2));

    // Then
    assertThat(result.complete()).isFalse();
    assertThat(result.bound()).isGreaterThan(result.value());
    assertProves(100, 7, x, nu, result);
  }

  @Test
  void keepsTheTreeWithinItsLimitAndTheBoundProved() {
    // Given
    double[] x = gaussian(100 * 6, 16);
    double[] nu = gaussian(100, 17);

    // When
    ConeSearch.Result result =
        ConeSearch.maximize(100, 6, x, nu, 1e-9, axis(6), new Effort(Deadline.none(), 2, 20_000));

    // Then
    assertThat(result.complete()).isFalse();
    assertThat(requireNonNull(result.witness()).tree()).hasSizeBetween(10_000, 20_000);
    assertProves(100, 6, x, nu, result);
  }

  @Test
  void takesRowsOfZerosAndEqualRowsAndEmptyColumns() {
    // Given: the third column is empty, rows repeat, and one row is zero.
    double[] x = {1, 2, 0, 1, 2, 0, 0, 0, 0, -1, 1, 0, 3, -1, 0};
    double[] nu = {1, -0.5, 3, 2, -1};

    // When
    ConeSearch.Result result = maximize(5, 3, x, nu, 1e-6, 1);

    // Then
    double[] planar = {1, 2, 1, 2, 0, 0, -1, 1, 3, -1};
    double tau = Circle.tauPlus(5, planar, nu);
    assertThat(result.bound()).isBetween(tau, tau * (1 + 2e-6));
    assertProves(5, 3, x, nu, result);
  }

  @Test
  void evaluatesRowsAlikeWithAndWithoutVectors() {
    // Given
    assertThat(VectorUnit.isAvailable()).as("tests run with the Vector API").isTrue();
    int n = 203;
    int d = 5;
    double[] x = gaussian(n * d, 10);
    double[] nu = gaussian(n, 11);
    SignedRows vector = SignedRows.of(n, d, x, nu);
    SignedRows plain =
        new PlainRows(
            vector.positive,
            vector.negative,
            vector.weighted,
            vector.positiveFold,
            vector.negativeFold);
    double[] u = gaussian(d, 12);
    double[] one = new double[d];
    double[] other = new double[d];

    // When
    double sum = vector.positivePart(u, vector.work());
    plain.negativeGradient(u, one, plain.work());
    vector.negativeGradient(u, other, vector.work());

    // Then
    assertThat(vector).isInstanceOf(VectorRows.class);
    assertThat(sum).isCloseTo(plain.positivePart(u, plain.work()), within(1e-12 * plain.total()));
    assertThat(other).containsExactly(one, within(1e-12 * plain.total()));
    double minus = 0;
    for (int k = 0; k < d; k++) {
      minus += one[k] * u[k];
    }
    assertThat(sum - minus).isCloseTo(value(n, d, x, nu, u), within(1e-12 * plain.total()));
  }

  @Test
  void foldsRowsWithoutChangingTheSumsInTheCone() {
    // Given: a narrow cone, in which most rows keep their sign.
    int n = 200;
    int d = 4;
    double[] x = gaussian(n * d, 13);
    double[] nu = gaussian(n, 14);
    SignedRows rows = SignedRows.of(n, d, x, nu);
    Generator[] generators = new Generator[d];
    for (int k = 0; k < d; k++) {
      double[] point = {0.25, 0.25, 0.25, 0.25};
      point[k] += 0.0625;
      generators[k] = new Generator(point, 4, 0);
    }

    // When
    SignedRows reduced = rows.reduced(generators);

    // Then
    assertThat(reduced.count()).isLessThan(rows.count() / 2);
    double[] u = new double[d];
    Random random = new Random(15);
    for (Generator generator : generators) {
      double weight = random.nextDouble();
      for (int k = 0; k < d; k++) {
        u[k] += weight * generator.point()[k];
      }
    }
    double[] gradient = new double[d];
    double[] reducedGradient = new double[d];
    rows.negativeGradient(u, gradient, rows.work());
    reduced.negativeGradient(u, reducedGradient, reduced.work());
    assertThat(reduced.positivePart(u, reduced.work()))
        .isCloseTo(rows.positivePart(u, rows.work()), within(1e-12 * rows.total()));
    assertThat(reducedGradient).containsExactly(gradient, within(1e-12 * rows.total()));
  }

  @Test
  void refusesTooManyColumnsAndNoTolerance() {
    assertThatThrownBy(() -> maximize(1, 17, new double[17], new double[1], 1e-3, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("17 columns");
    assertThatThrownBy(() -> maximize(1, 2, new double[2], new double[1], 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tolerance is 0.0");
  }

  private static ConeSearch.Result maximize(
      int n, int d, double[] x, double[] nu, double tolerance, int threads) {
    return ConeSearch.maximize(n, d, x, nu, tolerance, axis(d), effort(Deadline.none(), threads));
  }

  private static Effort effort(Deadline deadline, int threads) {
    return new Effort(deadline, threads, 10_000_000);
  }

  /** Whether the verifier takes the tree, and refuses it for a bound below the maximum. */
  private static void assertProves(
      int n, int d, double[] x, double[] nu, ConeSearch.Result result) {
    Witness.ConeTree witness = requireNonNull(result.witness());
    Problem problem = new Problem(n, d, x, nu, 1);
    double scale = (1 - 1e-12) / result.bound();
    Witness other = new Witness.Triangle();
    assertThat(finding(problem, nu, scale * 1e-6, witness, other))
        .isInstanceOf(Finding.Proved.class);
    Witness raised = new Witness.ConeTree(0.999 * result.value(), witness.tree());
    assertThat(finding(problem, nu, scale * 1e-6, raised, other))
        .isInstanceOf(Finding.Refuted.class);
  }

  private static Finding finding(
      Problem problem, double[] nu, double scale, Witness plus, Witness minus) {
    return Verifier.lower(problem, nu, scale, plus, minus);
  }

  private static double value(int n, int d, double[] x, double[] nu, double[] u) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double z = 0;
      for (int k = 0; k < d; k++) {
        z += x[i * d + k] * u[k];
      }
      sum += nu[i] * Math.max(0, z);
    }
    return sum;
  }

  private static double[] axis(int d) {
    double[] axis = new double[d];
    axis[0] = 1;
    return axis;
  }

  private static double[] direction(int d, Random random) {
    double[] u = new double[d];
    double squares = 0;
    for (int k = 0; k < d; k++) {
      u[k] = random.nextGaussian();
      squares += u[k] * u[k];
    }
    for (int k = 0; k < d; k++) {
      u[k] /= Math.sqrt(squares);
    }
    return u;
  }

  private static double[] gaussian(int count, int seed) {
    Random random = new Random(seed);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextGaussian();
    }
    return values;
  }
}
