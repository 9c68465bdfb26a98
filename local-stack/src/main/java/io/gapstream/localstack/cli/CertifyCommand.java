package io.gapstream.localstack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gapstream.contracts.Limits;
import io.gapstream.ingest.SizeLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Certifies a CSV file. */
@Command(
    name = "certify",
    description = {
      "Prove an interval for the best possible training loss on a CSV file.",
      "The file has a header, commas between the columns and a number in every field. Uses the"
          + " stack that runs; without one it starts a stack for this call and stops it after."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gap certify iris.csv --target species",
      "  gap certify diabetes.csv --target progression --beta-fraction 0.05 --budget 2m",
      "  gap certify iris.csv --target species --beta 1.25 --json"
    })
final class CertifyCommand implements Callable<Integer> {

  /** What certify prints as JSON, in this order; absent values are null. */
  private static final List<String> FIELDS =
      List.of(
          "experimentId",
          "name",
          "n",
          "d",
          "beta",
          "betaFraction",
          "betaMax",
          "lower",
          "upper",
          "ratio",
          "rung",
          "verdict",
          "complete",
          "bestTraining",
          "bestTrainingMethod",
          "estimateGated");

  /** The budget is for the solvers; reading, checking and storing come on top. */
  private static final Duration GRACE = Duration.ofSeconds(60);

  private final Terminal terminal;
  private final Stacks stacks;

  @Parameters(paramLabel = "FILE", description = "The CSV file.")
  private Path file = Path.of("");

  @Option(
      names = "--target",
      paramLabel = "COLUMN",
      required = true,
      description = "The column to be learned from the others.")
  private String target = "";

  @ArgGroup private PenaltyOptions penalty = new PenaltyOptions();

  @Mixin private PreparationOptions preparation = new PreparationOptions();

  @Option(
      names = "--budget",
      paramLabel = "TIME",
      converter = Budget.Converter.class,
      defaultValue = "30s",
      description = "How long the solvers may work, such as 30s or 2m (default: 30s).")
  private Budget budget = new Budget(30);

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "For people (default: the file's name without its extension).")
  private @Nullable String name;

  @Option(names = "--json", description = "Print JSON; docs/cli.md has its fields.")
  private boolean json;

  CertifyCommand(Terminal terminal, Stacks stacks) {
    this.terminal = terminal;
    this.stacks = stacks;
  }

  @Override
  public Integer call() {
    Map<String, String> query = query();
    // Refuses a file that no service would take, before anything is started or stored.
    InputFile.learningProblem(
        file,
        target,
        preparation.standardize(),
        new SizeLimits(Limits.MAX_VALUES, Limits.MAX_ROWS));
    try (Stacks.Services services = stacks.runningOrStarted()) {
      Api api = new Api(services);
      long start = System.nanoTime();
      JsonNode accepted = api.uploadCsv(file, query);
      String experimentId = accepted.path("experimentId").asText();
      terminal.progress("Experiment " + experimentId + " is under way");
      Duration limit = Duration.ofMillis((long) (budget.seconds() * 1000)).plus(GRACE);
      JsonNode certificate = new Follower(api).follow(experimentId, limit, progress(start));
      if (certificate == null) {
        throw new CommandException(
            ExitCode.UNREACHABLE,
            "results-service has not heard of experiment "
                + experimentId
                + " after "
                + limit.toSeconds()
                + " s. See 'gap status' and the logs.");
      }
      double elapsed = (System.nanoTime() - start) / 1e9;
      print(certificate, accepted, elapsed, services.dashboard());
      return exitCode(certificate);
    }
  }

  private Map<String, String> query() {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("target", target);
    query.put("file", InputFile.name(file));
    query.put(
        "name", name == null ? InputFile.name(file).replaceFirst("(?<=.)\\.[^.]*$", "") : name);
    Double beta = penalty.beta();
    if (beta != null) {
      query.put("beta", Double.toString(beta));
    } else {
      query.put("betaFraction", Double.toString(penalty.fraction()));
    }
    query.put("standardize", Boolean.toString(preparation.standardize()));
    query.put("bias", Boolean.toString(preparation.bias()));
    query.put("budgetSeconds", Double.toString(budget.seconds()));
    return query;
  }

  private Consumer<JsonNode> progress(long start) {
    if (!terminal.errIsTerminal()) {
      return certificate -> {};
    }
    String[] before = {""};
    return certificate -> {
      String state =
          Rows.text(certificate, "version") + "/" + Rows.text(certificate, "completedResults");
      if (!state.equals(before[0])) {
        if (before[0].isEmpty()) {
          terminal.progress(Rows.logHeader());
        }
        before[0] = state;
        terminal.progress(Rows.logRow((System.nanoTime() - start) / 1e9, certificate));
      }
    };
  }

  private void print(JsonNode certificate, JsonNode accepted, double elapsed, String dashboard) {
    if (!json) {
      Report.print(terminal, certificate);
      terminal.print(String.format(Locale.ROOT, "  elapsed        %.1f s", elapsed));
      return;
    }
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    for (String field : FIELDS) {
      JsonNode value = certificate.has(field) ? certificate.get(field) : accepted.get(field);
      result.set(field, value == null ? JsonNodeFactory.instance.nullNode() : value);
    }
    result.put("elapsedSeconds", Math.round(elapsed * 1000) / 1000.0);
    result.put("dashboard", dashboard);
    terminal.print(result);
  }

  private static int exitCode(JsonNode certificate) {
    return switch (certificate.path("verdict").asText()) {
      case "verified" -> ExitCode.OK;
      case "refuted" -> ExitCode.FAILED;
      default -> ExitCode.INCONCLUSIVE;
    };
  }
}
