package io.gapstream.numerics.gates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Patterns are held against their definition, computed naively from the direction, and their number
 * against the count of cells of an arrangement, which is known in closed form.
 */
class GatesTest {

  @Property(tries = 50, seed = "1")
  void holdsThePatternOfEachDirectionOnce(
      @ForAll @IntRange(min = 1, max = 130) int n,
      @ForAll @IntRange(min = 1, max = 6) int d,
      @ForAll @IntRange(min = 1, max = 300) int samples,
      @ForAll long seed) {
    // Given
    Data data = GaussianData.noise(n, d, seed);

    // When
    Gates gates = Gates.sample(n, d, data.x(), samples, seed);

    // Then
    Set<String> seen = new HashSet<>();
    for (int p = 0; p < gates.count(); p++) {
      StringBuilder pattern = new StringBuilder();
      for (int i = 0; i < n; i++) {
        double z = 0;
        for (int k = 0; k < d; k++) {
          z += data.x()[i * d + k] * gates.directions()[p * d + k];
        }
        assertThat(gates.isActive(p, i)).isEqualTo(z >= 0);
        pattern.append(z >= 0 ? '1' : '0');
      }
      assertThat(pattern.toString()).contains("1");
      assertThat(seen.add(pattern.toString())).isTrue();
    }
    assertThat(gates.count()).isLessThanOrEqualTo(samples);
    assertThat(gates.words()).hasSize(gates.count() * gates.wordsPerPattern());
  }

  @Test
  void findsEveryPatternInThePlaneButTheEmptyOne() {
    // Given: n lines through the origin cut the plane into 2n cells.
    Data data = GaussianData.noise(6, 2, 5);

    // When
    Gates gates = Gates.sample(6, 2, data.x(), 20_000, 1);

    // Then
    boolean emptyExists = emptyPatternExists(data);
    assertThat(gates.count()).isEqualTo(emptyExists ? 11 : 12);
  }

  private static boolean emptyPatternExists(Data data) {
    for (int degree = 0; degree < 36_000; degree++) {
      double angle = Math.PI * degree / 18_000;
      boolean empty = true;
      for (int i = 0; i < data.n(); i++) {
        empty &= data.x()[2 * i] * Math.cos(angle) + data.x()[2 * i + 1] * Math.sin(angle) < 0;
      }
      if (empty) {
        return true;
      }
    }
    return false;
  }

  @Test
  void appendsPatternsWhenMoreAreSampled() {
    // Given
    Data data = GaussianData.noise(70, 4, 5);
    Gates few = Gates.sample(70, 4, data.x(), 100, 9);

    // When
    Gates many = Gates.sample(70, 4, data.x(), 1000, 9);

    // Then
    assertThat(many.count()).isGreaterThan(few.count());
    assertThat(Arrays.copyOf(many.words(), few.words().length)).isEqualTo(few.words());
  }

  @Test
  void givesTheSamePatternsForTheSameSeed() {
    // Given
    Data data = GaussianData.noise(70, 4, 5);

    // When
    Gates first = Gates.sample(70, 4, data.x(), 100, 9);
    Gates second = Gates.sample(70, 4, data.x(), 100, 9);
    Gates other = Gates.sample(70, 4, data.x(), 100, 10);

    // Then
    assertThat(second.words()).isEqualTo(first.words());
    assertThat(second.directions()).isEqualTo(first.directions());
    assertThat(other.words()).isNotEqualTo(first.words());
  }

  @Test
  void givesTheSamePatternsAtAnyScale() {
    // Given
    Data data = GaussianData.noise(30, 3, 5);
    Gates gates = Gates.sample(30, 3, data.x(), 100, 9);

    // When
    double[] huge = Arrays.stream(data.x()).map(v -> Math.scalb(v, 1020)).toArray();
    double[] tiny = Arrays.stream(data.x()).map(v -> Math.scalb(v, -900)).toArray();

    // Then
    assertThat(Gates.sample(30, 3, huge, 100, 9).words()).isEqualTo(gates.words());
    assertThat(Gates.sample(30, 3, tiny, 100, 9).words()).isEqualTo(gates.words());
  }

  @Test
  void hasNoPatternWhenNoRowIsEverActive() {
    // Given one row, which one of two opposite directions leaves inactive.
    double[] x = {1};

    // When
    Gates gates = Gates.sample(1, 1, x, 1000, 1);

    // Then
    assertThat(gates.count()).isEqualTo(1);
    assertThat(gates.isActive(0, 0)).isTrue();
  }

  @Test
  void takesZeroRowsAsActive() {
    // When
    Gates gates = Gates.sample(2, 1, new double[] {0, 1}, 100, 1);

    // Then
    assertThat(gates.count()).isEqualTo(2);
    assertThat(gates.isActive(0, 0)).isTrue();
    assertThat(gates.isActive(1, 0)).isTrue();
  }

  @Test
  void reproducesTheSampledPatternsFromTheirDirectionsAtAnyScale() {
    // Given
    Data data = GaussianData.noise(70, 5, 4);
    Gates sampled = Gates.sample(70, 5, data.x(), 100, 4);
    double[] scaled = Arrays.stream(sampled.directions()).map(g -> g * 0x1p1000).toArray();

    // When
    Gates given = Gates.of(70, 5, data.x(), scaled);

    // Then
    assertThat(given.count()).isEqualTo(sampled.count());
    assertThat(given.words()).isEqualTo(sampled.words());
  }

  @Test
  void takesEachPatternOfGivenVectorsOnceAndNoEmptyOne() {
    // Given
    double[] x = {1, 0, 0, 1};
    double[] vectors = {1, 1, 5, 2, -1, -1, 0, 0, 1, -1};

    // When
    Gates gates = Gates.of(2, 2, x, vectors);

    // Then: both rows from (1, 1), the first alone from (1, -1).
    assertThat(gates.count()).isEqualTo(2);
    assertThat(gates.words()).containsExactly(0b11, 0b01);
  }

  @Test
  void refusesGivenVectorsThatDoNotFit() {
    // Given
    double[] x = {1, 0, 0, 1};

    // Then
    assertThatThrownBy(() -> Gates.of(2, 2, x, new double[] {1, 1, 1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 values");
    assertThatThrownBy(() -> Gates.of(2, 2, x, new double[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one");
    assertThatThrownBy(() -> Gates.of(2, 2, x, new double[] {1, Double.NaN}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN");
  }

  @Test
  void refusesNumbersOutOfRange() {
    assertThatThrownBy(() -> Gates.sample(2, 2, new double[4], 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0; sample at least one");
    assertThatThrownBy(() -> Gates.sample(2, 2, new double[3], 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 x 2");
  }
}
