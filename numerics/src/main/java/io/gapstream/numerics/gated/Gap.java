package io.gapstream.numerics.gated;

import io.gapstream.numerics.problem.Problem;

/**
 * The value of the gated program at a point, and of the dual point made from its residual; see
 * {@link GatedSolver}.
 */
public record Gap(double primal, double dual) {

  /**
   * @param residual {@code y - sum D_i X w_i}, n. Not modified.
   * @param penalty {@code sum ||w_i||}
   * @param dualNorm {@code max ||X' D_i residual||}
   */
  public static Gap of(Problem problem, double[] residual, double penalty, double dualNorm) {
    double squares = 0;
    double product = 0;
    for (int i = 0; i < residual.length; i++) {
      squares += residual[i] * residual[i];
      product += residual[i] * problem.y()[i];
    }
    double primal = 0.5 * squares + problem.beta() * penalty;
    double dual = 0;
    if (squares > 0 && product > 0) {
      double s = Math.min(problem.beta() / dualNorm, product / squares);
      dual = s * product - 0.5 * s * s * squares;
    }
    return new Gap(primal, dual);
  }

  public double relative() {
    return primal == 0 ? 0 : (primal - dual) / primal;
  }
}
