package io.gapstream.localstack.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gapstream.contracts.BoundKind;
import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.gated.GatedSolver;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.kernels.Halves;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.reduction.ReducedProblem;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/** (G), the program without cones: its value on sampled patterns is an estimate, never a bound. */
final class GatedProgram implements Program {

  private final Data data;
  private final Gates gates;

  GatedProgram(Data data, Gates gates) {
    this.data = data;
    this.gates = gates;
  }

  @Override
  public ObjectNode facts() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("kind", BoundKind.ESTIMATE.jsonName())
        .put("patterns", gates.count());
  }

  @Override
  public int threads() {
    return Halves.threads();
  }

  @Override
  public double betaMax() {
    return GatedSolver.betaMax(data, gates);
  }

  @Override
  public String logHeader() {
    return LogLine.HEADER;
  }

  @Override
  public void solve(
      double[] betas,
      double tolerance,
      Deadline deadline,
      Consumer<String> log,
      Consumer<Solved> solved) {
    ReducedProblem reduced = ReducedProblem.of(leastProblem(data, betas), deadline);
    GatedSolver.path(
        reduced.problem(),
        inColumnsOf(reduced, gates),
        betas,
        tolerance,
        deadline,
        progress -> log.accept(LogLine.of(progress)),
        solution ->
            solved.accept(
                new Solved(
                    Solved.numbers(
                        solution.value(),
                        solution.dualValue(),
                        solution.relativeGap(),
                        solution.iterations(),
                        solution.seconds(),
                        solution.activeGroups()),
                    Solved.status(solution.converged(), deadline),
                    Optional.empty())));
  }

  /** With the smallest weight, beside which what is left out of the data must not matter. */
  static Problem leastProblem(Data data, double[] betas) {
    double least = Arrays.stream(betas).min().orElseThrow();
    return new Problem(data.n(), data.d(), data.x(), data.y(), least);
  }

  /** The patterns for the data in fewer columns. */
  static Gates inColumnsOf(ReducedProblem reduced, Gates gates) {
    return reduced.isReduced()
        ? gates.inColumns(reduced.problem().d(), reduced.project(gates.directions()))
        : gates;
  }
}
