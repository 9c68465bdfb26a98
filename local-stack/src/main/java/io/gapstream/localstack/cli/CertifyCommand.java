package io.gapstream.localstack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gapstream.ingest.Header;
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
          + " The interval is printed only if its evidence proves it for the file's data."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gap certify iris.csv --target species",
      "  gap certify iris.csv --target species -o iris.gapcert.json",
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

  private static final int ATTEMPTS = 10;
  private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(300);

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

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description =
          "Write the certificate with all its evidence to this file; 'gap verify' checks it.")
  private @Nullable Path output;

  @Option(names = "--with-data", description = "Put the data into the file of --output.")
  private boolean withData;

  @Option(names = "--json", description = "Print JSON; docs/cli.md has its fields.")
  private boolean json;

  CertifyCommand(Terminal terminal, Stacks stacks) {
    this.terminal = terminal;
    this.stacks = stacks;
  }

  @Override
  public Integer call() {
    if (output != null) {
      OutputFile.checkWritable(output);
    } else if (withData) {
      throw new CommandException(
          ExitCode.BAD_INPUT, "--with-data is about the file of --output; give both.");
    }
    // Refuses whatever no service would take, before anything is started or stored.
    String fileName = InputFile.label(InputFile.name(file), "the file " + InputFile.name(file));
    String label =
        InputFile.label(
            name == null ? fileName.replaceFirst("(?<=.)\\.[^.]*$", "") : name, "--name");
    LearningProblem problem = LearningProblem.forServices(file, target, preparation);
    Question question = Question.of(fileName, problem.prepared().data(), penalty);
    Header header = preparation.header();
    Upload upload =
        Upload.of(
            fileName,
            CsvUpload.body(file, header, problem.columns().size()),
            fields(label, CsvUpload.target(target, header, problem.target())));
    try (Stacks.Services services = stacks.runningOrStarted()) {
      return certify(new Api(services, terminal), upload, question, services.dashboard());
    }
  }

  private int certify(Api api, Upload upload, Question question, String dashboard) {
    long start = System.nanoTime();
    JsonNode accepted = api.upload(upload);
    question.requireAccepted(accepted);
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
    question.requireCertificate(certificate, accepted);
    Evidence evidence = Evidence.none(certificate);
    if (isVerified(certificate)) {
      evidence = evidence(api, experimentId, certificate);
      question.requireCertificate(evidence.certificate(), accepted);
    }
    byte[] file = evidence.file();
    String unchecked = file == null ? null : question.whyNotProved(file, evidence.certificate());
    boolean checked = file != null && unchecked == null;
    if (output != null && file != null) {
      OutputFile.write(output, file);
    }
    // Others may have asked the same under another name meanwhile.
    ObjectNode shown = evidence.certificate().deepCopy();
    if (accepted.has("name")) {
      shown.set("name", accepted.get("name"));
    }
    if (json) {
      terminal.print(json(shown, accepted, question, checked, elapsed, dashboard));
    } else {
      print(shown, question, checked, unchecked, elapsed);
    }
    return exitCode(evidence.certificate());
  }

  /**
   * A certificate with its file, of the same moment.
   *
   * @param file null where there is none yet
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record Evidence(JsonNode certificate, byte @Nullable [] file) {

    static Evidence none(JsonNode certificate) {
      return new Evidence(certificate, null);
    }
  }

  /** A certificate may be tightened between two requests, so they are made until they agree. */
  private Evidence evidence(Api api, String experimentId, JsonNode first) {
    JsonNode certificate = first;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      byte[] file = api.certificateFile(experimentId, withData);
      if (Question.claims(file, certificate)) {
        return new Evidence(certificate, file);
      }
      Waiting.pause(BETWEEN_ATTEMPTS);
      JsonNode newest = api.certificate(experimentId).orElse(certificate);
      certificate = isVerified(newest) ? newest : certificate;
    }
    throw new CommandException(
        ExitCode.FAILED,
        "The certificate "
            + experimentId
            + " and its file claim different bounds, so none is printed. Look at both with 'gap show'"
            + " and 'gap export-certificate'.");
  }

  private static boolean isVerified(JsonNode certificate) {
    return certificate.path("verdict").asText().equals("verified");
  }

  private Map<String, String> fields(String label, String wanted) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("target", wanted);
    fields.put("name", label);
    Double beta = penalty.beta();
    if (beta != null) {
      fields.put("beta", Double.toString(beta));
    } else {
      fields.put("betaFraction", Double.toString(penalty.fraction()));
    }
    fields.put("standardize", Boolean.toString(preparation.standardize()));
    fields.put("bias", Boolean.toString(preparation.bias()));
    fields.put("budgetSeconds", Double.toString(budget.seconds()));
    return fields;
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

  private void print(
      JsonNode certificate,
      Question question,
      boolean checked,
      @Nullable String unchecked,
      double elapsed) {
    Report.print(terminal, certificate);
    if (!certificate.has("dataSha256")) {
      terminal.print("  data sha256    " + question.sha256());
    }
    if (checked) {
      terminal.print("  checked        here, against " + InputFile.name(file));
    } else if (unchecked != null) {
      terminal.print("  checked        by results-service only: " + unchecked);
    }
    if (output != null) {
      terminal.print(
          isVerified(certificate)
              ? "  file           " + output
              : "  file           none: " + output + " is written once both bounds are there");
    }
    terminal.print(String.format(Locale.ROOT, "  elapsed        %.1f s", elapsed));
  }

  private static ObjectNode json(
      JsonNode certificate,
      JsonNode accepted,
      Question question,
      boolean checked,
      double elapsed,
      String dashboard) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    for (String field : FIELDS) {
      JsonNode value = certificate.has(field) ? certificate.get(field) : accepted.get(field);
      result.set(field, value == null ? JsonNodeFactory.instance.nullNode() : value);
    }
    result.put("dataSha256", question.sha256());
    result.put("checkedHere", checked);
    ArrayNode failed = result.putArray("failed");
    for (JsonNode of : Report.failed(certificate)) {
      ObjectNode failure = failed.addObject();
      failure.put("method", of.path("method").asText());
      failure.set("seed", of.get("seed"));
      failure.set("width", of.get("width"));
      failure.put("reason", of.path("reason").asText(null));
    }
    result.put("elapsedSeconds", Math.round(elapsed * 1000) / 1000.0);
    result.put("dashboard", dashboard);
    return result;
  }

  private static int exitCode(JsonNode certificate) {
    return switch (certificate.path("verdict").asText()) {
      case "verified" -> ExitCode.OK;
      case "refuted" -> ExitCode.FAILED;
      default -> ExitCode.INCONCLUSIVE;
    };
  }
}
