package io.gapstream.localstack.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gapstream.contracts.Status;
import io.gapstream.ingest.SizeLimits;
import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.TimeUpException;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.Prepared;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.problem.Network;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Solves one convex program on a CSV file, in this process and without the stack. */
@Command(
    name = "solve",
    description = {
      "Solve one convex program on a CSV file, here and without the stack.",
      "gated: patterns without cones; its value is an estimate, not a bound. sampled: patterns with"
          + " their cones; its solution is a network, so its value is an upper bound. exact: the"
          + " best network over all patterns, from both sides, for few columns. Stops at the"
          + " relative gap that was asked for, and shows the gap that it reached."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gap solve --program gated --data iris.csv --target species",
      "  gap solve --program sampled --data iris.csv --target species --json",
      "  gap solve --program exact --data iris.csv --target species --tolerance 0.01",
      "  gap solve --program gated --data iris.csv --target species --path 20"
    })
final class SolveCommand implements Callable<Integer> {

  /** The numbers that an array may hold, which grows by doubling. */
  private static final long MOST_VALUES = 1 << 30;

  /** The numbers themselves, X, a scaled X, its columns, and room for the patterns. */
  private static final long HEAP_BYTES_A_VALUE = 64;

  private final Terminal terminal;

  @Option(
      names = "--program",
      paramLabel = "PROGRAM",
      required = true,
      description = "One of: ${COMPLETION-CANDIDATES}.")
  private ProgramName programName = ProgramName.GATED;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "A CSV file: a header, commas, a number in every field.")
  private Path file = Path.of("");

  @Option(
      names = "--target",
      paramLabel = "COLUMN",
      required = true,
      description = "The column to be learned from the others.")
  private String target = "";

  @ArgGroup private @Nullable GateOptions gateOptions;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      description = "Of the sampled gate vectors, and of the searches of exact (default: 1).")
  private long seed = 1;

  @ArgGroup private @Nullable PenaltyOptions penalty;

  @Option(
      names = "--path",
      paramLabel = "K|F1,F2,...",
      converter = PathOption.Converter.class,
      description = {
        "Solve for several weights, the largest first, each from the solution before: K of them in"
            + " equal ratios from betaMax down to the weight asked for, or these fractions of"
            + " betaMax."
      })
  private @Nullable PathOption path;

  @Option(
      names = "--tolerance",
      paramLabel = "T",
      converter = PositiveNumber.class,
      description = "The relative gap to reach (default: 1e-6).")
  private double tolerance = 1e-6;

  @Option(
      names = "--budget",
      paramLabel = "TIME",
      converter = Budget.Converter.class,
      description = "How long it may take, such as 30s or 2m (default: 60s).")
  private Budget budget = new Budget(60);

  @Mixin private PreparationOptions preparation = new PreparationOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "Write the network to this file, as JSON; for sampled and exact, without --path.")
  private @Nullable Path output;

  @Option(names = "--json", description = "Print JSON; docs/cli.md has its fields.")
  private boolean json;

  @Option(
      names = "--verbose",
      description =
          "Print the whole log: with --json to standard error even where that is no terminal, with"
              + " --path every step.")
  private boolean verbose;

  SolveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    checkOptions();
    try {
      return solve();
    } catch (IllegalArgumentException e) {
      // What was given is well-formed here, so the numerics refuse its magnitudes or its size.
      throw new CommandException(
          ExitCode.BAD_INPUT, InputFile.name(file) + " cannot be solved: " + e.getMessage(), e);
    } catch (TimeUpException e) {
      throw new CommandException(
          ExitCode.INCONCLUSIVE,
          "The budget of "
              + budget
              + " ended before there was a solution; give a larger --budget, fewer patterns or"
              + " fewer rows.",
          e);
    } catch (OutOfMemoryError e) {
      throw new CommandException(
          ExitCode.FAILED,
          "The memory does not suffice; use fewer patterns, fewer rows or more memory.",
          e);
    }
  }

  private void checkOptions() {
    if (path != null && path.isGiven() && penalty != null) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "--path already gives every weight; leave out --beta and --beta-fraction.");
    }
    if (gateOptions != null && !programName.takesPatterns()) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "--program " + programName + " is over all patterns; leave out --patterns and --gates.");
    }
    if (output != null && (path != null || !programName.givesNetwork())) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "--output takes one network; give it with --program sampled or exact, and without"
              + " --path.");
    }
    if (output != null) {
      OutputFile.checkWritable(output);
    }
  }

  private int solve() {
    SizeLimits limits = limits();
    LearningProblem problem = LearningProblem.read(file, target, preparation, limits);
    Prepared prepared = problem.prepared();
    Program program = programName.on(prepared.data(), () -> gates(prepared, limits), seed);
    double betaMax = program.betaMax();
    Weights weights = Weights.of(penalty, path, betaMax);
    SolveReport report = new SolveReport(facts(program, prepared.data(), betaMax), weights);
    List<Solved> solutions = run(program, weights, report);
    if (json) {
      terminal.print(report.json(solutions, path != null));
    }
    if (output != null) {
      save(
          output,
          report.json(solutions, false),
          solutions.get(0),
          problem.featureNames(),
          prepared);
    }
    return report.status(solutions) == Status.CONVERGED ? ExitCode.OK : ExitCode.INCONCLUSIVE;
  }

  private Gates gates(Prepared prepared, SizeLimits limits) {
    GateOptions options = gateOptions == null ? new GateOptions() : gateOptions;
    return options.gates(prepared, seed, limits);
  }

  /** As much as the heap can hold beside what a solver makes of it. */
  private static SizeLimits limits() {
    long values = Math.min(MOST_VALUES, Runtime.getRuntime().maxMemory() / HEAP_BYTES_A_VALUE);
    return new SizeLimits(values, (int) values);
  }

  private ObjectNode facts(Program program, Data data, double betaMax) {
    ObjectNode facts = JsonNodeFactory.instance.objectNode();
    facts.put("program", programName.toString()).put("n", data.n()).put("d", data.d());
    facts.setAll(program.facts());
    return facts.put("betaMax", betaMax);
  }

  /** Solves, and says so as it goes. */
  private List<Solved> run(Program program, Weights weights, SolveReport report) {
    Consumer<String> out = out();
    report
        .header(InputFile.name(file) + ", target " + target, tolerance, budget, program.threads())
        .forEach(out);
    boolean everyStep = path == null || verbose;
    if (everyStep) {
      out.accept("");
      out.accept(program.logHeader());
      announce(out, report, 0);
    }
    List<Solved> solutions = new ArrayList<>();
    Duration time = Duration.ofNanos((long) (budget.seconds() * 1e9));
    program.solve(
        weights.betas(),
        tolerance,
        Deadline.after(time),
        everyStep ? out : line -> {},
        solved -> {
          solutions.add(solved);
          if (!everyStep) {
            row(out, report, solutions.size() - 1, solved);
          } else if (solutions.size() < weights.count()) {
            announce(out, report, solutions.size());
          }
        });
    for (int k = 0; k < solutions.size() && path != null && verbose; k++) {
      row(out, report, k, solutions.get(k));
    }
    out.accept("");
    report.footer(solutions).forEach(out);
    return solutions;
  }

  /** Where what is going on is told. */
  private Consumer<String> out() {
    if (!json) {
      return terminal::print;
    }
    return verbose ? terminal::log : terminal::progress;
  }

  private void announce(Consumer<String> out, SolveReport report, int k) {
    if (path != null) {
      out.accept("  beta " + report.weight(k));
    }
  }

  private static void row(Consumer<String> out, SolveReport report, int k, Solved solved) {
    if (k == 0) {
      out.accept("");
      out.accept(report.columns(solved));
    }
    out.accept(report.row(k, solved));
  }

  private static void save(
      Path file, ObjectNode summary, Solved solved, List<String> featureNames, Prepared prepared) {
    Network network =
        solved
            .network()
            .orElseThrow(() -> new IllegalStateException("The solution is not a network."));
    NetworkFile.write(file, summary, network, featureNames, prepared);
  }
}
