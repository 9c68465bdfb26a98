package io.gapstream.numerics.cone;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.gated.GatedSolution;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.problem.Problem;

/**
 * Splits {@code w_i = v_i - z_i} with both parts in the cone of pattern i, as cheaply as it can.
 */
public final class ConeDecomposition {

  private ConeDecomposition() {}

  /** The network behind a gated solution. */
  public static ConeSplit split(
      Problem problem, Gates gates, GatedSolution solution, Deadline deadline) {
    throw new UnsupportedOperationException();
  }
}
