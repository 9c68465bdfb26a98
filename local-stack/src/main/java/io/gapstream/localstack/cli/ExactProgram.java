package io.gapstream.localstack.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gapstream.contracts.Status;
import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.bound.UpperBound;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.exact.ConeSearch;
import io.gapstream.numerics.exact.Effort;
import io.gapstream.numerics.exact.ExactProgress;
import io.gapstream.numerics.exact.ExactSolution;
import io.gapstream.numerics.exact.ExactSolution.Ending;
import io.gapstream.numerics.exact.ExactSolver;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.reduction.ReducedProblem;
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

  /** Of the tolerance, what the reduced problem may use; what it left out has the rest. */
  private static final double REDUCED_SHARE = 0.9;

  private final Data data;

  /** The data in as many columns as they have rank. */
  private final Data reduced;

  private final long seed;

  /**
   * @throws IllegalArgumentException if the data have a higher rank than the solver takes
   */
  ExactProgram(Data data, long seed) {
    reduced = ReducedProblem.reduce(data);
    if (reduced.d() > ConeSearch.MOST_COLUMNS) {
      throw new IllegalArgumentException(
          "X has "
              + data.d()
              + " columns, of which "
              + reduced.d()
              + " are independent, and the exact program takes "
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
    return LocalAscent.betaMax(reduced.n(), reduced.d(), reduced.x(), reduced.y());
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
      ReducedProblem problem =
          ReducedProblem.of(
              new Problem(data.n(), data.d(), data.x(), data.y(), betas[k]), deadline);
      ExactSolution solution =
          ExactSolver.solve(
              problem.problem(),
              problem.isReduced() ? REDUCED_SHARE * tolerance : tolerance,
              seed,
              new Effort(deadline, threads(), MOST_TREE_BYTES),
              lower -> {},
              upper -> {},
              progress -> log.accept(line(progress, start)));
      solved.accept(solved(problem, solution, tolerance, deadline.elapsedSeconds() - start));
    }
  }

  /** The interval in the columns of X, and how it came to be no narrower. */
  private static Solved solved(
      ReducedProblem problem, ExactSolution solution, double tolerance, double seconds) {
    LowerBound proved = problem.prove(solution.lower());
    double lower = proved == null ? 0 : proved.value();
    UpperBound upper = problem.lift(solution.upper());
    Ending ending = solution.ending();
    if (problem.isReduced()) {
      boolean met = upper.value() <= (1 + tolerance) * lower + Double.MIN_NORMAL;
      ending = met ? Ending.CONVERGED : ending == Ending.CONVERGED ? Ending.STALLED : ending;
    }
    return new Solved(
        numbers(solution.progress(), lower, upper, seconds).put("ended", why(ending)),
        status(ending),
        Optional.of(upper.network()));
  }

  private static Status status(Ending ending) {
    return switch (ending) {
      case CONVERGED -> Status.CONVERGED;
      case TIME -> Status.TIME_LIMIT;
      case TREE_SIZE, STALLED -> Status.ITERATION_LIMIT;
    };
  }

  /** In words; the interval is proved whichever it is. */
  private static String why(Ending ending) {
    return switch (ending) {
      case CONVERGED -> "the bounds met to the tolerance";
      case TIME ->
          "the time left could not narrow the interval; give a larger --budget or --tolerance";
      case TREE_SIZE ->
          "a narrower interval takes a larger tree than is allowed; give a larger --tolerance";
      case STALLED -> "rounding allows no narrower interval; give a larger --tolerance";
    };
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

  private static ObjectNode numbers(
      ExactProgress end, double lower, UpperBound bound, double seconds) {
    double upper = bound.value();
    ObjectNode numbers =
        JsonNodeFactory.instance.objectNode().put("lower", lower).put("upper", upper);
    return (lower > 0 ? numbers.put("ratio", upper / lower) : numbers.putNull("ratio"))
        .put("rounds", end.round())
        .put("cones", end.cones())
        .put("seconds", Solved.microseconds(seconds))
        .put("width", bound.network().m());
  }
}
