package io.gapstream.numerics.quartic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The oracle is a measure with few atoms, whose expectations are sums; derivatives are compared
 * with differences of values. Neither knows how the polynomials are found.
 */
class RowBoundsTest {

  private final RowBounds bounds = new RowBounds();

  @Test
  void encloseTheExpectationOfEveryMeasure() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 2000; round++) {
      // Given
      int atoms = 1 + random.nextInt(5);
      double[] m = new double[5];
      double expectation = 0;
      for (int j = 0; j < atoms; j++) {
        double t = 2 * random.nextDouble() - 1;
        double mass = 3 * random.nextDouble();
        addAtom(t, mass, m);
        expectation += mass * Math.max(t, 0);
      }

      // When
      bounds.upper(m);
      double upper = bounds.value;
      bounds.lower(m);
      double lower = bounds.value;

      // Then
      double room = 1e-9 * m[0];
      assertThat(upper).isGreaterThanOrEqualTo(expectation - room);
      assertThat(lower).isLessThanOrEqualTo(expectation + room);
    }
  }

  @Test
  void areTheExpectationWhereTheMomentsLeaveNoChoice() {
    // Given: two atoms, one on each side
    double[] m = new double[5];
    addAtom(0.7, 2, m);
    addAtom(-0.3, 1, m);

    // When
    bounds.lower(m);

    // Then
    assertThat(bounds.value).isCloseTo(1.4, within(1e-12));
    assertThat(bounds.slope).isCloseTo(2, within(1e-12));
    assertThat(bounds.offset).isCloseTo(-0.4, within(1e-12));

    // Given: a symmetric measure with atoms in one distance and at the ends
    double[] even = new double[5];
    for (int sign = -1; sign <= 1; sign += 2) {
      addAtom(0.4 * sign, 1, even);
      addAtom(sign, 0.1, even);
    }

    // When
    bounds.upper(even);

    // Then
    assertThat(bounds.value).isCloseTo(0.5, within(1e-12));
    assertThat(bounds.touch).isCloseTo(0.4, within(1e-12));
  }

  @Test
  void areLinearWhereOneSideHasNoMass() {
    // Given
    double[] positive = new double[5];
    addAtom(0.2, 1, positive);
    addAtom(0.5, 1, positive);
    addAtom(0.9, 1, positive);
    double[] negative = {positive[0], -positive[1], positive[2], -positive[3], positive[4]};

    // When
    bounds.lower(positive);
    double ofPositive = bounds.value;
    bounds.lower(negative);

    // Then
    assertThat(ofPositive).isEqualTo(positive[1]);
    assertThat(bounds.value).isZero();
  }

  @Test
  void areNoSteeperThanTheProofCanBear() {
    // Given: so close to the kink that the best polynomial would have a slope of 5000
    double[] m = new double[5];
    addAtom(2e-4, 1, m);
    addAtom(-2e-4, 2, m);

    // When
    bounds.lower(m);

    // Then
    assertThat(bounds.slope).isEqualTo(300);
    assertThat(bounds.value).isBetween(1e-6, 2e-4);
  }

  @Test
  void haveTheDerivativesOfTheirValues() {
    SplittableRandom random = new SplittableRandom(2);
    for (int round = 0; round < 200; round++) {
      // Given: a measure with mass everywhere
      double[] m = new double[5];
      for (int j = 0; j < 12; j++) {
        addAtom((j + random.nextDouble()) / 6 - 1, random.nextDouble(), m);
      }
      boolean upper = round % 2 == 0;

      // When
      compute(upper, m);

      // Then
      double[] gradient = bounds.gradient.clone();
      double[] hessian = bounds.hessian.clone();
      for (int k = 0; k < 5; k++) {
        double width = 1e-6 * m[k];
        double[] moved = m.clone();
        moved[k] += width;
        compute(upper, moved);
        double after = bounds.value;
        double[] gradientAfter = bounds.gradient.clone();
        moved[k] -= 2 * width;
        compute(upper, moved);
        assertThat((after - bounds.value) / (2 * width)).isCloseTo(gradient[k], within(1e-5));
        for (int l = 0; l < 5; l++) {
          assertThat((gradientAfter[l] - bounds.gradient[l]) / (2 * width))
              .isCloseTo(hessian[5 * k + l], within(1e-3 * (1 + Math.abs(hessian[5 * k + l]))));
        }
      }
    }
  }

  private void compute(boolean upper, double[] m) {
    if (upper) {
      bounds.upper(m);
    } else {
      bounds.lower(m);
    }
  }

  private static void addAtom(double t, double mass, double[] m) {
    double power = mass;
    for (int k = 0; k < 5; k++) {
      m[k] += power;
      power *= t;
    }
  }
}
