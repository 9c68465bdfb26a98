package io.gapstream.numerics.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Moments are checked in decimal arithmetic, which shares no rounding with the code. */
class StandardizationTest {

  @Property(tries = 100, seed = "1")
  void givesMeanZeroAndDeviationOneAtAnyScale(
      @ForAll @IntRange(min = 2, max = 40) int n,
      @ForAll long seed,
      @ForAll @IntRange(min = -150, max = 150) int exponent,
      @ForAll @DoubleRange(min = -1000, max = 1000) double shift) {
    // Given
    Data raw = GaussianData.noise(n, 2, seed);
    double scale = Math.pow(10, exponent);
    double[] x = Arrays.stream(raw.x()).map(v -> scale * (v + shift)).toArray();
    Data data = new Data(n, 2, x, raw.y());

    // When
    Standardization result = Standardization.of(data);

    // Then
    for (int k = 0; k < 2; k++) {
      double[] column = column(result.data(), k);
      assertThat(mean(column)).isCloseTo(0, within(1e-14));
      assertThat(meanSquare(column)).isCloseTo(1, within(1e-13));
      assertThat(result.featureScales()[k]).isPositive();
      for (int i = 0; i < n; i++) {
        double restored = column[i] * result.featureScales()[k] + result.featureMeans()[k];
        assertThat(restored).isCloseTo(x[2 * i + k], within(1e-12 * scale * (1 + Math.abs(shift))));
      }
    }
    assertThat(mean(result.data().y())).isCloseTo(0, within(1e-14));
  }

  @Test
  void takesThePopulationDeviation() {
    // When
    Standardization result =
        Standardization.of(new Data(2, 1, new double[] {1, 3}, new double[] {0, 10}));

    // Then
    assertThat(result.data().x()).containsExactly(-1, 1);
    assertThat(result.featureMeans()).containsExactly(2);
    assertThat(result.featureScales()).containsExactly(1);
    assertThat(result.targetMean()).isEqualTo(5);
    assertThat(result.targetScale()).isEqualTo(5);
  }

  @Test
  void takesTheLargestNumbersThereAre() {
    // Given
    double huge = Double.MAX_VALUE;

    // When
    Standardization result =
        Standardization.of(new Data(2, 1, new double[] {-huge, huge}, new double[] {huge, 0}));

    // Then
    assertThat(result.data().x()).containsExactly(-1, 1);
    assertThat(result.featureScales()).containsExactly(huge);
    assertThat(result.data().y()).containsExactly(1, -1);
  }

  @Test
  void refusesAConstantColumnAndNamesIt() {
    // Given
    Data data = new Data(3, 2, new double[] {1, 4, 2, 4, 3, 4}, new double[] {1, 2, 3});

    // When, Then
    assertThatThrownBy(() -> Standardization.of(data))
        .isInstanceOfSatisfying(
            ConstantColumnException.class,
            e -> {
              assertThat(e.column()).isEqualTo(1);
              assertThat(e.value()).isEqualTo(4);
            });
  }

  @Test
  void refusesAColumnThatVariesByRoundingOnly() {
    // Given
    Data data = new Data(2, 1, new double[] {0.1 + 0.2, 0.3}, new double[] {1, 2});

    // When, Then
    assertThatThrownBy(() -> Standardization.of(data)).isInstanceOf(ConstantColumnException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "4, 4, is 4.0 in every row",
    "0, 0, is 0.0 in every row",
    "9007199254740992, 9007199254740992, is 9007199254740992 in every row once it is read as float64",
    "-9007199254740994, -9007199254740994, whole numbers above 2^53",
    "-1e300, -1e300, is -1.0E300 in every row",
    "2251799813685248.5, 2251799813685248.5, is 2.2517998136852485E15 in every row",
    "14.62, 14.620000000000001, 'nearly constant: it lies between 14.62 and 14.620000000000001, which varies by 1.2e-16'",
    "-1.7976931348623157e308, -1.7976931348623155e308, which varies by 1.1e-16 of its size"
  })
  void saysWhetherAColumnIsConstantOrNearlySo(double first, double second, String reason) {
    // Given
    Data data = new Data(2, 1, new double[] {first, second}, new double[] {1, 2});

    // When, Then
    assertThatThrownBy(() -> Standardization.of(data)).hasMessageContaining(reason);
  }

  @Test
  void keepsAColumnThatVariesLittleButReally() {
    // Given
    Data data = new Data(2, 1, new double[] {1e9, 1e9 + 1}, new double[] {1, 2});

    // When
    Standardization result = Standardization.of(data);

    // Then
    assertThat(result.data().x()[0]).isCloseTo(-1, within(1e-6));
    assertThat(result.data().x()[1]).isCloseTo(1, within(1e-6));
  }

  @Test
  void refusesAConstantTarget() {
    // Given
    Data data = new Data(2, 1, new double[] {1, 2}, new double[] {0, 0});

    // When, Then
    assertThatThrownBy(() -> Standardization.of(data))
        .isInstanceOfSatisfying(
            ConstantColumnException.class,
            e -> assertThat(e.column()).isEqualTo(ConstantColumnException.TARGET));
  }

  @Test
  void appendsAColumnOfOnes() {
    // When
    Data result =
        Standardization.appendOnes(new Data(2, 2, new double[] {1, 2, 3, 4}, new double[] {5, 6}));

    // Then
    assertThat(result.d()).isEqualTo(3);
    assertThat(result.x()).containsExactly(1, 2, 1, 3, 4, 1);
    assertThat(result.y()).containsExactly(5, 6);
  }

  private static double[] column(Data data, int k) {
    double[] column = new double[data.n()];
    for (int i = 0; i < data.n(); i++) {
      column[i] = data.x()[i * data.d() + k];
    }
    return column;
  }

  private static double mean(double[] values) {
    BigDecimal sum = BigDecimal.ZERO;
    for (double value : values) {
      sum = sum.add(new BigDecimal(value));
    }
    return sum.divide(BigDecimal.valueOf(values.length), MathContext.DECIMAL128).doubleValue();
  }

  private static double meanSquare(double[] values) {
    BigDecimal sum = BigDecimal.ZERO;
    for (double value : values) {
      sum = sum.add(new BigDecimal(value).pow(2));
    }
    return sum.divide(BigDecimal.valueOf(values.length), MathContext.DECIMAL128).doubleValue();
  }
}
