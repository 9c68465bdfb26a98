package io.gapstream.numerics.optim;

/** A function with a gradient almost everywhere. */
@FunctionalInterface
public interface DifferentiableFunction {

  /**
   * The value at a point.
   *
   * @param point Not modified.
   * @param gradient receives the gradient at the point. Modified.
   * @return the value; NaN or infinity where there is none
   */
  double evaluate(double[] point, double[] gradient);
}
