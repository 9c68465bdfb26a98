package io.gapstream.localstack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gapstream.contracts.Limits;
import io.gapstream.ingest.BadTableException;
import io.gapstream.ingest.CsvTable;
import io.gapstream.ingest.SizeLimits;
import java.io.IOException;
import java.nio.file.Files;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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

  private static final double DEFAULT_FRACTION = 0.1;

  /** The budget is for the solvers; reading, checking and storing come on top. */
  private static final Duration GRACE = Duration.ofSeconds(60);

  private final Terminal terminal;
  private final Stacks stacks;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The CSV file.")
  private Path file = Path.of("");

  @Option(
      names = "--target",
      paramLabel = "COLUMN",
      required = true,
      description = "The column to be learned from the others.")
  private String target = "";

  @ArgGroup private @Nullable PenaltyOptions penalty;

  @Option(
      names = "--no-standardize",
      description = "Take features and target as they are, not scaled to mean 0 and variance 1.")
  private boolean noStandardize;

  @Option(names = "--no-bias", description = "Do not append a column of ones.")
  private boolean noBias;

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

  /** The weight of the penalty, one way or the other. */
  private static final class PenaltyOptions {

    @Option(
        names = "--beta",
        paramLabel = "B",
        required = true,
        description = "The weight of the penalty, above 0.")
    private @Nullable Double beta;

    @Option(
        names = "--beta-fraction",
        paramLabel = "F",
        required = true,
        description =
            "The weight as a fraction of betaMax, above which the zero network is best"
                + " (default: 0.1).")
    private @Nullable Double fraction;
  }

  @Override
  public Integer call() {
    Map<String, String> query = query();
    check();
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
    query.put("file", fileName());
    query.put("name", name == null ? fileName().replaceFirst("(?<=.)\\.[^.]*$", "") : name);
    PenaltyOptions given = penalty;
    if (given != null && given.beta != null) {
      query.put("beta", positive("--beta", given.beta));
    } else if (given != null && given.fraction != null) {
      query.put("betaFraction", positive("--beta-fraction", given.fraction));
    } else {
      query.put("betaFraction", Double.toString(DEFAULT_FRACTION));
    }
    query.put("standardize", Boolean.toString(!noStandardize));
    query.put("bias", Boolean.toString(!noBias));
    query.put("budgetSeconds", Double.toString(budget.seconds()));
    return query;
  }

  private String positive(String option, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      String message = option + " is " + value + "; give a finite number above 0.";
      throw spec == null
          ? new CommandException(ExitCode.BAD_INPUT, message)
          : new ParameterException(spec.commandLine(), message);
    }
    return Double.toString(value);
  }

  private void requireVarying(double[] values, int column, int stride, String name, String fix) {
    for (int i = column; i < values.length; i += stride) {
      if (values[i] != values[column]) {
        return;
      }
    }
    throw new CommandException(
        ExitCode.BAD_INPUT,
        fileName() + ", column '" + name + "': every value is " + values[column] + ". " + fix);
  }

  /** Refuses a file that no service would take, before anything is started or stored. */
  private void check() {
    if (!Files.exists(file)) {
      throw new CommandException(ExitCode.BAD_INPUT, "There is no file " + file + ".");
    }
    if (!Files.isRegularFile(file)) {
      throw new CommandException(ExitCode.BAD_INPUT, file + " is not a regular file.");
    }
    try {
      CsvTable.Split split =
          CsvTable.read(file, fileName(), new SizeLimits(Limits.MAX_VALUES, Limits.MAX_ROWS))
              .split(target);
      requireVarying(split.y(), 0, 1, target, "Choose a target that varies.");
      for (int k = 0; k < split.d() && !noStandardize; k++) {
        requireVarying(
            split.x(),
            k,
            split.d(),
            split.featureNames().get(k),
            "Remove the column, or give --no-standardize.");
      }
    } catch (BadTableException e) {
      throw new CommandException(ExitCode.BAD_INPUT, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.BAD_INPUT, "Could not read " + file + ": " + e.getMessage(), e);
    }
  }

  private String fileName() {
    Path last = file.getFileName();
    return last == null ? file.toString() : last.toString();
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
