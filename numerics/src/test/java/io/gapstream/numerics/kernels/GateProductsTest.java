package io.gapstream.numerics.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.gates.Gates;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** The oracle is the definition: loops over patterns, rows and columns, without any table. */
class GateProductsTest {

  private interface Form {
    GateProducts of(Gates gates, double[] x, int[] patterns);
  }

  private static GateProducts vectors(Gates gates, double[] x, int[] patterns) {
    return new VectorProducts(gates, x, patterns, Deadline.none());
  }

  @Property(tries = 60, seed = "1")
  void multipliesByTablesAsTheDefinitionDoes(
      @ForAll @IntRange(min = 1, max = 150) int n,
      @ForAll @IntRange(min = 1, max = 140) int d,
      @ForAll @IntRange(min = 1, max = 90) int samples,
      @ForAll @LongRange(min = 0, max = 999) long seed) {
    check(GateProducts::plain, n, d, samples, seed);
  }

  @Property(tries = 60, seed = "2")
  void multipliesByVectorsAsTheDefinitionDoes(
      @ForAll @IntRange(min = 1, max = 150) int n,
      @ForAll @IntRange(min = 1, max = 140) int d,
      @ForAll @IntRange(min = 1, max = 90) int samples,
      @ForAll @LongRange(min = 0, max = 999) long seed) {
    check(GateProductsTest::vectors, n, d, samples, seed);
  }

  @Property(tries = 120, seed = "3")
  void multipliesByTilesAsTheDefinitionDoes(
      @ForAll @IntRange(min = 1, max = 150) int n,
      @ForAll @IntRange(min = 1, max = 40) int d,
      @ForAll @IntRange(min = 1, max = 90) int samples,
      @ForAll @LongRange(min = 0, max = 999) long seed) {
    check(VectorTileProducts::new, n, d, samples, seed);
  }

  @Test
  void multipliesByTilesAroundWholeOnes() {
    for (int n : new int[] {1, 7, 8, 9, 31, 32, 33, 63, 64, 65}) {
      for (int d : new int[] {1, 4, 5, 6, 10}) {
        for (int samples : new int[] {1, 15, 16, 17, 63, 64, 65, 130}) {
          check(VectorTileProducts::new, n, d, samples, n);
        }
      }
    }
  }

  @Test
  void multipliesByNoPatterns() {
    for (Form form :
        new Form[] {GateProducts::plain, GateProductsTest::vectors, VectorTileProducts::new}) {
      // Given
      Data data = GaussianData.noise(5, 3, 0);
      Gates gates = Gates.sample(5, 3, data.x(), 4, 0);
      GateProducts products = form.of(gates, data.x(), new int[0]);
      double[] forward = {1, 2, 3, 4, 5};

      // When
      products.forward(new double[0][3], forward);
      products.adjoint(data.y(), new double[0][3]);

      // Then
      assertThat(forward).containsOnly(0);
    }
  }

  @Test
  void multipliesMoreRowsThanTheCachesHold() {
    check(GateProductsTest::vectors, 2_500, 33, 60, 3);
    check(VectorTileProducts::new, 2_500, 33, 60, 3);
    check(GateProducts::plain, 2_500, 33, 60, 3);
  }

  @Test
  void multipliesByMorePatternsThanTheCachesHold() {
    check(GateProductsTest::vectors, 40, 33, 2_500, 4);
    check(VectorTileProducts::new, 40, 33, 2_500, 4);
    check(GateProducts::plain, 40, 33, 2_500, 4);
  }

  @Test
  void choosesVectorsWhereTheyAreThere() {
    // When
    GateProducts chosen = chosen(1_000, 10, 1_000);

    // Then
    assertThat(chosen).isInstanceOf(VectorProducts.class);
    assertThat(chosen.count()).isEqualTo(1_000);
  }

  @Test
  void choosesTilesForFewRowsAndPatternsWhereVectorsAreWide() {
    // Given
    Class<?> form =
        VectorTileProducts.LANES == VectorTileProducts.BEST_LANES
            ? VectorTileProducts.class
            : VectorProducts.class;

    // When
    GateProducts chosen = chosen(100, 10, 200);

    // Then
    assertThat(chosen).isInstanceOf(form);
    assertThat(chosen.count()).isEqualTo(200);
  }

  @Test
  void choosesTablesWhereTilesWouldBePadded() {
    // When
    GateProducts chosen = chosen(100, 16, 200);

    // Then
    assertThat(chosen).isInstanceOf(VectorProducts.class);
  }

  private static GateProducts chosen(int n, int d, int count) {
    Data data = GaussianData.noise(n, d, 0);
    Gates gates = Gates.sample(n, d, data.x(), count, 0);
    return GateProducts.of(gates, data.x(), IntStream.range(0, gates.count()).toArray());
  }

  private static void check(Form form, int n, int d, int samples, long seed) {
    // Given every second pattern
    Data data = GaussianData.noise(n, d, seed);
    Gates gates = Gates.sample(n, d, data.x(), samples, seed);
    int[] patterns = new int[(gates.count() + 1) / 2];
    for (int j = 0; j < patterns.length; j++) {
      patterns[j] = 2 * j;
    }
    Random random = new Random(seed);
    double[][] w = new double[patterns.length][d];
    for (double[] row : w) {
      for (int k = 0; k < d; k++) {
        row[k] = random.nextGaussian();
      }
    }

    // When
    GateProducts products = form.of(gates, data.x(), patterns);
    double[] forward = new double[n];
    products.forward(w, forward);
    double[][] adjoint = new double[patterns.length][d];
    products.adjoint(data.y(), adjoint);

    // Then
    double[] expectedForward = new double[n];
    for (int j = 0; j < patterns.length; j++) {
      double[] expected = new double[d];
      for (int i = 0; i < n; i++) {
        for (int k = 0; k < d && gates.isActive(patterns[j], i); k++) {
          expectedForward[i] += data.x()[i * d + k] * w[j][k];
          expected[k] += data.x()[i * d + k] * data.y()[i];
        }
      }
      assertThat(adjoint[j]).containsExactly(expected, within(1e-11 * n));
    }
    assertThat(forward).containsExactly(expectedForward, within(1e-11 * samples * d));
  }
}
