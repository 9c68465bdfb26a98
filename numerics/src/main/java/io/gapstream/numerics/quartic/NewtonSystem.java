package io.gapstream.numerics.quartic;

import io.gapstream.numerics.kernels.Cholesky;

/** Newton's equations, with the unknowns scaled to a unit diagonal. */
final class NewtonSystem {

  private static final double LEAST_PIVOT = 1e-14;

  private NewtonSystem() {}

  /**
   * Solves {@code H s = -g}.
   *
   * @param hessian H, positive definite; only its upper triangle is read. Modified.
   * @param gradient g. Not modified.
   * @param step s. Modified.
   */
  static void solve(double[][] hessian, double[] gradient, double[] step) {
    int size = step.length;
    double[] scale = new double[size];
    for (int k = 0; k < size; k++) {
      scale[k] = 1 / Math.sqrt(hessian[k][k]);
      step[k] = -gradient[k] * scale[k];
    }
    for (int k = 0; k < size; k++) {
      for (int l = k; l < size; l++) {
        hessian[k][l] *= scale[k] * scale[l];
      }
    }
    new Cholesky(hessian, LEAST_PIVOT).solve(step);
    for (int k = 0; k < size; k++) {
      step[k] *= scale[k];
    }
  }
}
