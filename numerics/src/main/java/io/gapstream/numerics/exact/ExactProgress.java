package io.gapstream.numerics.exact;

/**
 * Where an {@link ExactSolver} stands after a step.
 *
 * @param round of column generation and separation, from 1
 * @param lower the best proved lower bound on {@code p*} so far
 * @param upper the best proved upper bound so far
 * @param neurons of the network that gives the upper bound
 * @param cones that the searches have looked at in all
 * @param seconds since the start
 */
public record ExactProgress(
    int round, double lower, double upper, int neurons, long cones, double seconds) {

  /** {@code upper / lower - 1}, infinite while the lower bound is 0; 0 when both are. */
  public double relativeGap() {
    return upper == 0 ? 0 : upper / lower - 1;
  }
}
