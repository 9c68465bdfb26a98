package io.gapstream.relaxation.application;

import io.gapstream.certificate.Work;
import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Environment;
import io.gapstream.contracts.Limits;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.RelaxationMethod;
import io.gapstream.contracts.RelaxationPlan;
import io.gapstream.contracts.Status;
import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.TimeUpException;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.bound.UpperBound;
import io.gapstream.numerics.cone.ConeDecomposition;
import io.gapstream.numerics.cone.ConeSplit;
import io.gapstream.numerics.exact.Effort;
import io.gapstream.numerics.exact.ExactProgress;
import io.gapstream.numerics.exact.ExactSolution;
import io.gapstream.numerics.exact.ExactSolver;
import io.gapstream.numerics.gated.GatedSolution;
import io.gapstream.numerics.gated.GatedSolver;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.global.ColumnGeneration;
import io.gapstream.numerics.global.ColumnGenerationResult;
import io.gapstream.numerics.lifted.LiftedResult;
import io.gapstream.numerics.lifted.LiftedSolver;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.quartic.QuarticResult;
import io.gapstream.numerics.quartic.QuarticSolver;
import io.gapstream.numerics.reduction.ReducedProblem;
import io.gapstream.servicekit.FailureReason;
import io.gapstream.servicekit.JobControl;
import io.gapstream.servicekit.JobStoppedException;
import io.gapstream.servicekit.ProgressReporter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Runs the relaxation methods of a dataset's plan within its budget. Every planned method sends
 * exactly one last result, whatever happens to it. Used by one thread, once.
 */
public final class RelaxationJob {

  private static final Logger LOG = Logger.getLogger(RelaxationJob.class);

  /** The relative duality gap at which the gated program is solved: its value is shown as is. */
  private static final double GATED_TOLERANCE = 1e-4;

  /** The relative gap at which the exact method for few columns ends. */
  private static final double EXACT_TOLERANCE = 1e-4;

  /** Of the lifted method's time, what the one in second moments may use before the other. */
  private static final double SECOND_MOMENTS_SHARE = 0.6;

  private static final String LESS_DATA = "use fewer rows or columns";

  /** How an improvement stands: cut off here, and the best so far. */
  private static final Status SO_FAR = Status.TIME_LIMIT;

  /** Multiplications a second when patterns are sampled; a slow machine's, to stay in budget. */
  private static final double SAMPLING_RATE = 1e9;

  /** Sampling that takes less than this is done even when the budget is smaller, in seconds. */
  private static final double SAMPLING_GRACE_SECONDS = 0.5;

  /**
   * What a deployment can set.
   *
   * @param resultInterval the least time between two results of one method
   * @param maxPatternBytes the most memory for sampled patterns and their vectors
   * @param threads that a method may use
   * @param maxBytes the most memory for all that a method holds
   */
  public record Settings(
      Duration resultInterval, long maxPatternBytes, int threads, long maxBytes) {

    /** With what the heap leaves to one job. */
    public Settings(Duration resultInterval, long maxPatternBytes, int threads) {
      this(resultInterval, maxPatternBytes, threads, heapBytes(1));
    }
  }

  /** Of the budget, what finding fewer columns may use before there are none. */
  private static final double REDUCTION_SHARE = 0.5;

  private record Gated(Gates gates, GatedSolution solution) {}

  private final DatasetMessage dataset;
  private final RelaxationPlan plan;
  private final Problem problem;
  private final Settings settings;
  private final JobMemory memory;
  private final Environment environment;
  private final JobControl control;
  private final Function<RelaxationMessage, CompletableFuture<Void>> send;
  private final ProgressReporter progress;
  private @Nullable Gated gated;

  /** The memory that each of some jobs at a time may take of this virtual machine's heap. */
  public static long heapBytes(int jobs) {
    return JobMemory.ofHeap(jobs);
  }

  /**
   * @param problem the one that the dataset poses
   * @param control stops the job; its clock is the one that the budget is measured by
   * @param send completes once the broker has the message
   */
  public RelaxationJob(
      DatasetMessage dataset,
      Problem problem,
      Settings settings,
      Environment environment,
      JobControl control,
      Function<RelaxationMessage, CompletableFuture<Void>> send,
      ProgressReporter progress) {
    this.dataset = dataset;
    this.plan = dataset.plan().relaxation();
    this.problem = problem;
    this.settings = settings;
    this.memory = new JobMemory(settings.maxBytes());
    this.environment = environment;
    this.control = control;
    this.send = send;
    this.progress = progress;
  }

  /**
   * Runs everything and returns once the broker has every result.
   *
   * @throws JobStoppedException if the job is stopped first; what the running method had by then
   *     was sent
   */
  public void run() {
    Deadline deadline =
        Deadline.after(Duration.ofNanos((long) (plan.budgetSeconds() * 1e9)), control.nanoClock());
    ReducedProblem reduced = ReducedProblem.of(problem, deadline.share(REDUCTION_SHARE));
    List<RelaxationMethod> methods =
        BudgetShare.ORDER.stream().filter(plan.methods()::contains).toList();
    for (int i = 0; i < methods.size(); i++) {
      double share = BudgetShare.ofFirst(methods.subList(i, methods.size()), problem.d());
      run(methods.get(i), reduced, deadline.share(share));
    }
  }

  private void run(RelaxationMethod method, ReducedProblem reduced, Deadline deadline) {
    progress.started(method.jsonName());
    MethodResults results =
        new MethodResults(dataset, method, environment, settings.resultInterval(), control, send);
    double seconds = deadline.remaining().toNanos() * 1e-9;
    Outcome outcome;
    try {
      outcome = solve(method, reduced, deadline, results);
    } catch (TimeUpException e) {
      control.check();
      outcome = Outcome.failed(kind(method), outOfTime(seconds));
    } catch (RuntimeException e) {
      control.check();
      LOG.errorf(e, "Method failed: experimentId=%s, method=%s", dataset.experimentId(), method);
      outcome = Outcome.failed(kind(method), FailureReason.of(e));
    }
    RelaxationMessage last = results.last(outcome);
    progress.finished(method.jsonName(), last.value(), last.kind());
  }

  private String outOfTime(double seconds) {
    return String.format(
        Locale.ROOT,
        "The method's share of the budget, %.3g s, ended before it had anything to show for %d"
            + " rows, %d columns and %d patterns; give a larger budgetSeconds, fewer methods or"
            + " fewer patterns.",
        seconds,
        problem.n(),
        problem.d(),
        plan.patterns());
  }

  /**
   * A failed last result of every planned method that has no last result yet.
   *
   * @param sent what was sent of this dataset so far
   */
  public static List<RelaxationMessage> failures(
      DatasetMessage dataset,
      List<RelaxationMessage> sent,
      String reason,
      Environment environment) {
    return BudgetShare.ORDER.stream()
        .filter(dataset.plan().relaxation().methods()::contains)
        .filter(method -> sent.stream().noneMatch(had -> had.method() == method && had.last()))
        .map(
            method ->
                Outcome.failed(kind(method), reason)
                    .message(dataset, method, nextRevision(sent, method), true, 0, environment))
        .toList();
  }

  private static int nextRevision(List<RelaxationMessage> sent, RelaxationMethod method) {
    return 1
        + sent.stream()
            .filter(had -> had.method() == method)
            .mapToInt(RelaxationMessage::revision)
            .filter(revision -> revision < Integer.MAX_VALUE)
            .max()
            .orElse(0);
  }

  private static BoundKind kind(RelaxationMethod method) {
    return switch (method) {
      case LIFTED -> BoundKind.LOWER;
      case COLUMN_GENERATION, CONE_DECOMPOSITION -> BoundKind.UPPER;
      case GATED -> BoundKind.ESTIMATE;
    };
  }

  private Outcome solve(
      RelaxationMethod method, ReducedProblem reduced, Deadline deadline, MethodResults results) {
    return switch (method) {
      case LIFTED -> lifted(reduced, deadline, results);
      case COLUMN_GENERATION ->
          problem.d() <= BudgetShare.FEW_COLUMNS
              ? exact(deadline, results)
              : columnGeneration(reduced, deadline, results);
      case GATED -> gated(reduced.problem(), deadline);
      case CONE_DECOMPOSITION -> coneDecomposition(reduced, deadline);
    };
  }

  /**
   * The relaxation in second moments and, where columns are few enough, in fourth moments. Evidence
   * of the latter is about the columns themselves, so they stay as they are.
   */
  private Outcome lifted(ReducedProblem reduced, Deadline deadline, MethodResults results) {
    boolean fourth = problem.d() <= BudgetShare.FOURTH_MOMENT_COLUMNS;
    Improvements improvements = new Improvements(results);
    Problem fewer = reduced.problem();
    if (!memory.fits(JobMemory.lifted(fewer.n(), fewer.d()))) {
      return triangle(JobMemory.lifted(fewer.n(), fewer.d()));
    }
    LiftedResult second =
        LiftedSolver.solve(
            fewer,
            plan.seed(),
            fourth ? deadline.share(SECOND_MOMENTS_SHARE) : deadline,
            bound -> improvements.take(reduced.lift(bound, deadline)));
    boolean converged = second.converged();
    boolean timeUp = second.timeUp();
    long iterations = second.iterations();
    fourth &= memory.fits(JobMemory.fourthMoments(problem.n(), problem.d()));
    if (fourth && !deadline.reached()) {
      QuarticResult quartic = QuarticSolver.solve(problem, deadline, improvements::take);
      converged &= quartic.converged();
      iterations += quartic.iterations();
    }
    Status status = timeUp ? Status.TIME_LIMIT : status(converged, deadline);
    return Outcome.lower(status, improvements.best(), problem.d(), iterations)
        .with("relaxedValue", second.relaxedValue());
  }

  /** The lower bound that takes no matrices, where there is no memory for them. */
  private Outcome triangle(double bytes) {
    LOG.warnf(
        "No memory for the lifted relaxation, so it is cut short: experimentId=%s, n=%d, d=%d,"
            + " bytesNeeded=%.0f, bytesFree=%d",
        dataset.experimentId(), problem.n(), problem.d(), bytes, settings.maxBytes());
    return Outcome.lower(Status.ITERATION_LIMIT, LiftedSolver.triangle(problem), problem.d(), 0)
        .with("bytesNeeded", bytes)
        .with("bytesFree", settings.maxBytes());
  }

  /** Passes the lower bounds of several solvers on as long as each is better than the last. */
  private final class Improvements {

    private final MethodResults results;
    private @Nullable LowerBound best;

    Improvements(MethodResults results) {
      this.results = results;
    }

    /**
     * @param bound null for one that proves nothing about the problem's own columns
     */
    void take(@Nullable LowerBound bound) {
      if (bound != null && (best == null || bound.value() > best.value())) {
        best = bound;
        progress.running(RelaxationMethod.LIFTED.jsonName(), bound.value(), BoundKind.LOWER);
        results.improved(() -> Outcome.lower(SO_FAR, bound, problem.d(), 0));
      }
    }

    LowerBound best() {
      LowerBound bound = best;
      if (bound == null) {
        throw new IllegalArgumentException(
            "No lower bound could be proved in the columns of X; rescale X or y.");
      }
      return bound;
    }
  }

  /** Column generation with exact separation: both bounds, which meet where time suffices. */
  private Outcome exact(Deadline deadline, MethodResults results) {
    requireMemory(
        "Column generation", JobMemory.columnGeneration(problem.n(), problem.d()), LESS_DATA);
    ExactSolution solution =
        ExactSolver.solve(
            problem,
            EXACT_TOLERANCE,
            plan.seed(),
            new Effort(deadline, settings.threads(), Work.mostTreeBytes(problem.n(), problem.d())),
            bound -> results.improved(() -> Outcome.lower(SO_FAR, bound, problem.d(), 0)),
            bound -> improved(bound, UnaryOperator.identity(), results),
            progress -> {});
    Status status =
        solution.ending() == ExactSolution.Ending.TIME
            ? Status.TIME_LIMIT
            : status(solution.converged(), deadline);
    ExactProgress end = solution.progress();
    Outcome upper = upper(status, solution.upper(), UnaryOperator.identity(), end.round());
    if (solution.lower().value() == 0) {
      return upper;
    }
    if (upper.status() != Status.FAILED) {
      results.further(upper);
    }
    return Outcome.lower(status, solution.lower(), problem.d(), end.round())
        .with("relativeGap", end.relativeGap())
        .with("cones", end.cones());
  }

  /**
   * @param lift what the bound is in the problem's own columns, made only when it is sent
   */
  private void improved(UpperBound bound, UnaryOperator<UpperBound> lift, MethodResults results) {
    progress.running(RelaxationMethod.COLUMN_GENERATION.jsonName(), bound.value(), BoundKind.UPPER);
    if (fits(bound.network().m())) {
      results.improved(() -> Outcome.upper(SO_FAR, lift.apply(bound), 0));
    }
  }

  private Outcome columnGeneration(
      ReducedProblem reduced, Deadline deadline, MethodResults results) {
    Problem fewer = reduced.problem();
    UnaryOperator<UpperBound> lift = bound -> reduced.lift(bound, deadline);
    requireMemory("Column generation", JobMemory.columnGeneration(fewer.n(), fewer.d()), LESS_DATA);
    ColumnGenerationResult result =
        ColumnGeneration.solve(
            fewer, plan.seed(), deadline, bound -> improved(bound, lift, results));
    return upper(status(result.converged(), deadline), result.bound(), lift, result.rounds());
  }

  private Outcome gated(Problem problem, Deadline deadline) {
    gated = solveGated(problem, deadline);
    GatedSolution solution = gated.solution();
    return Outcome.estimate(
            status(solution.converged(), deadline), solution.value(), solution.iterations())
        .with("relativeGap", solution.relativeGap())
        .with("dualValue", solution.dualValue())
        .with("patterns", gated.gates().count());
  }

  private Outcome coneDecomposition(ReducedProblem reduced, Deadline deadline) {
    Problem fewer = reduced.problem();
    UnaryOperator<UpperBound> lift = bound -> reduced.lift(bound, deadline);
    requireMemory(
        "The cone decomposition", JobMemory.coneDecomposition(fewer.n(), fewer.d()), LESS_DATA);
    if (gated == null) {
      gated = solveGated(fewer, deadline.share(BudgetShare.GATED_BEFORE_SPLIT));
    }
    ConeSplit split = ConeDecomposition.split(fewer, gated.gates(), gated.solution(), deadline);
    boolean converged = split.converged() && gated.solution().converged();
    return upper(status(converged, deadline), split.bound(), lift, split.iterations())
        .with("blowUp", split.blowUp());
  }

  private Gated solveGated(Problem problem, Deadline deadline) {
    deadline.check(); // nothing is begun when even the grace is over
    double bytes = JobMemory.patterns(problem.n(), problem.d(), plan.patterns());
    requirePatternMemory(bytes);
    double own = JobMemory.gated(problem.n(), problem.d());
    requireMemory("The gated program", own + bytes, "ask for fewer patterns");
    requireTime(problem, deadline);
    Gates gates =
        Gates.sample(problem.n(), problem.d(), problem.x(), plan.patterns(), plan.seed(), deadline);
    double left = settings.maxBytes() - bytes;
    return new Gated(gates, GatedSolver.solve(problem, gates, GATED_TOLERANCE, left, deadline));
  }

  private void requireMemory(String what, double bytes, String fix) {
    memory.require(what, bytes, problem.n(), problem.d(), fix);
  }

  private void requirePatternMemory(double bytes) {
    if (bytes > settings.maxPatternBytes()) {
      throw new IllegalArgumentException(
          plan.patterns()
              + " patterns of "
              + problem.n()
              + " rows and "
              + problem.d()
              + " columns would take "
              + (long) bytes
              + " bytes and this service allows "
              + settings.maxPatternBytes()
              + "; ask for fewer patterns or raise gapstream.max-pattern-bytes.");
    }
  }

  /** Patterns that are not all there serve nothing: sampling is not begun without time for it. */
  private void requireTime(Problem problem, Deadline deadline) {
    double needed = (double) problem.n() * problem.d() * plan.patterns() / SAMPLING_RATE;
    double left = deadline.remaining().toNanos() * 1e-9;
    if (needed > Math.max(left, SAMPLING_GRACE_SECONDS)) {
      throw new IllegalArgumentException(
          "Sampling "
              + plan.patterns()
              + " patterns would take about "
              + (long) Math.ceil(needed)
              + " s and "
              + left
              + " s are left for it; ask for fewer patterns or a larger budgetSeconds.");
    }
  }

  private Outcome upper(
      Status status, UpperBound bound, UnaryOperator<UpperBound> lift, long iterations) {
    int width = bound.network().m();
    if (!fits(width)) {
      return Outcome.failed(
          BoundKind.UPPER,
          "The network has "
              + width
              + " neurons of "
              + problem.d()
              + " inputs and no message holds more than "
              + Limits.MAX_NETWORK_VALUES
              + " weights; ask for fewer patterns.");
    }
    return Outcome.upper(status, lift.apply(bound), iterations);
  }

  private boolean fits(int width) {
    return width * (problem.d() + 1L) <= Limits.MAX_NETWORK_VALUES;
  }

  private static Status status(boolean converged, Deadline deadline) {
    if (converged) {
      return Status.CONVERGED;
    }
    return deadline.reached() ? Status.TIME_LIMIT : Status.ITERATION_LIMIT;
  }
}
