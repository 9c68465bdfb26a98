package io.gapstream.numerics.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** The oracle is the definition, entry by entry, in double precision. */
class MatrixProductsTest {

  @Property(tries = 100, seed = "1")
  void addsTheProductOfTheTransposeInEveryForm(
      @ForAll @IntRange(min = 0, max = 300) int depth,
      @ForAll @IntRange(min = 1, max = 40) int size,
      @ForAll @IntRange(min = 0, max = 20) int first,
      @ForAll boolean lower,
      @ForAll @LongRange(min = 0, max = 999) long seed) {
    // Given
    Random random = new Random(seed);
    double[][] a = matrix(depth + 1, size, random);
    double[][] b = matrix(depth + 1, size, random);
    double[][] c = matrix(size, size, random);
    int start = Math.min(first, size - 1);

    // When
    double[][] vector = copy(c);
    MatrixProducts.add(-2.0, a, b, 1, depth + 1, vector, start, size, start / 2, size, lower);
    double[][] plain = copy(c);
    MatrixProducts.addPlain(-2.0, a, b, 1, depth + 1, plain, start, size, start / 2, size, lower);
    float[][] single = single(c);
    MatrixProducts.add(
        -2f, single(a), single(b), 1, depth + 1, single, start, size, start / 2, size, lower);
    float[][] plainSingle = single(c);
    MatrixProducts.addPlain(
        -2f, single(a), single(b), 1, depth + 1, plainSingle, start, size, start / 2, size, lower);

    // Then
    for (int j = 0; j < size; j++) {
      for (int l = 0; l < (lower ? j + 1 : size); l++) {
        double expected = c[j][l];
        for (int i = 1; i <= depth && j >= start && l >= start / 2; i++) {
          expected -= 2 * a[i][j] * b[i][l];
        }
        assertThat(vector[j][l]).isCloseTo(expected, within(1e-12 * (depth + 1)));
        assertThat(plain[j][l]).isCloseTo(expected, within(1e-12 * (depth + 1)));
        assertThat((double) single[j][l]).isCloseTo(expected, within(1e-5 * (depth + 1)));
        assertThat((double) plainSingle[j][l]).isCloseTo(expected, within(1e-5 * (depth + 1)));
      }
    }
  }

  @Property(tries = 40, seed = "2")
  void solvesWithTheCholeskyFactor(
      @ForAll @IntRange(min = 1, max = 200) int size,
      @ForAll @LongRange(min = 0, max = 999) long seed) {
    // Given a matrix that is diagonally dominant, and its product with a known vector
    Random random = new Random(seed);
    double[][] matrix = new double[size][size];
    double[] expected = new double[size];
    double[] product = new double[size];
    for (int j = 0; j < size; j++) {
      expected[j] = random.nextGaussian();
      matrix[j][j] = size + 1;
      for (int k = 0; k < j; k++) {
        matrix[j][k] = random.nextDouble();
      }
    }
    for (int j = 0; j < size; j++) {
      for (int k = 0; k < size; k++) {
        product[j] += matrix[Math.max(j, k)][Math.min(j, k)] * expected[k];
      }
    }

    // When
    new Cholesky(matrix, 0.5).solve(product);

    // Then
    assertThat(product).containsExactly(expected, within(1e-11));
  }

  private static double[][] matrix(int rows, int columns, Random random) {
    double[][] matrix = new double[rows][columns];
    for (double[] row : matrix) {
      for (int k = 0; k < columns; k++) {
        row[k] = random.nextGaussian();
      }
    }
    return matrix;
  }

  private static double[][] copy(double[][] matrix) {
    double[][] copy = new double[matrix.length][];
    for (int j = 0; j < matrix.length; j++) {
      copy[j] = matrix[j].clone();
    }
    return copy;
  }

  private static float[][] single(double[][] matrix) {
    float[][] single = new float[matrix.length][];
    for (int j = 0; j < matrix.length; j++) {
      single[j] = new float[matrix[j].length];
      for (int k = 0; k < matrix[j].length; k++) {
        single[j][k] = (float) matrix[j][k];
      }
    }
    return single;
  }
}
