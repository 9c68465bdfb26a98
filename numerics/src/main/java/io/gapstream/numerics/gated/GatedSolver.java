package io.gapstream.numerics.gated;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.problem.Problem;

/** Accelerated proximal gradient with restart on the gated program (G). */
public final class GatedSolver {

  private GatedSolver() {}

  /**
   * Minimises {@code 1/2 ||sum_i D_i X w_i - y||^2 + beta sum_i ||w_i||} until the relative duality
   * gap at the returned point is at most the tolerance, or the deadline is reached.
   */
  public static GatedSolution solve(
      Problem problem, Gates gates, double tolerance, Deadline deadline) {
    throw new UnsupportedOperationException();
  }
}
