package io.gapstream.numerics.global;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.SolverContract;
import io.gapstream.numerics.bound.UpperBound;
import io.gapstream.numerics.problem.Problem;

/** Its value is an upper bound, and on these small problems the optimum. */
class ColumnGenerationContractTest extends SolverContract {

  @Override
  protected Answer solve(Problem problem, long seed) {
    UpperBound bound =
        ColumnGeneration.solve(problem, seed, Deadline.none(), improved -> {}).bound();
    return new Answer(bound.value(), bound.network().u());
  }

  @Override
  protected void requireFits(double value, double optimum, double atZero) {
    assertThat(value).isBetween(optimum - 1e-12 * atZero, optimum + 1e-6 * atZero);
  }
}
