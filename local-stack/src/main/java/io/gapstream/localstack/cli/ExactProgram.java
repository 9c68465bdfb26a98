package io.gapstream.localstack.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.exact.ConeSearch;
import io.gapstream.numerics.exact.Effort;
import io.gapstream.numerics.exact.ExactProgress;
import io.gapstream.numerics.exact.ExactSolution;
import io.gapstream.numerics.exact.ExactSolver;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.tau.LocalAscent;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** (P) itself, for few columns: a proved interval around {@code p*}. */
final class ExactProgram implements Program {

  /** The trees are not sent anywhere, so that memory is what limits them. */
  private static final long MOST_TREE_BYTES = 100_000_000;

  private static final String LOG_HEADER =
      String.format(
          Locale.ROOT,
          "  %9s  %16s  %16s  %9s  %9s  %9s  %9s",
          "round",
          "lower",
          "upper",
          "gap",
          "neurons",
          "cones",
          "seconds");

  private final Data data;
  private final long seed;

  /**
   * @throws IllegalArgumentException if there are more columns than the solver takes
   */
  ExactProgram(Data data, long seed) {
    if (data.d() > ConeSearch.MOST_COLUMNS) {
      throw new IllegalArgumentException(
          "X has "
              + data.d()
              + " columns and the exact program takes "
              + ConeSearch.MOST_COLUMNS
              + " at most; use another program.");
    }
    this.data = data;
    this.seed = seed;
  }

  @Override
  public ObjectNode facts() {
    return JsonNodeFactory.instance.objectNode().put("kind", "interval");
  }

  @Override
  public int threads() {
    return Runtime.getRuntime().availableProcessors();
  }

  @Override
  public double betaMax() {
    return LocalAscent.betaMax(data.n(), data.d(), data.x(), data.y());
  }

  @Override
  public String logHeader() {
    return LOG_HEADER;
  }

  @Override
  public void solve(
      double[] betas,
      double tolerance,
      Deadline deadline,
      Consumer<String> log,
      Consumer<Solved> solved) {
    for (int k = 0; k < betas.length && (k == 0 || !deadline.reached()); k++) {
      double start = deadline.elapsedSeconds();
      ExactSolution solution =
          ExactSolver.solve(
              new Problem(data.n(), data.d(), data.x(), data.y(), betas[k]),
              tolerance,
              seed,
              new Effort(deadline, threads(), MOST_TREE_BYTES),
              lower -> {},
              upper -> {},
              progress -> log.accept(line(progress, start)));
      solved.accept(
          new Solved(
              numbers(solution, deadline.elapsedSeconds() - start),
              Solved.status(solution.converged(), deadline),
              Optional.of(solution.upper().network())));
    }
  }

  private static String line(ExactProgress progress, double start) {
    return String.format(
        Locale.ROOT,
        "  %9d  %16.9e  %16.9e  %9.2e  %9d  %9d  %9.3f",
        progress.round(),
        progress.lower(),
        progress.upper(),
        progress.relativeGap(),
        progress.neurons(),
        progress.cones(),
        progress.seconds() - start);
  }

  private static ObjectNode numbers(ExactSolution solution, double seconds) {
    double lower = solution.lower().value();
    double upper = solution.upper().value();
    ObjectNode numbers =
        JsonNodeFactory.instance.objectNode().put("lower", lower).put("upper", upper);
    return (lower > 0 ? numbers.put("ratio", upper / lower) : numbers.putNull("ratio"))
        .put("rounds", solution.progress().round())
        .put("cones", solution.progress().cones())
        .put("seconds", Solved.microseconds(seconds))
        .put("width", solution.upper().network().m());
  }
}
