package io.gapstream.numerics.sampled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.GaussianData;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.problem.Objective;
import io.gapstream.numerics.problem.Problem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A gate vector that is orthogonal to rows lies on the boundary of its cone. The oracle is a vector
 * inside the same cone: the program is the same, so its optimum is.
 */
final class BoundaryVectorTest {

  private static final double TOLERANCE = 1e-8;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void solvesTheProgramOfItsPattern(long seed) {
    // Given: rows 0 and 1 have no first entry, so (1, 0, 0) is orthogonal to both.
    Data gaussian = GaussianData.teacher(20, 3, 3, 0.1, seed);
    double[] x = gaussian.x().clone();
    x[0] = 0;
    x[3] = 0;
    double scale = 1e-9 / Math.abs(x[1] * x[5] - x[2] * x[4]);
    double sign = Math.signum(x[1] * x[5] - x[2] * x[4]);
    double[] inside = {1, sign * scale * (x[5] - x[2]), sign * scale * (x[1] - x[4])};
    Problem problem = new Problem(20, 3, x, gaussian.y(), 0.05);
    Gates atBoundary = Gates.of(20, 3, x, new double[] {1, 0, 0});
    Gates insideIt = Gates.of(20, 3, x, inside);

    // When
    SampledSolution solution = solve(problem, atBoundary);

    // Then
    double expected = solve(problem, insideIt).bound().value();
    assertThat(atBoundary.words()).isEqualTo(insideIt.words());
    assertThat(solution.converged()).isTrue();
    assertThat(solution.bound().value()).isCloseTo(expected, within(2 * TOLERANCE * expected));
    assertThat(Objective.value(problem, solution.bound().network()))
        .isCloseTo(solution.bound().value(), within(1e-12 * expected));
  }

  private static SampledSolution solve(Problem problem, Gates gates) {
    return SampledSolver.solve(problem, gates, TOLERANCE, Deadline.none(), progress -> {});
  }
}
