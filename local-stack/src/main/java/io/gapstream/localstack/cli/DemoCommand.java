package io.gapstream.localstack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gapstream.localstack.Home;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the whole system at work. */
@Command(
    name = "demo",
    description = {
      "Certify iris, diabetes and a small study on Gaussian data, and show the bounds close in.",
      "Uses the stack that runs. Without one it starts a stack, which stays until Ctrl-C when"
          + " the output is a terminal and is stopped at the end when it is not."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  gap demo", "  gap demo --budget 10s"})
final class DemoCommand implements Callable<Integer> {

  private static final String STUDY = "demo";
  private static final Duration POLL = Duration.ofMillis(300);
  private static final Duration GRACE = Duration.ofSeconds(90);
  private static final int GAUSSIAN_SEEDS = 3;

  private final Terminal terminal;
  private final Stacks stacks;

  @Option(
      names = "--budget",
      paramLabel = "TIME",
      converter = Budget.Converter.class,
      defaultValue = "20s",
      description = "How long the solvers may work on each experiment (default: 20s).")
  private Budget budget = new Budget(20);

  DemoCommand(Terminal terminal, Stacks stacks) {
    this.terminal = terminal;
    this.stacks = stacks;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (Stacks.Services services = stacks.runningOrStarted()) {
      Api api = new Api(services, terminal);
      long start = System.nanoTime();
      List<String> experiments = submit(api);
      Map<String, JsonNode> last = follow(api, experiments, start);
      terminal.print("");
      terminal.print(Rows.header());
      boolean verified = true;
      for (String experiment : experiments) {
        JsonNode certificate = last.get(experiment);
        if (certificate != null) {
          terminal.print(Rows.row(certificate));
        }
        verified &= certificate != null && certificate.path("verdict").asText().equals("verified");
      }
      terminal.print("dashboard " + services.dashboard());
      if (services.temporary() && terminal.outIsTerminal()) {
        terminal.progress("Ctrl-C stops the stack");
        new CountDownLatch(1).await();
      }
      return verified ? ExitCode.OK : ExitCode.INCONCLUSIVE;
    }
  }

  private List<String> submit(Api api) {
    Path examples = Home.examples();
    List<String> experiments = new ArrayList<>();
    experiments.add(upload(api, examples.resolve("iris.csv"), "species"));
    experiments.add(upload(api, examples.resolve("diabetes.csv"), "progression"));
    for (int seed = 1; seed <= GAUSSIAN_SEEDS; seed++) {
      ObjectNode request = JsonNodeFactory.instance.objectNode();
      request.put("name", "gaussian-" + seed).put("studyId", STUDY).put("betaFraction", 0.1);
      request
          .putObject("generator")
          .put("n", 40)
          .put("d", 4)
          .put("labels", "teacher")
          .put("teacherNeurons", 3)
          .put("noise", 0.1)
          .put("seed", seed);
      ObjectNode plan = request.putObject("plan");
      plan.putObject("relaxation").put("budgetSeconds", budget.seconds());
      plan.putObject("training").put("budgetSeconds", budget.seconds());
      experiments.add(api.requestExperiment(request).path("experimentId").asText());
    }
    return experiments;
  }

  private String upload(Api api, Path file, String target) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("target", target);
    fields.put("studyId", STUDY);
    fields.put("betaFraction", "0.1");
    fields.put("budgetSeconds", Double.toString(budget.seconds()));
    Upload upload = Upload.of(InputFile.name(file), Upload.content(file), fields);
    return api.upload(upload).path("experimentId").asText();
  }

  private Map<String, JsonNode> follow(Api api, List<String> experiments, long start) {
    // The jobs queue for the same processors, so the budgets add up.
    Duration limit =
        Duration.ofMillis((long) (2 * budget.seconds() * 1000))
            .multipliedBy(experiments.size())
            .plus(GRACE);
    Map<String, JsonNode> last = new HashMap<>();
    terminal.print(Rows.logHeader());
    while (true) {
      boolean complete = true;
      for (String experiment : experiments) {
        JsonNode before = last.get(experiment);
        if (before != null && before.path("complete").asBoolean()) {
          continue;
        }
        JsonNode now = certificate(api, experiment, start, limit);
        complete &= now != null && now.path("complete").asBoolean();
        if (now != null) {
          last.put(experiment, now);
          if (before == null || changed(before, now)) {
            terminal.print(Rows.logRow((System.nanoTime() - start) / 1e9, now));
          }
        }
      }
      if (complete || System.nanoTime() - start > limit.toNanos()) {
        return last;
      }
      Waiting.pause(POLL);
    }
  }

  /** A service that died is started again, so no answer is no reason to give up at once. */
  private static @Nullable JsonNode certificate(
      Api api, String experiment, long start, Duration limit) {
    try {
      return api.certificate(experiment).orElse(null);
    } catch (CommandException e) {
      if (e.exitCode() != ExitCode.UNREACHABLE || System.nanoTime() - start > limit.toNanos()) {
        throw e;
      }
      return null;
    }
  }

  private static boolean changed(JsonNode before, JsonNode now) {
    return !before.path("version").equals(now.path("version"))
        || !before.path("completedResults").equals(now.path("completedResults"));
  }
}
