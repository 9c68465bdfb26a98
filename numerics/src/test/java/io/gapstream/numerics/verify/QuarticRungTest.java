package io.gapstream.numerics.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.bound.Witness;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.quartic.QuarticTau;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The oracle evaluates the sum of activations, and the identity that a witness claims, at points of
 * the sphere in decimal arithmetic of 80 digits: it neither expands polynomials nor bounds
 * rounding.
 */
class QuarticRungTest {

  @ParameterizedTest
  @CsvSource({"1, 12", "2, 20", "3, 15", "4, 30"})
  void provesHardlyMoreThanTheIdentityOfTheWitness(int d, int n) {
    // Given
    Instance instance = new Instance(n, d, d);

    // When
    double tau = atMost(instance.bound(instance.witness));

    // Then: polynomials and squares add up to T everywhere on the sphere
    SplittableRandom random = new SplittableRandom(7);
    for (int point = 0; point < 20; point++) {
      BigDecimal[] u = pointOfSphere(random, d);
      double identity =
          instance.polynomials(u).add(instance.squares(u, instance.witness.gram())).doubleValue();
      assertThat(tau).isBetween(identity, identity * (1 + 1e-6));
      assertThat(Exact.of(tau)).isGreaterThanOrEqualTo(instance.activations(u));
    }
  }

  @Test
  void neverFallsBelowTheMaximumWhateverTheWitnessHolds() {
    // Given
    Instance instance = new Instance(20, 2, 3);
    double largest = instance.largestOnCircle();
    SplittableRandom random = new SplittableRandom(8);
    int proved = 0;
    for (int round = 0; round < 300; round++) {
      Witness.Quartic witness = instance.mutated(random);

      // When
      TauBound bound = instance.bound(witness);

      // Then
      if (bound instanceof TauBound.AtMost atMost) {
        proved++;
        assertThat(atMost.value()).isGreaterThanOrEqualTo(largest);
      }
    }
    assertThat(proved).isBetween(50, 299);
  }

  @Test
  void provesLessOfAWitnessForAnotherVector() {
    // Given
    Instance instance = new Instance(20, 2, 4);
    Instance other = new Instance(20, 2, 4);
    int largest = 0;
    for (int i = 0; i < 20; i++) {
      largest = Math.abs(other.nu[i]) > Math.abs(other.nu[largest]) ? i : largest;
    }
    other.nu[largest] *= 1.2;

    // When
    double tau = atMost(other.bound(instance.witness));

    // Then
    assertThat(tau).isGreaterThan(atMost(instance.bound(instance.witness)));
    assertThat(tau).isGreaterThanOrEqualTo(other.largestOnCircle());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.5, 1.0000001, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesATouchOutOfRange(double touch) {
    // Given
    Instance instance = new Instance(10, 2, 5);
    double[] touches = instance.witness.touch().clone();
    touches[1] = touch;

    // When
    TauBound bound =
        instance.bound(
            new Witness.Quartic(
                touches,
                instance.witness.slope(),
                instance.witness.offset(),
                instance.witness.gram()));

    // Then
    assertThat(reason(bound)).contains("touch", String.valueOf(touch), "position 1");
  }

  @ParameterizedTest
  @CsvSource({"-0.1, 0", "1e30, 0", "NaN, 0", "1, 1.0000001", "1, -2", "1, NaN"})
  void refusesASlopeOrAnOffsetOutOfRange(double slope, double offset) {
    // Given
    Instance instance = new Instance(10, 2, 5);
    double[] slopes = instance.witness.slope().clone();
    slopes[0] = slope;
    double[] offsets = instance.witness.offset().clone();
    offsets[0] = offset;

    // When
    TauBound bound =
        instance.bound(
            new Witness.Quartic(
                instance.witness.touch(), slopes, offsets, instance.witness.gram()));

    // Then
    assertThat(reason(bound)).contains("slope", "offset", "position 0");
  }

  @Test
  void refusesArraysOfOtherLengths() {
    // Given
    Instance instance = new Instance(10, 2, 5);
    Witness.Quartic good = instance.witness;
    double[] longer = new double[11];

    // When, Then
    assertThat(
            reason(
                instance.bound(
                    new Witness.Quartic(longer, good.slope(), good.offset(), good.gram()))))
        .contains("11 touch");
    assertThat(
            reason(
                instance.bound(
                    new Witness.Quartic(good.touch(), longer, good.offset(), good.gram()))))
        .contains("11 slope");
    assertThat(
            reason(
                instance.bound(
                    new Witness.Quartic(good.touch(), good.slope(), longer, good.gram()))))
        .contains("11 offset");
    assertThat(
            reason(
                instance.bound(
                    new Witness.Quartic(good.touch(), good.slope(), good.offset(), longer))))
        .contains("gram has 11 entries", "must have 15");
  }

  @Test
  void refusesMoreColumnsThanItCanExpand() {
    // Given
    double[] x = new double[25];
    x[0] = 1;
    ScaledDual scaled =
        Objects.requireNonNull(
            ScaledDual.of(new Problem(1, 25, x, new double[1], 1), new double[] {1}));
    Witness.Quartic witness =
        new Witness.Quartic(
            new double[] {1}, new double[0], new double[0], new double[350 * 351 / 2]);

    // When
    TauBound bound = TauBound.of(scaled, 1, witness);

    // Then
    assertThat(reason(bound)).contains("25 columns");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.NEGATIVE_INFINITY, 1e200, -1})
  void refusesAGramMatrixThatIsNotOne(double factor) {
    // Given
    Instance instance = new Instance(10, 2, 5);
    double[] gram = Arrays.stream(instance.witness.gram()).map(entry -> factor * entry).toArray();

    // When
    TauBound bound =
        instance.bound(
            new Witness.Quartic(
                instance.witness.touch(),
                instance.witness.slope(),
                instance.witness.offset(),
                gram));

    // Then
    assertThat(reason(bound)).contains("gram is");
  }

  @Test
  void boundsTinyRowsAndZeroRows() {
    // Given
    double[] x = {1.5, 0, 0, 0, 0x1p-300, 0x1p-300, -0x1p-300, 0, 0.5, 1};
    double[] nu = {1.25, 1, 1, -1, -0.5};
    double[] gram = {1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1};
    Witness.Quartic witness =
        new Witness.Quartic(
            new double[] {0.5, 1, 1}, new double[] {1, 2}, new double[] {0, 0.5}, gram);
    ScaledDual scaled =
        Objects.requireNonNull(ScaledDual.of(new Problem(5, 2, x, new double[5], 1), nu));

    // When
    double tau = atMost(TauBound.of(scaled, 1, witness));

    // Then
    assertThat(tau).isBetween(1.875, 20.0);
  }

  // ---- an instance with a witness that the solver found

  private static final class Instance {
    final int n;
    final int d;
    final double[] x;
    final double[] nu;
    final Witness.Quartic witness;

    Instance(int n, int d, long seed) {
      Data data = GaussianData.noise(n, d, seed);
      this.n = n;
      this.d = d;
      x = data.x();
      nu = data.y();
      witness = Objects.requireNonNull(QuarticTau.bound(n, d, x, nu, Deadline.none())).witness();
    }

    /** In the units of the problem: powers of two. */
    TauBound bound(Witness witness) {
      ScaledDual scaled =
          Objects.requireNonNull(ScaledDual.of(new Problem(n, d, x, new double[n], 1), nu));
      double unit = scaled.roundTau(1);
      TauBound bound = TauBound.of(scaled, 1, witness);
      return bound instanceof TauBound.AtMost atMost
          ? new TauBound.AtMost(atMost.value() / unit)
          : bound;
    }

    Witness.Quartic mutated(SplittableRandom random) {
      double[] touch = witness.touch().clone();
      double[] slope = witness.slope().clone();
      double[] offset = witness.offset().clone();
      double[] gram = witness.gram().clone();
      for (double[] values : new double[][] {touch, slope, offset, gram}) {
        if (random.nextInt(3) == 0) {
          values[random.nextInt(values.length)] *= 2 * random.nextDouble();
        }
      }
      return new Witness.Quartic(touch, slope, offset, gram);
    }

    double largestOnCircle() {
      double largest = 0;
      for (int step = 0; step < 5000; step++) {
        double angle = 2 * Math.PI * step / 5000;
        double sum = 0;
        for (int i = 0; i < n; i++) {
          double t = x[2 * i] * Math.cos(angle) + x[2 * i + 1] * Math.sin(angle);
          sum += nu[i] * Math.max(t, 0);
        }
        largest = Math.max(largest, sum);
      }
      return largest;
    }

    BigDecimal activations(BigDecimal[] u) {
      BigDecimal sum = BigDecimal.ZERO;
      for (int i = 0; i < n; i++) {
        sum = sum.add(Exact.of(nu[i]).multiply(product(i, u).max(BigDecimal.ZERO)));
      }
      return sum;
    }

    /** {@code sum_i |nu_i| r_i p_i(t_i)}, from the formulas of docs/mathematics.md. */
    BigDecimal polynomials(BigDecimal[] u) {
      BigDecimal sum = BigDecimal.ZERO;
      int p = 0;
      int q = 0;
      for (int i = 0; i < n; i++) {
        BigDecimal r = Exact.norm(Arrays.copyOfRange(x, i * d, (i + 1) * d));
        BigDecimal t = product(i, u).divide(r, Exact.DIGITS);
        BigDecimal value;
        if (nu[i] > 0) {
          BigDecimal w = Exact.of(witness.touch()[p++]);
          BigDecimal size = t.abs();
          // |t| plus what vanishes twice at omega and once at 1
          BigDecimal gap =
              size.subtract(w)
                  .pow(2)
                  .multiply(BigDecimal.ONE.subtract(size))
                  .multiply(size.add(w).add(w).add(BigDecimal.ONE))
                  .divide(
                      w.multiply(w.add(BigDecimal.ONE).pow(2)).multiply(Exact.of(2)), Exact.DIGITS);
          value = t.add(size).add(gap).divide(Exact.of(2), Exact.DIGITS);
        } else {
          BigDecimal z =
              Exact.of(witness.slope()[q]).multiply(t).add(Exact.of(witness.offset()[q++]));
          value =
              z.add(BigDecimal.ONE)
                  .pow(2)
                  .multiply(Exact.of(2).subtract(z))
                  .multiply(t)
                  .divide(Exact.of(-4), Exact.DIGITS);
        }
        sum = sum.add(Exact.of(Math.abs(nu[i])).multiply(r).multiply(value));
      }
      return sum;
    }

    BigDecimal squares(BigDecimal[] u, double[] gram) {
      BigDecimal[] v = new BigDecimal[d + d * (d + 1) / 2];
      for (int a = 0, k = d; a < d; a++) {
        v[a] = u[a];
        for (int b = a; b < d; b++, k++) {
          v[k] = u[a].multiply(u[b]);
        }
      }
      BigDecimal sum = BigDecimal.ZERO;
      for (int i = 0, k = 0; i < v.length; i++) {
        for (int j = 0; j <= i; j++, k++) {
          sum = sum.add(Exact.of(i == j ? gram[k] : 2 * gram[k]).multiply(v[i]).multiply(v[j]));
        }
      }
      return sum;
    }

    private BigDecimal product(int row, BigDecimal[] u) {
      BigDecimal sum = BigDecimal.ZERO;
      for (int a = 0; a < d; a++) {
        sum = sum.add(Exact.of(x[row * d + a]).multiply(u[a]));
      }
      return sum;
    }
  }

  private static BigDecimal[] pointOfSphere(SplittableRandom random, int d) {
    double[] values = random.doubles(d).map(value -> 2 * value - 1).toArray();
    BigDecimal norm = Exact.norm(values);
    return Arrays.stream(values)
        .mapToObj(value -> Exact.of(value).divide(norm, Exact.DIGITS))
        .toArray(BigDecimal[]::new);
  }

  private static double atMost(TauBound bound) {
    assertThat(bound).isInstanceOf(TauBound.AtMost.class);
    return ((TauBound.AtMost) bound).value();
  }

  private static String reason(TauBound bound) {
    assertThat(bound).isInstanceOf(TauBound.Nothing.class);
    return ((TauBound.Nothing) bound).reason();
  }
}
