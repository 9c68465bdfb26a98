package io.gapstream.localstack.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gapstream.contracts.BoundKind;
import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.bound.UpperBound;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.kernels.Halves;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.reduction.ReducedProblem;
import io.gapstream.numerics.sampled.SampledSolver;
import io.gapstream.numerics.tau.LocalAscent;
import java.util.Optional;
import java.util.function.Consumer;

/** (S), the program with cones on sampled patterns: its solution is a network, an upper bound. */
final class SampledProgram implements Program {

  private final Data data;
  private final Gates gates;

  SampledProgram(Data data, Gates gates) {
    this.data = data;
    this.gates = gates;
  }

  @Override
  public ObjectNode facts() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("kind", BoundKind.UPPER.jsonName())
        .put("patterns", gates.count());
  }

  @Override
  public int threads() {
    return Halves.threads();
  }

  @Override
  public double betaMax() {
    Data reduced = ReducedProblem.reduce(data);
    return LocalAscent.betaMax(reduced.n(), reduced.d(), reduced.x(), reduced.y());
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
    ReducedProblem reduced = ReducedProblem.of(GatedProgram.leastProblem(data, betas), deadline);
    SampledSolver.path(
        reduced.problem(),
        GatedProgram.inColumnsOf(reduced, gates),
        betas,
        tolerance,
        deadline,
        progress -> log.accept(LogLine.of(progress)),
        solution -> {
          UpperBound bound = reduced.lift(solution.bound());
          Network network = bound.network();
          ObjectNode numbers =
              Solved.numbers(
                  bound.value(),
                  solution.dualValue(),
                  solution.relativeGap(),
                  solution.iterations(),
                  solution.seconds(),
                  solution.activeGroups());
          solved.accept(
              new Solved(
                  numbers.put("width", network.m()),
                  Solved.status(solution.converged(), deadline),
                  Optional.of(network)));
        });
  }
}
