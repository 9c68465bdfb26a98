package io.gapstream.numerics.exact;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.SolverContract;
import io.gapstream.numerics.problem.Problem;

/** Both bounds are held to the optimum: the value is the upper one, and the gap is closed. */
class ExactSolverContractTest extends SolverContract {

  @Override
  protected Answer solve(Problem problem, long seed) {
    ExactSolution solution =
        ExactSolver.solve(
            problem,
            1e-7,
            seed,
            new Effort(Deadline.none(), 2, 10_000_000),
            bound -> {},
            bound -> {},
            progress -> {});
    assertThat(solution.converged()).isTrue();
    return new Answer(solution.upper().value(), solution.lower().dual());
  }
}
