package io.gapstream.localstack.cli;

import com.fasterxml.jackson.databind.JsonNode;

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
  }
}
