package io.gapstream.numerics.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/**
 * The pinned values hold the generator still over versions and machines; they were printed once and
 * say nothing about the distribution, which the moments of large samples do.
 */
class GaussianDataTest {

  @Test
  void givesTheSameNumbersForEver() {
    // When
    Data noise = GaussianData.noise(3, 2, 7);
    Data teacher = GaussianData.teacher(3, 2, 3, 0.5, 7);

    // Then
    assertThat(noise.x())
        .containsExactly(
            -0.9996501419415775,
            -2.061366329464096,
            -0.5915174440521369,
            -0.0841090990733782,
            -1.0527556624887762,
            1.4127930498986967);
    assertThat(noise.y())
        .containsExactly(-1.3124218512150834, -1.726342014045515, 1.068152762765853);
    assertThat(teacher.y())
        .containsExactly(1.1294337031508617, -0.4875048231281063, 0.7372492085790959);
  }

  @Test
  void keepsFeaturesWhateverTheLabels() {
    // When
    Data noise = GaussianData.noise(20, 3, 11);
    Data teacher = GaussianData.teacher(20, 3, 5, 0.1, 11);

    // Then
    assertThat(teacher.x()).isEqualTo(noise.x());
    assertThat(teacher.y()).isNotEqualTo(noise.y());
  }

  @Test
  void keepsTheTeacherWhateverTheNoise() {
    // Given
    Data silent = GaussianData.teacher(50, 3, 5, 0, 11);
    Data unit = GaussianData.noise(50, 3, 11);

    // When
    Data noisy = GaussianData.teacher(50, 3, 5, 2, 11);

    // Then
    for (int i = 0; i < 50; i++) {
      assertThat(noisy.y()[i] - silent.y()[i]).isCloseTo(2 * unit.y()[i], within(1e-12));
    }
  }

  @Test
  void hasTheMomentsOfGaussians() {
    // When
    Data data = GaussianData.noise(40_000, 2, 3);

    // Then
    assertThat(moment(data.x(), 1)).isCloseTo(0, within(0.02));
    assertThat(moment(data.x(), 2)).isCloseTo(1, within(0.03));
    assertThat(moment(data.x(), 4)).isCloseTo(3, within(0.15));
    assertThat(moment(data.y(), 2)).isCloseTo(1, within(0.04));
  }

  @Test
  void teachesOneReluWithOneNeuron() {
    // When
    Data data = GaussianData.teacher(200, 1, 1, 0, 5);

    // Then the labels are a multiple of (x)_+ or of (-x)_+.
    boolean rising = false;
    boolean falling = false;
    for (int i = 0; i < 200; i++) {
      assertThat(data.y()[i]).isNotNegative();
      rising |= data.x()[i] > 0 && data.y()[i] > 0;
      falling |= data.x()[i] < 0 && data.y()[i] > 0;
    }
    assertThat(rising ^ falling).isTrue();
  }

  @Test
  void refusesNumbersOutOfRange() {
    assertThatThrownBy(() -> GaussianData.noise(0, 2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 x 2");
    assertThatThrownBy(() -> GaussianData.noise(100_000, 100_000, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("100000 x 100000");
    assertThatThrownBy(() -> GaussianData.teacher(5, 2, 0, 0.1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 neurons");
    assertThatThrownBy(() -> GaussianData.teacher(5, 2, 1, Double.NaN, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN");
    assertThatThrownBy(() -> GaussianData.teacher(5, 2, 1, -1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1.0");
  }

  @Test
  void refusesDataThatIsNotFiniteOrOfAnotherShape() {
    assertThatThrownBy(() -> new Data(1, 2, new double[] {1, Double.NaN}, new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("X holds NaN at position 1");
    assertThatThrownBy(() -> new Data(2, 2, new double[3], new double[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 values");
  }

  private static double moment(double[] values, int power) {
    double sum = 0;
    for (double value : values) {
      sum += Math.pow(value, power);
    }
    return sum / values.length;
  }
}
