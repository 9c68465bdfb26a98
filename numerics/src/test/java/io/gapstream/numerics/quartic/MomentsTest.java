package io.gapstream.numerics.quartic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The oracle is a point of the sphere, whose moments are products of its coordinates. */
class MomentsTest {

  private static final int D = 3;

  @Test
  void ofOnePointAreItsMonomials() {
    // Given
    double[] u = point(1);
    Moments moments = new Moments(D);

    // When
    double[] full = new double[moments.fullSize];
    moments.expand(coordinates(moments, u), 0, full);

    // Then
    double[][] values = values(moments, u);
    for (int k = 0; k <= 4; k++) {
      for (int j = 0; j < values[k].length; j++) {
        assertThat(full[moments.offset[k] + j]).isCloseTo(values[k][j], within(1e-14));
      }
    }
    double[] v = {
      u[0], u[1], u[2], u[0] * u[0], u[0] * u[1], u[0] * u[2], u[1] * u[1], u[1] * u[2], u[2] * u[2]
    };
    for (int i = 0; i < v.length; i++) {
      for (int j = 0; j < v.length; j++) {
        assertThat(full[moments.entry[i][j]]).isCloseTo(v[i] * v[j], within(1e-14));
      }
    }
  }

  @Test
  void pullBackIsTheTransposeOfExpand() {
    // Given
    SplittableRandom random = new SplittableRandom(2);
    Moments moments = new Moments(D);
    double[] y = random.doubles(moments.size).toArray();
    double[] coefficients = random.doubles(moments.fullSize).toArray();

    // When
    double[] full = new double[moments.fullSize];
    moments.expand(y, 0, full);
    double[] pulled = new double[moments.size];
    moments.pullBack(coefficients.clone(), pulled, 0);

    // Then
    double one = 0;
    for (int k = 0; k < full.length; k++) {
      one += full[k] * coefficients[k];
    }
    double other = 0;
    for (int k = 0; k < y.length; k++) {
      other += y[k] * pulled[k];
    }
    assertThat(one).isCloseTo(other, within(1e-12 * Math.abs(one)));
  }

  @Test
  void addUpRowsAsTheirPairsOfMonomialsDo() {
    // Given
    SplittableRandom random = new SplittableRandom(3);
    Moments moments = new Moments(D);
    PowerSums sums = new PowerSums(moments, false);
    double[][] expected = new double[moments.fullSize][moments.fullSize];

    // When
    for (int row = 0; row < 3; row++) {
      double[] h = random.doubles(25).toArray();
      double[][] values = values(moments, point(row));
      sums.add(h, values);
      for (int k = 0; k <= 4; k++) {
        for (int l = 0; l <= 4; l++) {
          for (int i = 0; i < values[k].length; i++) {
            for (int j = 0; j < values[l].length; j++) {
              int one = moments.offset[k] + i;
              int two = moments.offset[l] + j;
              expected[one][two] +=
                  h[5 * k + l]
                      * (moments.orders[one] * values[k][i])
                      * (moments.orders[two] * values[l][j]);
            }
          }
        }
      }
    }
    double[][] written = new double[moments.fullSize][moments.fullSize];
    sums.write(written);

    // Then
    for (int i = 0; i < written.length; i++) {
      assertThat(written[i]).containsExactly(expected[i], within(1e-12));
    }
  }

  @Test
  void theBarrierHasTheDerivativesOfItsValue() {
    // Given
    Moments moments = new Moments(2);
    MomentBarrier barrier = new MomentBarrier(moments);
    double[] full = new double[moments.fullSize];
    moments.expand(moments.uniform(), 0, full);

    // When
    barrier.value(full);
    barrier.invert();
    double[] gradient = new double[moments.fullSize];
    barrier.addGradient(1, gradient);
    double[][] hessian = new double[moments.fullSize][moments.fullSize];
    barrier.addHessian(1, hessian);

    // Then
    double width = 1e-5;
    for (int k = moments.offset[2]; k < moments.fullSize; k++) {
      double[] moved = full.clone();
      moved[k] += width;
      double after = barrier.value(moved);
      double[] gradientAfter = new double[moments.fullSize];
      barrier.invert();
      barrier.addGradient(1, gradientAfter);
      moved[k] -= 2 * width;
      double before = barrier.value(moved);
      double[] gradientBefore = new double[moments.fullSize];
      barrier.invert();
      barrier.addGradient(1, gradientBefore);
      assertThat((after - before) / (2 * width)).isCloseTo(gradient[k], within(1e-5));
      for (int l = moments.offset[2]; l < moments.fullSize; l++) {
        assertThat((gradientAfter[l] - gradientBefore[l]) / (2 * width))
            .isCloseTo(hessian[k][l], within(1e-3));
      }
    }
  }

  private static double[] coordinates(Moments moments, double[] u) {
    double[][] values = values(moments, u);
    double[] y = new double[moments.size];
    System.arraycopy(values[4], 0, y, 0, values[4].length);
    System.arraycopy(values[3], 0, y, values[4].length, values[3].length);
    return y;
  }

  private static double[][] values(Moments moments, double[] u) {
    double[][] values = new double[9][];
    for (int k = 0; k < values.length; k++) {
      values[k] = new double[moments.monomials.count(k)];
    }
    moments.monomials.evaluate(u, 0, values);
    int[] square = {0, 0};
    assertThat(values[2][moments.monomials.rank(square)]).isEqualTo(u[0] * u[0]);
    return values;
  }

  private static double[] point(long seed) {
    double[] u = new SplittableRandom(seed).doubles(D).map(value -> 2 * value - 1).toArray();
    double norm = Math.sqrt(u[0] * u[0] + u[1] * u[1] + u[2] * u[2]);
    for (int k = 0; k < D; k++) {
      u[k] /= norm;
    }
    return u;
  }
}
