package io.gapstream.localstack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** Certificates as lines of text. */
final class Rows {

  private Rows() {}

  static String header() {
    return String.format(
        Locale.ROOT,
        "%-32s  %-20s %7s %5s %13s %13s %9s  %-10s %s",
        "experiment",
        "name",
        "n",
        "d",
        "lower",
        "upper",
        "ratio",
        "rung",
        "verdict");
  }

  static String row(JsonNode certificate) {
    return String.format(
        Locale.ROOT,
        "%-32s  %-20s %7s %5s %13s %13s %9s  %-10s %s%s",
        text(certificate, "experimentId"),
        shortened(text(certificate, "name"), 20),
        text(certificate, "n"),
        text(certificate, "d"),
        number(certificate, "lower"),
        number(certificate, "upper"),
        ratio(certificate),
        text(certificate, "rung"),
        text(certificate, "verdict"),
        certificate.path("complete").asBoolean() ? "" : " (running)");
  }

  static String logHeader() {
    return String.format(
        Locale.ROOT,
        "%8s  %-20s %13s %13s %9s  %-10s %s",
        "time",
        "experiment",
        "lower",
        "upper",
        "ratio",
        "rung",
        "results");
  }

  static String logRow(double seconds, JsonNode certificate) {
    return String.format(
        Locale.ROOT,
        "%7.1fs  %-20s %13s %13s %9s  %-10s %s/%s",
        seconds,
        shortened(text(certificate, "name"), 20),
        number(certificate, "lower"),
        number(certificate, "upper"),
        ratio(certificate),
        text(certificate, "rung"),
        text(certificate, "completedResults"),
        text(certificate, "plannedResults"));
  }

  /** A field as text; a dash when it is absent. */
  static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isMissingNode() || value.isNull() ? "-" : value.asText();
  }

  /** A number to seven digits; a dash when it is absent. */
  static String number(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isNumber() ? String.format(Locale.ROOT, "%.7g", value.doubleValue()) : "-";
  }

  private static String ratio(JsonNode certificate) {
    JsonNode value = certificate.path("ratio");
    return value.isNumber() ? String.format(Locale.ROOT, "%.5f", value.doubleValue()) : "-";
  }

  private static String shortened(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 1) + "~";
  }
}
