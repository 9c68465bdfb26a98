package io.gapstream.numerics.quartic;

import io.gapstream.numerics.Deadline;

/** Minimises f by damped Newton steps on {@code f + mu b}, with mu shrinking to 0. */
final class BarrierMethod {

  /** Ends when the barrier costs no more than this share of the value. */
  private static final double TOLERANCE = 1e-4;

  private static final double SHRINK = 0.15;

  /** A Newton decrement, beside the barrier's cost, that is small enough to shrink mu. */
  private static final double CENTRED = 0.05;

  private static final int MAX_ITERATIONS = 200;
  private static final double LEAST_STEP = 1e-8;
  private static final double ARMIJO = 1e-4;

  private BarrierMethod() {}

  /**
   * @param value of f at the last point
   * @param converged whether the barrier costs little enough
   * @param iterations Newton steps
   */
  record Outcome(double value, boolean converged, int iterations) {}

  /**
   * Minimises.
   *
   * @param point where to start, in the barrier's domain. Modified: the last point.
   */
  static Outcome minimize(BarrierProgram program, double[] point, Deadline deadline) {
    double value = program.evaluate(point, 0);
    double mu = Math.abs(value) / program.barrierDegree();
    double[] gradient = new double[point.length];
    double[] step = new double[point.length];
    double[] next = new double[point.length];
    boolean converged = false;
    int iterations = 0;
    while (!converged && iterations < MAX_ITERATIONS && !deadline.reached()) {
      double before = program.evaluate(point, mu);
      program.step(mu, gradient, step);
      program.stepped(mu, step);
      iterations++;
      double decrement = 0;
      for (int k = 0; k < step.length; k++) {
        decrement -= gradient[k] * step[k];
      }
      boolean moved = false;
      for (double length = 1; !moved && length > LEAST_STEP; length /= 2) {
        for (int k = 0; k < step.length; k++) {
          next[k] = point[k] + length * step[k];
        }
        moved = program.evaluate(next, mu) <= before - ARMIJO * length * decrement;
      }
      if (moved) {
        System.arraycopy(next, 0, point, 0, point.length);
      }
      if (!moved || decrement < CENTRED * mu * program.barrierDegree()) {
        value = program.evaluate(point, 0);
        converged = mu * program.barrierDegree() <= TOLERANCE * Math.abs(value);
        mu *= SHRINK;
      }
    }
    return new Outcome(value, converged, iterations);
  }
}
