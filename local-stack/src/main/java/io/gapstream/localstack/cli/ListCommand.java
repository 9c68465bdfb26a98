package io.gapstream.localstack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists certificates. */
@Command(
    name = "list",
    description = {
      "List certificates, the newest first.",
      "Without a running stack, starts one for this call if something was ever stored."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gap list",
      "  gap list --verdict verified --max-ratio 1.01 --sort ratio",
      "  gap list --study demo --json"
    })
final class ListCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Stacks stacks;

  @Option(names = "--study", paramLabel = "ID", description = "Only this study.")
  private @Nullable String study;

  @Option(names = "--name", paramLabel = "TEXT", description = "Only names with this text.")
  private @Nullable String name;

  @Option(
      names = "--verdict",
      paramLabel = "VERDICT",
      description = "Only this verdict: verified, pending or refuted.")
  private @Nullable String verdict;

  @Option(
      names = "--rung",
      paramLabel = "RUNG",
      description = "Only lower bounds on this rung, such as quadratic.")
  private @Nullable String rung;

  @Option(
      names = "--complete",
      paramLabel = "true|false",
      arity = "0..1",
      fallbackValue = "true",
      description = "Only experiments with every planned result, or only the others.")
  private @Nullable Boolean complete;

  @Option(names = "--max-ratio", paramLabel = "R", description = "Only ratios up to this one.")
  private @Nullable Double maxRatio;

  @Option(
      names = "--sort",
      paramLabel = "[-]KEY",
      description =
          "updatedAt, createdAt, name, ratio, lower or upper; '-' before it turns it round.")
  private @Nullable String sort;

  @Option(names = "--limit", paramLabel = "N", description = "At most this many (default: 50).")
  private @Nullable Integer limit;

  @Option(names = "--cursor", paramLabel = "C", description = "The 'next' of the page before.")
  private @Nullable String cursor;

  @Option(names = "--json", description = "Print the service's JSON.")
  private boolean json;

  ListCommand(Terminal terminal, Stacks stacks) {
    this.terminal = terminal;
    this.stacks = stacks;
  }

  @Override
  public Integer call() {
    Map<String, String> query = new LinkedHashMap<>();
    put(query, "studyId", study);
    put(query, "name", name);
    put(query, "verdict", verdict);
    put(query, "rung", rung);
    put(query, "complete", complete);
    put(query, "maxRatio", maxRatio);
    put(query, "sort", sort);
    put(query, "limit", limit);
    put(query, "cursor", cursor);
    try (Stacks.Services services = StoredCertificates.open(stacks)) {
      JsonNode page = new Api(services, terminal).certificates(query);
      if (json) {
        terminal.print(page);
        return ExitCode.OK;
      }
      terminal.print(Rows.header());
      for (JsonNode certificate : page.path("items")) {
        terminal.print(Rows.row(certificate));
      }
      if (page.path("next").isTextual()) {
        terminal.print("more: --cursor " + page.path("next").textValue());
      }
      return ExitCode.OK;
    }
  }

  private static void put(Map<String, String> query, String key, @Nullable Object value) {
    if (value != null) {
      query.put(key, value.toString());
    }
  }
}
