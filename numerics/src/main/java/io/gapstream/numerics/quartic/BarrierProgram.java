package io.gapstream.numerics.quartic;

/** A convex function and a barrier, {@code f + mu b}, for {@link BarrierMethod}. */
interface BarrierProgram {

  /** What the barrier costs at most at the minimum, over mu. */
  double barrierDegree();

  /**
   * The value {@code f + mu b}; infinite outside of the barrier's domain.
   *
   * @param point not modified
   */
  double evaluate(double[] point, double mu);

  /**
   * The Newton step at the point of the last {@link #evaluate}.
   *
   * @param gradient the derivatives of {@code f + mu b}. Modified.
   * @param step the step. Modified.
   */
  void step(double mu, double[] gradient, double[] step);

  /**
   * Told after each step, before the next evaluation.
   *
   * @param step not modified
   */
  void stepped(double mu, double[] step);
}
