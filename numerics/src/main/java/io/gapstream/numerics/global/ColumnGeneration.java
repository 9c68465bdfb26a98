package io.gapstream.numerics.global;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.bound.UpperBound;
import io.gapstream.numerics.problem.Problem;
import java.util.function.Consumer;

/** Global optimisation of (P) by column generation; docs/mathematics.md, section 4. */
public final class ColumnGeneration {

  private ColumnGeneration() {}

  /**
   * Alternates polishing and the search for violated directions until the search finds none or the
   * deadline is reached.
   *
   * @param onImprovement told of every network that is better than the ones before
   */
  public static ColumnGenerationResult solve(
      Problem problem, long seed, Deadline deadline, Consumer<UpperBound> onImprovement) {
    throw new UnsupportedOperationException();
  }
}
