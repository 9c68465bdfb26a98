package io.gapstream.localstack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A certificate for a person. */
final class Report {

  private Report() {}

  static void print(Terminal terminal, JsonNode certificate) {
    terminal.print(Rows.text(certificate, "name") + "  " + Rows.text(certificate, "experimentId"));
    terminal.print(
        "  data           n = "
            + Rows.text(certificate, "n")
            + ", d = "
            + Rows.text(certificate, "d")
            + ", beta = "
            + Rows.number(certificate, "beta")
            + (certificate.path("betaFraction").isNumber()
                ? " = " + Rows.text(certificate, "betaFraction") + " betaMax"
                : ""));
    if (certificate.path("dataSha256").isTextual()) {
      terminal.print("  data sha256    " + certificate.path("dataSha256").textValue());
    }
    terminal.print("  verdict        " + Rows.text(certificate, "verdict"));
    terminal.print(
        "  lower          "
            + Rows.number(certificate, "lower")
            + (certificate.path("rung").isTextual()
                ? "  (" + certificate.path("rung").textValue() + ")"
                : ""));
    terminal.print("  upper          " + Rows.number(certificate, "upper"));
    terminal.print("  ratio          " + Rows.number(certificate, "ratio"));
    terminal.print(
        "  best training  "
            + Rows.number(certificate, "bestTraining")
            + (certificate.path("bestTrainingMethod").isTextual()
                ? "  (" + certificate.path("bestTrainingMethod").textValue() + ")"
                : ""));
    terminal.print(
        "  gated          "
            + Rows.number(certificate, "estimateGated")
            + "  (an estimate, not a bound)");
    terminal.print(
        "  results        "
            + Rows.text(certificate, "completedResults")
            + " of "
            + Rows.text(certificate, "plannedResults"));
    failures(certificate)
        .forEach(
            (reason, methods) ->
                terminal.print("  failed         " + String.join(", ", methods) + ": " + reason));
  }

  /** The methods that failed, by the reason why. */
  private static Map<String, Set<String>> failures(JsonNode certificate) {
    Map<String, Set<String>> failures = new LinkedHashMap<>();
    for (JsonNode result : failed(certificate)) {
      failures
          .computeIfAbsent(result.path("reason").asText("no reason given"), key -> new TreeSet<>())
          .add(result.path("method").asText());
    }
    return failures;
  }

  /** The results of methods and runs that failed. */
  static List<JsonNode> failed(JsonNode certificate) {
    List<JsonNode> failed = new ArrayList<>();
    for (JsonNode result : certificate.path("results")) {
      if (result.path("status").asText().equals("failed")) {
        failed.add(result);
      }
    }
    return failed;
  }
}
