package io.gapstream.numerics.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.bound.Witness;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.lifted.LiftedSolver;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.tau.LocalAscent;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The oracles are the formula of docs/mathematics.md, section 3.4, in arithmetic of 80 digits,
 * where rounding does not matter, and the definition of {@code tau_+} at random directions, which
 * knows nothing of the proof.
 */
class PairsRungTest {

  private static final Problem PROBLEM = problem();
  private static final LowerBound BOUND =
      LiftedSolver.solve(PROBLEM, 0, Deadline.none(), found -> {}).bound();

  @Test
  void provesExactlyWhatTheFormulaSays() {
    int refuted = 0;
    for (int seed = 0; seed < 200; seed++) {
      // Given
      SplittableRandom random = new SplittableRandom(seed);
      int n = 1 + random.nextInt(8);
      int d = 1 + random.nextInt(4);
      double[] x = values(random, n * d);
      double[] nu = values(random, n);
      x[0] = 1.5;
      nu[0] = 1.5; // the largest magnitudes lie in [1, 2), so the scaled problem is the problem
      Witness.Pairs witness = randomWitness(random, n, d);

      // When
      TauBound bound = TauBound.of(scaled(n, d, x, nu), 1, witness);

      // Then
      BigDecimal exact = formula(n, d, x, nu, witness);
      if (bound instanceof TauBound.AtMost atMost) {
        assertThat(exact).as("definite matrices, seed %d", seed).isNotNull();
        BigDecimal known = Objects.requireNonNull(exact);
        assertThat(Exact.of(atMost.value())).as("seed %d", seed).isGreaterThanOrEqualTo(known);
        if (atMost.value() < 1e4) {
          assertThat(atMost.value() - known.doubleValue()).isLessThan(1e-6);
        }
      } else {
        refuted++;
      }
    }
    assertThat(refuted).isBetween(10, 150);
  }

  @Test
  void liesAboveTheValueOfEveryDirection() {
    for (int seed = 0; seed < 200; seed++) {
      // Given
      SplittableRandom random = new SplittableRandom(seed);
      int n = 1 + random.nextInt(8);
      int d = 1 + random.nextInt(4);
      double[] x = values(random, n * d);
      double[] nu = values(random, n);
      x[0] = 1.5;
      nu[0] = 1.5;
      if (seed % 4 == 0) {
        Arrays.fill(x, (n - 1) * d, n * d, n == 1 ? 1.5 : 0); // a zero row
      }

      // When
      TauBound bound = TauBound.of(scaled(n, d, x, nu), 1, randomWitness(random, n, d));

      // Then
      if (bound instanceof TauBound.AtMost atMost) {
        for (int k = 0; k < 500; k++) {
          double value = atRandomDirection(random, n, d, x, nu);
          assertThat(atMost.value()).as("seed %d", seed).isGreaterThanOrEqualTo(value - 1e-12);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-300, -37, 100, 300})
  void scalesExactlyWithPowersOfTwo(int exponent) {
    // Given
    Evidence evidence = new Evidence();
    Problem problem = evidence.problem;
    Problem wide =
        new Problem(
            problem.n(),
            problem.d(),
            scaled(problem.x(), exponent),
            problem.y(),
            Math.scalb(problem.beta(), exponent));

    // When
    Finding finding =
        Verifier.lower(
            wide,
            evidence.dual,
            evidence.scale,
            scaled(evidence.plus(), exponent),
            scaled(evidence.minus, exponent));

    // Then
    assertThat(finding).isEqualTo(new Finding.Proved(evidence.value));
  }

  /** Evidence that proves a bound, to be spoilt. */
  private static final class Evidence {
    final Problem problem;
    final Witness.Pairs minus;
    final double value;
    double[] dual;
    double scale;
    double[] squares;
    double[] anchors;
    double[] theta;
    double[] sigma;
    int[] first;
    int[] second;
    double[] weights;
    double[] metric;
    double lambda;

    Evidence() {
      problem = PROBLEM;
      LowerBound bound = BOUND;
      Witness.Pairs plus = (Witness.Pairs) bound.plus();
      dual = bound.dual().clone();
      scale = bound.scale();
      squares = plus.squares().clone();
      anchors = plus.anchors().clone();
      theta = plus.theta().clone();
      sigma = plus.sigma().clone();
      first = plus.first().clone();
      second = plus.second().clone();
      weights = plus.weights().clone();
      metric = plus.metric().clone();
      lambda = plus.lambda();
      minus = (Witness.Pairs) bound.minus();
      value = bound.value();
    }

    Witness.Pairs plus() {
      return new Witness.Pairs(
          squares, anchors, theta, sigma, first, second, weights, metric, lambda);
    }

    Finding check() {
      return Verifier.lower(problem, dual, scale, plus(), minus);
    }
  }

  static Stream<Consumer<Evidence>> spoils() {
    return Stream.of(
        e -> e.scale *= 1.001,
        e -> e.dual = Arrays.stream(e.dual).map(value -> -value).toArray(),
        e -> e.dual[3] *= 1000,
        e -> e.lambda = 0,
        e -> e.lambda *= 0.5,
        e -> e.lambda = Double.NaN,
        e -> e.lambda = 1e308,
        e -> e.squares = Arrays.stream(e.squares).map(value -> 0.9 * value).toArray(),
        e -> e.squares[0] = Double.NaN,
        e -> e.squares[0] = Double.NEGATIVE_INFINITY,
        e -> e.squares[0] = 1e300,
        e -> e.squares[0] = -1,
        e -> e.squares = new double[0],
        e -> e.anchors[0] = -4.9e-324,
        e -> e.anchors[0] = Double.NaN,
        e -> e.anchors[0] = 1e3,
        e -> e.anchors = Arrays.copyOf(e.anchors, 31),
        e -> e.theta[0] = 1.0000000000000002,
        e -> e.theta[0] = -4.9e-324,
        e -> e.sigma[0] = -1.0000000000000002,
        e -> e.sigma[0] = Double.NaN,
        e -> e.first[0] = 30,
        e -> e.second[0] = -1,
        e -> e.second[0] = e.first[0],
        e -> e.first[1] = Integer.MAX_VALUE,
        e -> e.second[1] = Integer.MIN_VALUE,
        e -> e.first = Arrays.copyOf(e.first, e.first.length - 1),
        e -> e.weights[0] *= 1000,
        e -> e.weights = Arrays.stream(e.weights).map(value -> 2 * value).toArray(),
        e -> e.weights = Arrays.stream(e.weights).map(value -> -value).toArray(),
        e -> e.weights[0] = Double.POSITIVE_INFINITY,
        e -> e.weights[0] = Double.NaN,
        e -> {
          e.first[1] = e.first[0];
          e.second[1] = e.second[0];
        },
        e -> e.metric[0] = Double.NaN,
        e -> e.metric[0] += 10,
        e -> e.metric = Arrays.copyOf(e.metric, e.metric.length - 1));
  }

  @ParameterizedTest
  @MethodSource("spoils")
  void refutesSpoiltEvidence(Consumer<Evidence> spoil) {
    // Given
    Evidence evidence = new Evidence();
    assertThat(evidence.check()).isEqualTo(new Finding.Proved(evidence.value));

    // When
    spoil.accept(evidence);

    // Then
    assertThat(evidence.check()).isInstanceOf(Finding.Refuted.class);
  }

  @Test
  void refutesTheWitnessOfTheOtherSign() {
    // Given
    Evidence evidence = new Evidence();

    // When
    Finding finding =
        Verifier.lower(
            evidence.problem, evidence.dual, evidence.scale, evidence.minus, evidence.plus());

    // Then
    assertThat(finding).isInstanceOf(Finding.Refuted.class);
  }

  @Test
  void refusesMoreRowsThanItsMatrixMayHave() {
    // Given
    int n = 2001;
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    Witness.Pairs witness =
        new Witness.Pairs(
            ones, ones, ones, ones, new int[0], new int[0], new double[0], new double[0], 1e9);

    // When
    TauBound bound = TauBound.of(scaled(n, 1, ones, ones), 1, witness);

    // Then
    assertThat(bound).isInstanceOf(TauBound.Nothing.class);
  }

  // ---- the oracles

  /** The formula; null when A or M is not positive definite. */
  static @Nullable BigDecimal formula(
      int n, int d, double[] x, double[] nu, Witness.Pairs witness) {
    BigDecimal half = Exact.of(0.5);
    BigDecimal[] c = zeros(d);
    BigDecimal[][] a = new BigDecimal[d][];
    for (int k = 0; k < d; k++) {
      a[k] = zeros(d);
      a[k][k] = Exact.of(witness.lambda());
    }
    BigDecimal[] h = zeros(n);
    BigDecimal[][] m = new BigDecimal[n][];
    for (int i = 0; i < n; i++) {
      double[] row = Arrays.copyOfRange(x, i * d, (i + 1) * d);
      BigDecimal[] exactRow = exact(row);
      BigDecimal[] image = VerifierTest.metricTimes(witness.metric(), d, row);
      BigDecimal b = Exact.of(witness.squares()[i]);
      BigDecimal anchor = Exact.of(witness.anchors()[i]);
      BigDecimal theta = Exact.of(witness.theta()[i]);
      BigDecimal sigma = Exact.of(witness.sigma()[i]);
      BigDecimal rho = VerifierTest.norm(image);
      BigDecimal kink =
          rho.signum() == 0
              ? BigDecimal.ZERO
              : anchor.multiply(theta).divide(rho, Exact.DIGITS).multiply(half);
      BigDecimal weight = half.multiply(Exact.of(nu[i]));
      BigDecimal linear =
          weight.subtract(product(anchor, BigDecimal.ONE.subtract(theta), sigma), Exact.DIGITS);
      for (int k = 0; k < d; k++) {
        c[k] = c[k].add(linear.multiply(exactRow[k]), Exact.DIGITS);
      }
      addOuter(b.negate(), exactRow, exactRow, a);
      addOuter(kink, exactRow, image, a);
      addOuter(kink, image, exactRow, a);
      h[i] = weight.add(anchor);
      m[i] = zeros(n);
      m[i][i] = b;
    }
    for (int p = 0; p < witness.weights().length; p++) {
      int i = witness.first()[p];
      int j = witness.second()[p];
      BigDecimal w = half.multiply(Exact.of(witness.weights()[p]));
      BigDecimal[] left = exact(Arrays.copyOfRange(x, i * d, (i + 1) * d));
      BigDecimal[] right = exact(Arrays.copyOfRange(x, j * d, (j + 1) * d));
      addOuter(w, left, right, a);
      addOuter(w, right, left, a);
      m[i][j] = w.abs().negate();
      m[j][i] = m[i][j];
    }
    BigDecimal ofU = Exact.inverseForm(a, c);
    BigDecimal ofZ = Exact.inverseForm(m, h);
    return ofU == null || ofZ == null
        ? null
        : Exact.of(witness.lambda()).add(ofU.add(ofZ).multiply(Exact.of(0.25)));
  }

  private static void addOuter(
      BigDecimal factor, BigDecimal[] left, BigDecimal[] right, BigDecimal[][] to) {
    for (int k = 0; k < left.length; k++) {
      for (int l = 0; l < right.length; l++) {
        to[k][l] = to[k][l].add(product(factor, left[k], right[l]), Exact.DIGITS);
      }
    }
  }

  private static BigDecimal product(BigDecimal a, BigDecimal b, BigDecimal c) {
    return a.multiply(b, Exact.DIGITS).multiply(c, Exact.DIGITS);
  }

  private static BigDecimal[] zeros(int count) {
    BigDecimal[] zeros = new BigDecimal[count];
    Arrays.fill(zeros, BigDecimal.ZERO);
    return zeros;
  }

  private static BigDecimal[] exact(double[] values) {
    return Arrays.stream(values).mapToObj(Exact::of).toArray(BigDecimal[]::new);
  }

  private static double atRandomDirection(
      SplittableRandom random, int n, int d, double[] x, double[] nu) {
    double[] u = values(random, d);
    double norm = Math.sqrt(Arrays.stream(u).map(entry -> entry * entry).sum());
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double z = 0;
      for (int k = 0; k < d; k++) {
        z += x[i * d + k] * u[k] / norm;
      }
      sum += nu[i] * Math.max(0, z);
    }
    return sum;
  }

  // ---- instances

  private static Problem problem() {
    Data data = GaussianData.noise(30, 4, 7);
    double beta = 0.1 * LocalAscent.betaMax(30, 4, data.x(), data.y());
    return new Problem(30, 4, data.x(), data.y(), beta);
  }

  private static Witness.Pairs randomWitness(SplittableRandom random, int n, int d) {
    double[] squares = new double[n];
    double[] anchors = new double[n];
    double[] theta = new double[n];
    Arrays.setAll(squares, i -> 0.3 + random.nextDouble());
    Arrays.setAll(anchors, i -> random.nextInt(3) == 0 ? 0 : random.nextDouble());
    Arrays.setAll(theta, i -> random.nextInt(4) == 0 ? random.nextInt(2) : random.nextDouble());
    int count = 0;
    int[] first = new int[n * n];
    int[] second = new int[n * n];
    for (int i = 1; i < n; i++) {
      for (int j = 0; j < i; j++) {
        if (random.nextInt(3) == 0) {
          first[count] = i;
          second[count] = j;
          count++;
        }
      }
    }
    int rank = random.nextInt(4); // 0 stands for the identity
    return new Witness.Pairs(
        squares,
        anchors,
        theta,
        values(random, n),
        Arrays.copyOf(first, count),
        Arrays.copyOf(second, count),
        values(random, count),
        values(random, d * rank),
        2.0 * n * random.nextDouble());
  }

  private static ScaledDual scaled(int n, int d, double[] x, double[] nu) {
    return Objects.requireNonNull(ScaledDual.of(new Problem(n, d, x, new double[n], 1), nu));
  }

  private static Witness.Pairs scaled(Witness.Pairs witness, int exponent) {
    return new Witness.Pairs(
        scaled(witness.squares(), -exponent),
        witness.anchors(),
        witness.theta(),
        witness.sigma(),
        witness.first(),
        witness.second(),
        scaled(witness.weights(), -exponent),
        witness.metric(),
        Math.scalb(witness.lambda(), exponent));
  }

  private static double[] scaled(double[] values, int exponent) {
    return Arrays.stream(values).map(value -> Math.scalb(value, exponent)).toArray();
  }

  private static double[] values(SplittableRandom random, int count) {
    double[] values = new double[count];
    Arrays.setAll(values, i -> 2 * random.nextDouble() - 1);
    return values;
  }
}
