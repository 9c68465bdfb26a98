package io.gapstream.numerics.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.bound.Witness;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.lifted.LiftedSolver;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.tau.LocalAscent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
 * The oracle evaluates the formulas of docs/mathematics.md on the given doubles in exact rational
 * arithmetic, with roots and quotients to 80 digits. It has no rounding to bound, so it cannot have
 * bounded it wrongly.
 */
class VerifierTest {

  private static final Witness TRIANGLE = new Witness.Triangle();

  private static final Problem PROBLEM = problem();
  private static final LowerBound BOUND = quadratic(PROBLEM);

  /** What rounding may cost, relative to the terms that are added. */
  private static final double SHARP = 1e-10;

  @Test
  void provesNoUpperBoundBelowTheValueAndNoneMuchAbove() {
    for (int seed = 0; seed < 200; seed++) {
      // Given
      SplittableRandom random = new SplittableRandom(seed);
      int n = 1 + random.nextInt(12);
      int d = 1 + random.nextInt(5);
      int m = random.nextInt(5);
      double scale = Math.pow(10, random.nextInt(13) - 6);
      Problem problem =
          new Problem(n, d, values(random, n * d, scale), values(random, n, 1 / scale), scale);
      Network network = new Network(m, d, values(random, m * d, 1), values(random, m, scale));

      // When
      double proved = proved(Verifier.upper(problem, network));

      // Then
      BigDecimal exact = valueOf(problem, network);
      assertThat(Exact.of(proved)).isGreaterThanOrEqualTo(exact);
      assertThat(proved).isLessThanOrEqualTo(exact.doubleValue() * (1 + 1e-12));
    }
  }

  @Test
  void provesNoUpperBoundBelowTheValueWhenOutputsCancel() {
    for (int seed = 0; seed < 200; seed++) {
      // Given: two neurons whose outputs cancel up to the last bits, and a target that is their
      // sum.
      SplittableRandom random = new SplittableRandom(seed);
      int d = 3;
      double[] x = values(random, d, 1);
      double[] u = new double[2 * d];
      for (int k = 0; k < d; k++) {
        u[k] = Math.abs(x[k]) * Math.signum(x[k]);
        u[d + k] = u[k] * (1 + 0x1p-50 * random.nextInt(8));
      }
      Network network = new Network(2, d, u, new double[] {1e8, -1e8});
      double output = 0;
      for (int k = 0; k < d; k++) {
        output += 1e8 * x[k] * (u[k] - u[d + k]);
      }
      Problem problem = new Problem(1, d, x, new double[] {output}, 1e-30);

      // When
      double proved = proved(Verifier.upper(problem, network));

      // Then
      assertThat(Exact.of(proved)).isGreaterThanOrEqualTo(valueOf(problem, network));
    }
  }

  @Test
  void provesExactlyWhatTheQuadraticRungProves() {
    int refuted = 0;
    for (int seed = 0; seed < 300; seed++) {
      // Given
      SplittableRandom random = new SplittableRandom(seed);
      int n = 1 + random.nextInt(14);
      int d = 1 + random.nextInt(5);
      double[] x = values(random, n * d, 1);
      double[] nu = values(random, n, 1);
      x[0] = 1.5;
      nu[0] = 1.5; // the largest magnitudes lie in [1, 2), so the scaled problem is the problem
      Witness.Quadratic witness = randomWitness(random, nu, d);
      ScaledDual scaled = scaled(new Problem(n, d, x, new double[n], 1), nu);

      // When
      TauBound bound = TauBound.of(scaled, 1, witness);

      // Then
      BigDecimal exact = quadratic(n, d, x, nu, witness);
      if (bound instanceof TauBound.AtMost atMost) {
        assertThat(exact).as("a definite matrix, seed %d", seed).isNotNull();
        BigDecimal known = Objects.requireNonNull(exact);
        assertThat(Exact.of(atMost.value())).as("seed %d", seed).isGreaterThanOrEqualTo(exact);
        if (atMost.value() < 1e4) {
          assertThat(atMost.value() - known.doubleValue()).isLessThan(SHARP * 1e4);
        }
        if (d == 2) {
          assertThat(atMost.value()).isGreaterThanOrEqualTo(onCircle(n, x, nu));
        }
      } else {
        refuted++;
      }
    }
    assertThat(refuted).isBetween(20, 280);
  }

  @Test
  void isSharpOnWhatTheSolverFinds() {
    for (int seed = 0; seed < 20; seed++) {
      // Given
      int n = 30;
      int d = 4;
      Data data = GaussianData.noise(n, d, seed);
      double beta = 0.1 * LocalAscent.betaMax(n, d, data.x(), data.y());
      Problem problem = new Problem(n, d, data.x(), data.y(), beta);

      // When
      LowerBound bound = LiftedSolver.solve(problem, seed, Deadline.none(), found -> {}).bound();

      // Then
      BigDecimal plus = exactTau(problem, bound.dual(), bound.plus());
      BigDecimal minus = exactTau(problem, negative(bound.dual()), bound.minus());
      BigDecimal s = Exact.of(bound.scale());
      BigDecimal reach = s.multiply(plus.max(minus));
      assertThat(reach).isLessThanOrEqualTo(Exact.of(beta));
      BigDecimal exact = valueOfL(problem, bound.dual(), s);
      assertThat(Exact.of(bound.value())).isLessThanOrEqualTo(exact);
      assertThat(bound.value()).isGreaterThan(exact.doubleValue() * (1 - 1e-12));
      double best =
          Math.min(
              beta / plus.max(minus).doubleValue(),
              Exact.dot(data.y(), bound.dual()).doubleValue()
                  / Exact.dot(bound.dual(), bound.dual()).doubleValue());
      assertThat(bound.scale()).isGreaterThan(best * (1 - 1e-9));
    }
  }

  @Test
  void provesNothingBeyondTheTriangle() {
    for (int seed = 0; seed < 200; seed++) {
      // Given
      SplittableRandom random = new SplittableRandom(seed);
      int n = 1 + random.nextInt(10);
      int d = 1 + random.nextInt(4);
      double[] x = values(random, n * d, 1);
      double[] y = values(random, n, 1);
      double[] nu = y.clone();
      Problem problem = new Problem(n, d, x, y, 0.3);
      BigDecimal tau = triangle(n, d, x, nu);
      double s = Exact.of(0.3).divide(tau, Exact.DIGITS).doubleValue();

      // When: s moves over the edge by single steps
      double scale = s * (1 - 1e-13);
      int steps = 0;
      for (;
          Verifier.lower(problem, nu, scale, TRIANGLE, TRIANGLE) instanceof Finding.Proved p;
          steps++) {
        // Then
        assertThat(Exact.of(scale).multiply(tau)).isLessThanOrEqualTo(Exact.of(0.3));
        assertThat(Exact.of(p.value()))
            .isLessThanOrEqualTo(valueOfL(problem, nu, Exact.of(scale)).max(BigDecimal.ZERO));
        scale = Math.nextUp(scale);
        assertThat(steps).isLessThan(10_000);
      }
      assertThat(steps).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-400, -100, 37, 400})
  void scalesExactlyWithPowersOfTwo(int exponent) {
    // Given
    Data data = GaussianData.noise(20, 3, 1);
    double beta = 0.2 * LocalAscent.betaMax(20, 3, data.x(), data.y());
    Problem problem = new Problem(20, 3, data.x(), data.y(), beta);
    LowerBound bound = quadratic(problem);
    Problem wide =
        new Problem(20, 3, scaled(data.x(), exponent), data.y(), Math.scalb(beta, exponent));

    // When
    double proved =
        proved(
            Verifier.lower(
                wide,
                bound.dual(),
                bound.scale(),
                scaled(bound.plus(), exponent),
                scaled(bound.minus(), exponent)));

    // Then
    assertThat(proved).isEqualTo(bound.value());
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-300, 1e-200, 1e-100, 1e100, 1e140, 1e300})
  void provesATrueBoundOrNoneAtExtremeMagnitudes(double magnitude) {
    // Given
    SplittableRandom random = new SplittableRandom(3);
    double[] x = values(random, 12, magnitude);
    double[] y = values(random, 4, 1);
    Problem problem = new Problem(4, 3, x, y, magnitude);
    BigDecimal tau = triangle(4, 3, x, y);
    double s = Exact.of(magnitude).divide(tau, Exact.DIGITS).doubleValue() * (1 - 1e-12);

    // When
    Finding finding = Verifier.lower(problem, y, s, TRIANGLE, TRIANGLE);

    // Then
    assertThat(Exact.of(proved(finding)))
        .isLessThanOrEqualTo(valueOfL(problem, y, Exact.of(s)))
        .isPositive();
  }

  @Test
  void refusesMagnitudesThatCannotBeScaledExactly() {
    // Given
    Problem problem = new Problem(2, 1, new double[] {1e300, 4.9e-324}, new double[] {1, 1}, 1e300);

    // When
    Finding finding = Verifier.lower(problem, new double[] {1, 1}, 0.5, TRIANGLE, TRIANGLE);

    // Then
    assertThat(finding).isInstanceOf(Finding.Refuted.class);
  }

  @Test
  void provesZeroWhereNothingElseCanBeProved() {
    // Given
    Problem noTargets = new Problem(2, 1, new double[] {1, 2}, new double[2], 1);
    Problem noFeatures = new Problem(2, 1, new double[2], new double[] {3, 4}, 1);

    // When
    double zero = proved(Verifier.lower(noTargets, new double[2], 1, TRIANGLE, TRIANGLE));
    double all = proved(Verifier.lower(noFeatures, new double[] {3, 4}, 1, TRIANGLE, TRIANGLE));

    // Then: without features the zero network is best.
    assertThat(zero).isZero();
    assertThat(all).isLessThanOrEqualTo(12.5).isGreaterThan(12.5 * (1 - 1e-14));
  }

  /** Evidence that proves a bound, to be spoilt. */
  private static final class Evidence {
    final Problem problem;
    double[] dual;
    double scale;
    double[] mu;
    double[] theta;
    double[] sigma;
    double[] metric;
    double lambda;
    final Witness minus;
    final double value;

    Evidence() {
      problem = PROBLEM;
      LowerBound bound = BOUND;
      Witness.Quadratic plus = (Witness.Quadratic) bound.plus();
      dual = bound.dual().clone();
      scale = bound.scale();
      mu = plus.mu().clone();
      theta = plus.theta().clone();
      sigma = plus.sigma().clone();
      metric = plus.metric().clone();
      lambda = plus.lambda();
      minus = bound.minus();
      value = bound.value();
    }

    Finding check() {
      return Verifier.lower(
          problem, dual, scale, new Witness.Quadratic(mu, theta, sigma, metric, lambda), minus);
    }
  }

  static Stream<Consumer<Evidence>> spoils() {
    return Stream.of(
        e -> e.scale = e.scale * 1.001,
        e -> e.scale = -e.scale,
        e -> e.scale = Double.NaN,
        e -> e.scale = Double.POSITIVE_INFINITY,
        e -> e.dual = Arrays.copyOf(e.dual, 19),
        e -> e.dual = Arrays.copyOf(e.dual, 21),
        e -> e.dual = negative(e.dual),
        e -> e.dual[3] = Double.NaN,
        e -> e.dual[3] = Double.NEGATIVE_INFINITY,
        e -> e.dual[3] = -e.dual[3],
        e -> e.dual[3] *= 1000,
        e -> e.lambda = 0,
        e -> e.lambda = -e.lambda,
        e -> e.lambda *= 0.5,
        e -> e.lambda = Double.NaN,
        e -> e.lambda = 1e308,
        e -> e.mu[0] = 0,
        e -> e.mu[0] = -e.mu[0],
        e -> e.mu[0] = 1e-300,
        e -> e.mu[0] = Double.POSITIVE_INFINITY,
        e -> e.mu = Arrays.copyOf(e.mu, e.mu.length - 1),
        e -> e.mu = new double[0],
        e -> e.theta[0] = 1.0000000000000002,
        e -> e.theta[0] = -4.9e-324,
        e -> e.theta[0] = Double.NaN,
        e -> e.theta = Arrays.copyOf(e.theta, e.theta.length + 1),
        e -> e.sigma[0] = 1.0000000000000002,
        e -> e.sigma[0] = -1.0000000000000002,
        e -> e.sigma[0] = Double.NaN,
        e -> e.sigma = new double[0],
        e -> e.metric[0] = Double.NaN,
        e -> e.metric[0] = Double.NEGATIVE_INFINITY,
        e -> e.metric[0] += 1,
        e -> e.metric = Arrays.copyOf(e.metric, e.metric.length - 1),
        e -> e.metric = new double[0],
        e -> Arrays.fill(e.metric, 0));
  }

  @ParameterizedTest
  @MethodSource("spoils")
  void refutesSpoiltEvidence(Consumer<Evidence> spoil) {
    // Given
    Evidence evidence = new Evidence();
    assertThat(proved(evidence.check())).isEqualTo(evidence.value);

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
            evidence.problem,
            evidence.dual,
            evidence.scale,
            evidence.minus,
            new Witness.Quadratic(
                evidence.mu, evidence.theta, evidence.sigma, evidence.metric, evidence.lambda));

    // Then
    assertThat(finding).isInstanceOf(Finding.Refuted.class);
  }

  @Test
  void refutesAMatrixThatIsDefiniteOnlyByRounding() {
    for (int seed = 0; seed < 100; seed++) {
      // Given: Q has the eigenvalue lambda up to some units in the last place.
      SplittableRandom random = new SplittableRandom(seed);
      int d = 4;
      double[] x = values(random, d, 1);
      x[0] = 1.5;
      double[] nu = {1.5};
      BigDecimal squares = Exact.dot(x, x);
      double mu = 0.7;
      BigDecimal eigenvalue =
          squares.multiply(Exact.of(1.5)).divide(Exact.of(4).multiply(Exact.of(mu)), Exact.DIGITS);
      double lambda = eigenvalue.doubleValue();
      lambda += (random.nextInt(9) - 4) * Math.ulp(lambda);
      Witness.Quadratic witness =
          new Witness.Quadratic(
              new double[] {mu}, new double[0], new double[0], new double[0], lambda);

      // When
      TauBound bound = TauBound.of(scaled(new Problem(1, d, x, new double[1], 1), nu), 1, witness);

      // Then
      if (bound instanceof TauBound.AtMost atMost) {
        assertThat(eigenvalue).isLessThan(Exact.of(lambda));
        assertThat(Exact.of(atMost.value()))
            .isGreaterThanOrEqualTo(quadratic(1, d, x, nu, witness));
      }
    }
  }

  // ---- the oracle

  private static BigDecimal valueOf(Problem problem, Network network) {
    int d = problem.d();
    BigDecimal loss = BigDecimal.ZERO;
    for (int i = 0; i < problem.n(); i++) {
      BigDecimal residual = Exact.of(problem.y()[i]).negate();
      for (int j = 0; j < network.m(); j++) {
        BigDecimal z =
            Exact.dot(
                Arrays.copyOfRange(problem.x(), i * d, (i + 1) * d),
                Arrays.copyOfRange(network.u(), j * d, (j + 1) * d));
        residual = residual.add(z.max(BigDecimal.ZERO).multiply(Exact.of(network.a()[j])));
      }
      loss = loss.add(residual.multiply(residual));
    }
    BigDecimal penalty =
        Exact.dot(network.u(), network.u()).add(Exact.dot(network.a(), network.a()));
    return loss.add(penalty.multiply(Exact.of(problem.beta()))).multiply(Exact.of(0.5));
  }

  private static BigDecimal valueOfL(Problem problem, double[] nu, BigDecimal s) {
    return s.multiply(Exact.dot(problem.y(), nu))
        .subtract(s.multiply(s).multiply(Exact.dot(nu, nu)).multiply(Exact.of(0.5)));
  }

  private static BigDecimal exactTau(Problem problem, double[] nu, Witness witness) {
    BigDecimal exact;
    if (witness instanceof Witness.Pairs pairs) {
      exact = PairsRungTest.formula(problem.n(), problem.d(), problem.x(), nu, pairs);
    } else if (witness instanceof Witness.Quadratic quadratic) {
      exact = quadratic(problem.n(), problem.d(), problem.x(), nu, quadratic);
    } else {
      exact = triangle(problem.n(), problem.d(), problem.x(), nu);
    }
    return Objects.requireNonNull(exact, "not positive definite");
  }

  private static BigDecimal triangle(int n, int d, double[] x, double[] nu) {
    BigDecimal squares = BigDecimal.ZERO;
    for (int k = 0; k < d; k++) {
      BigDecimal entry = BigDecimal.ZERO;
      for (int i = 0; i < n; i++) {
        entry = entry.add(Exact.of(x[i * d + k]).multiply(Exact.of(nu[i])));
      }
      squares = squares.add(entry.multiply(entry));
    }
    BigDecimal sum = squares.sqrt(Exact.DIGITS);
    for (int i = 0; i < n; i++) {
      BigDecimal norm = Exact.norm(Arrays.copyOfRange(x, i * d, (i + 1) * d));
      sum = sum.add(norm.multiply(Exact.of(Math.abs(nu[i]))));
    }
    return sum.multiply(Exact.of(0.5));
  }

  /** The formula of section 3.2; null when lambda I - Q is not positive definite. */
  private static @Nullable BigDecimal quadratic(
      int n, int d, double[] x, double[] nu, Witness.Quadratic witness) {
    BigDecimal constant = Exact.of(witness.lambda());
    BigDecimal[] c = new BigDecimal[d];
    BigDecimal[][] a = new BigDecimal[d][d];
    for (int k = 0; k < d; k++) {
      c[k] = BigDecimal.ZERO;
      for (int l = 0; l < d; l++) {
        a[k][l] = k == l ? Exact.of(witness.lambda()) : BigDecimal.ZERO;
      }
    }
    int p = 0;
    int q = 0;
    for (int i = 0; i < n; i++) {
      BigDecimal entry = Exact.of(nu[i]);
      double[] row = Arrays.copyOfRange(x, i * d, (i + 1) * d);
      BigDecimal[] image = exact(row); // what stands on the right of x_i in Q
      BigDecimal linear = BigDecimal.ZERO;
      BigDecimal curved = BigDecimal.ZERO;
      if (nu[i] > 0) {
        BigDecimal mu = Exact.of(witness.mu()[p++]);
        constant = constant.add(entry.multiply(mu).multiply(Exact.of(0.25)));
        linear = entry.multiply(Exact.of(0.5));
        curved = entry.divide(mu, Exact.DIGITS).multiply(Exact.of(0.25));
      } else if (nu[i] < 0) {
        BigDecimal theta = Exact.of(witness.theta()[q]);
        BigDecimal sigma = Exact.of(witness.sigma()[q++]);
        BigDecimal rest = BigDecimal.ONE.subtract(theta).multiply(sigma).add(BigDecimal.ONE);
        linear = entry.multiply(rest).multiply(Exact.of(0.5));
        image = metricTimes(witness.metric(), d, row);
        BigDecimal norm = norm(image);
        if (norm.signum() > 0) {
          curved = entry.multiply(theta).divide(norm, Exact.DIGITS).multiply(Exact.of(0.5));
        }
      }
      BigDecimal half = curved.multiply(Exact.of(0.5));
      for (int k = 0; k < d; k++) {
        BigDecimal left = Exact.of(row[k]);
        c[k] = c[k].add(linear.multiply(left));
        for (int l = 0; l < d; l++) {
          BigDecimal both = left.multiply(image[l]).add(image[k].multiply(Exact.of(row[l])));
          a[k][l] = a[k][l].subtract(half.multiply(both));
        }
      }
    }
    BigDecimal form = Exact.inverseForm(a, c);
    return form == null ? null : constant.add(form.multiply(Exact.of(0.25)));
  }

  /** {@code S x} with {@code S = W W'}; x when W is empty. */
  static BigDecimal[] metricTimes(double[] w, int d, double[] x) {
    BigDecimal[] result = exact(x);
    if (w.length > 0) {
      int rank = w.length / d;
      Arrays.fill(result, BigDecimal.ZERO);
      for (int j = 0; j < rank; j++) {
        BigDecimal product = BigDecimal.ZERO;
        for (int k = 0; k < d; k++) {
          product = product.add(Exact.of(w[k * rank + j]).multiply(Exact.of(x[k])), Exact.DIGITS);
        }
        for (int k = 0; k < d; k++) {
          result[k] = result[k].add(Exact.of(w[k * rank + j]).multiply(product), Exact.DIGITS);
        }
      }
    }
    return result;
  }

  static BigDecimal norm(BigDecimal[] values) {
    BigDecimal squares = BigDecimal.ZERO;
    for (BigDecimal value : values) {
      squares = squares.add(value.multiply(value), Exact.DIGITS);
    }
    return squares.sqrt(Exact.DIGITS);
  }

  private static BigDecimal[] exact(double[] values) {
    return Arrays.stream(values).mapToObj(Exact::of).toArray(BigDecimal[]::new);
  }

  /** {@code tau_+} for two columns from below: the best of many points of the circle. */
  private static double onCircle(int n, double[] x, double[] nu) {
    double best = 0;
    for (int step = 0; step < 5000; step++) {
      double angle = 2 * Math.PI * step / 5000;
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += nu[i] * Math.max(0, x[2 * i] * Math.cos(angle) + x[2 * i + 1] * Math.sin(angle));
      }
      best = Math.max(best, sum - 1e-12);
    }
    return best;
  }

  // ---- instances

  private static Problem problem() {
    Data data = GaussianData.noise(20, 3, 7);
    double beta = 0.2 * LocalAscent.betaMax(20, 3, data.x(), data.y());
    return new Problem(20, 3, data.x(), data.y(), beta);
  }

  /** The best bound of rung quadratic that the solver finds. */
  private static LowerBound quadratic(Problem problem) {
    List<LowerBound> found = new ArrayList<>();
    LiftedSolver.solve(problem, 0, Deadline.none(), found::add);
    return found.stream()
        .filter(bound -> bound.plus() instanceof Witness.Quadratic)
        .reduce((worse, better) -> better)
        .orElseThrow();
  }

  private static Witness.Quadratic randomWitness(SplittableRandom random, double[] nu, int d) {
    int positive = (int) Arrays.stream(nu).filter(v -> v > 0).count();
    int negative = (int) Arrays.stream(nu).filter(v -> v < 0).count();
    double[] mu = new double[positive];
    Arrays.setAll(mu, i -> Math.pow(10, 2 * random.nextDouble() - 1));
    double[] theta = new double[negative];
    Arrays.setAll(theta, i -> random.nextInt(4) == 0 ? random.nextInt(2) : random.nextDouble());
    double[] sigma = new double[negative];
    Arrays.setAll(sigma, i -> 2 * random.nextDouble() - 1);
    int rank = random.nextInt(4); // 0 stands for the identity
    double[] metric = values(random, d * rank, Math.pow(10, random.nextInt(5) - 2));
    return new Witness.Quadratic(mu, theta, sigma, metric, 3.0 * random.nextDouble() * d);
  }

  private static ScaledDual scaled(Problem problem, double[] nu) {
    return Objects.requireNonNull(ScaledDual.of(problem, nu));
  }

  private static double[] scaled(double[] values, int exponent) {
    return Arrays.stream(values).map(value -> Math.scalb(value, exponent)).toArray();
  }

  private static Witness scaled(Witness witness, int exponent) {
    return witness instanceof Witness.Quadratic quadratic
        ? new Witness.Quadratic(
            scaled(quadratic.mu(), exponent),
            quadratic.theta(),
            quadratic.sigma(),
            quadratic.metric(),
            Math.scalb(quadratic.lambda(), exponent))
        : witness;
  }

  private static double[] values(SplittableRandom random, int count, double scale) {
    double[] values = new double[count];
    Arrays.setAll(values, i -> scale * (2 * random.nextDouble() - 1));
    return values;
  }

  private static double[] negative(double[] values) {
    return Arrays.stream(values).map(value -> -value).toArray();
  }

  private static double proved(Finding finding) {
    assertThat(finding).isInstanceOf(Finding.Proved.class);
    return ((Finding.Proved) finding).value();
  }
}
