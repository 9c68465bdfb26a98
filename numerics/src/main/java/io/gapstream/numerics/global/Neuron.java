package io.gapstream.numerics.global;

import io.gapstream.numerics.Pace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A neuron {@code (c, u, sign)}: the term {@code sign c (X u)_+} with {@code ||u|| = 1} and the
 * penalty {@code beta c}. It may be tied to the subspace in which some rows vanish: optimal neurons
 * often sit on kinks of the ReLU, and within the subspace the problem is smooth.
 */
final class Neuron {

  /** Rows that add less than this to the span of the others are left out of it. */
  private static final double DEPENDENT = 1e-9;

  final double[] u;
  final int sign;
  final double size;

  /** An orthonormal basis of the rows that must vanish. */
  private final List<double[]> normals;

  private Neuron(double[] u, int sign, double size, List<double[]> normals) {
    this.u = u;
    this.sign = sign;
    this.size = size;
    this.normals = normals;
  }

  /**
   * A neuron tied to where the given rows vanish.
   *
   * @param u of norm 1. Not modified.
   * @param rows of X with {@code x_i . u = 0}
   */
  static Neuron of(double[] u, int sign, int[] rows, double[] x, Pace pace) {
    int d = u.length;
    List<double[]> normals = new ArrayList<>();
    for (int row : rows) {
      pace.count(4L * d * normals.size());
      double[] normal = Arrays.copyOfRange(x, row * d, (row + 1) * d);
      double before = norm(normal);
      project(normals, normal);
      project(normals, normal);
      double after = norm(normal);
      if (after > DEPENDENT * before && normals.size() < d - 1) {
        for (int k = 0; k < d; k++) {
          normal[k] /= after;
        }
        normals.add(normal);
      }
    }
    return new Neuron(u, sign, 0, normals);
  }

  Neuron withSize(double otherSize) {
    return new Neuron(u, sign, otherSize, normals);
  }

  /** The neuron with another weight vector {@code c u}, its part in the subspace. */
  Neuron withWeights(double[] weights, double factor) {
    double[] direction = weights.clone();
    tie(direction);
    double norm = norm(direction);
    if (!(norm > 0)) {
      return withSize(0);
    }
    for (int k = 0; k < direction.length; k++) {
      direction[k] /= norm;
    }
    return new Neuron(direction, sign, norm * factor, normals);
  }

  /** Multiplications of {@link #tie}. */
  long work() {
    return 2L * u.length * normals.size();
  }

  /** Removes the part of a vector that leaves the subspace. */
  void tie(double[] vector) {
    project(normals, vector);
  }

  private static void project(List<double[]> normals, double[] vector) {
    for (double[] normal : normals) {
      double product = 0;
      for (int k = 0; k < vector.length; k++) {
        product += normal[k] * vector[k];
      }
      for (int k = 0; k < vector.length; k++) {
        vector[k] -= product * normal[k];
      }
    }
  }

  private static double norm(double[] vector) {
    double sum = 0;
    for (double entry : vector) {
      sum += entry * entry;
    }
    return Math.sqrt(sum);
  }
}
