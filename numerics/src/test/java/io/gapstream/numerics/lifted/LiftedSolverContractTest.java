package io.gapstream.numerics.lifted;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.SolverContract;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.problem.Problem;

/** Its value is a lower bound, however far from the optimum. */
class LiftedSolverContractTest extends SolverContract {

  @Override
  protected Answer solve(Problem problem, long seed) {
    LowerBound bound = LiftedSolver.solve(problem, seed, Deadline.none(), improved -> {}).bound();
    return new Answer(bound.value(), bound.dual());
  }

  @Override
  protected void requireFits(double value, double optimum, double atZero) {
    assertThat(value).isBetween(0.0, optimum + 1e-12 * atZero);
  }
}
