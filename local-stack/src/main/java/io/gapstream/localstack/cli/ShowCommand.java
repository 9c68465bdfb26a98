package io.gapstream.localstack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one certificate. */
@Command(
    name = "show",
    description = {
      "Show one certificate and the results it rests on.",
      "Without a running stack, starts one for this call if something was ever stored."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gap show 5f0c9d1e2b3a48576c7d8e9fa0b1c2d3",
      "  gap show 5f0c9d1e2b3a48576c7d8e9fa0b1c2d3 --json"
    })
final class ShowCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Stacks stacks;

  @Parameters(paramLabel = "ID", description = "The experiment's id: 32 hexadecimal digits.")
  private String experimentId = "";

  @Option(names = "--json", description = "Print the service's JSON.")
  private boolean json;

  ShowCommand(Terminal terminal, Stacks stacks) {
    this.terminal = terminal;
    this.stacks = stacks;
  }

  @Override
  public Integer call() {
    try (Stacks.Services services = StoredCertificates.open(stacks)) {
      JsonNode certificate =
          new Api(services, terminal)
              .certificate(experimentId)
              .orElseThrow(
                  () ->
                      new CommandException(
                          ExitCode.NOT_FOUND,
                          "There is no experiment '" + experimentId + "'. See 'gap list'."));
      if (json) {
        terminal.print(certificate);
        return ExitCode.OK;
      }
      Report.print(terminal, certificate);
      terminal.print(
          String.format(
              Locale.ROOT,
              "%n%-20s %-6s %6s %-9s %-15s %13s %-10s %s",
              "result",
              "seed",
              "width",
              "kind",
              "status",
              "value",
              "verdict",
              "reason"));
      for (JsonNode result : certificate.path("results")) {
        terminal.print(
            String.format(
                Locale.ROOT,
                "%-20s %-6s %6s %-9s %-15s %13s %-10s %s",
                Rows.text(result, "method"),
                Rows.text(result, "seed"),
                Rows.text(result, "width"),
                Rows.text(result, "kind"),
                Rows.text(result, "status"),
                Rows.number(result, "value"),
                Rows.text(result, "verdict"),
                result.path("reason").asText("")));
      }
      return ExitCode.OK;
    }
  }
}
