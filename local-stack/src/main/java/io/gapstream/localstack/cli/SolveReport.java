package io.gapstream.localstack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.Status;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code gap solve} says about a program and its solutions, as text and as JSON. */
final class SolveReport {

  private final ObjectNode program;
  private final Weights weights;

  /**
   * @param program what there is to say about it before it is solved, in the words of its JSON
   */
  SolveReport(ObjectNode program, Weights weights) {
    this.program = program;
    this.weights = weights;
  }

  /** Lines before the log. */
  List<String> header(String source, double tolerance, Budget budget, int threads) {
    List<String> lines = new ArrayList<>();
    lines.add(program.path("program").asText() + " program on " + source);
    lines.add(line("data", "n = " + Rows.text(program, "n") + ", d = " + Rows.text(program, "d")));
    if (program.has("patterns")) {
      lines.add(line("patterns", Rows.text(program, "patterns")));
    }
    lines.add(line("betaMax", Rows.number(program, "betaMax")));
    int last = weights.count() - 1;
    lines.add(line("beta", last == 0 ? weight(0) : "from " + weight(0) + " to " + weight(last)));
    lines.add(
        line(
            "until",
            "relative gap "
                + digits(tolerance)
                + ", or "
                + digits(budget.seconds())
                + " s; "
                + threads
                + (threads == 1 ? " thread" : " threads")));
    return lines;
  }

  /** A weight of the penalty, alone and as a share of betaMax. */
  String weight(int k) {
    double fraction = weights.fractions()[k];
    String beta = String.format(Locale.ROOT, "%.7g", weights.betas()[k]);
    return Double.isNaN(fraction) ? beta : beta + " = " + digits(fraction) + " betaMax";
  }

  /** Up to five digits, without zeros at the end. */
  private static String digits(double value) {
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(5)).stripTrailingZeros();
    return value >= 1e-4 && value < 1e9 ? rounded.toPlainString() : rounded.toString();
  }

  /** The names above the rows of a path. */
  String columns(Solved first) {
    StringBuilder line = new StringBuilder();
    solution(0, first).fieldNames().forEachRemaining(name -> line.append(cell(name)));
    return line.toString();
  }

  /** A weight of a path. */
  String row(int k, Solved solved) {
    StringBuilder line = new StringBuilder();
    for (Iterator<Map.Entry<String, JsonNode>> fields = solution(k, solved).fields();
        fields.hasNext(); ) {
      Map.Entry<String, JsonNode> field = fields.next();
      line.append(cell(number(field.getKey(), field.getValue())));
    }
    return line.toString();
  }

  private static String cell(String text) {
    return String.format(Locale.ROOT, "  %12s", text);
  }

  /** Lines after the log: the numbers of a single solution, or how a path ended. */
  List<String> footer(List<Solved> solutions) {
    List<String> lines = new ArrayList<>();
    String status = status(solutions).jsonName();
    if (weights.count() > 1) {
      long converged =
          solutions.stream().filter(solved -> solved.status() == Status.CONVERGED).count();
      lines.add(line("status", status + ", " + converged + " of " + weights.count()));
      if (solutions.get(0).numbers().has("value")) {
        lines.add(line("value", meaning()));
      }
      return lines;
    }
    lines.add(line("status", status));
    solutions
        .get(0)
        .numbers()
        .fields()
        .forEachRemaining(
            field ->
                lines.add(
                    line(
                        field.getKey(),
                        number(field.getKey(), field.getValue())
                            + (field.getKey().equals("value") ? "  (" + meaning() + ")" : ""))));
    return lines;
  }

  private String meaning() {
    return program.path("kind").asText().equals(BoundKind.ESTIMATE.jsonName())
        ? "an estimate, not a bound"
        : "an upper bound";
  }

  /** The result for programs. */
  ObjectNode json(List<Solved> solutions, boolean path) {
    ObjectNode json = program.deepCopy();
    if (!path) {
      return json.setAll(solution(0, solutions.get(0)));
    }
    json.put("status", status(solutions).jsonName());
    ArrayNode items = json.putArray("path");
    for (int k = 0; k < solutions.size(); k++) {
      items.add(solution(k, solutions.get(k)));
    }
    return json;
  }

  /** How the whole ended: converged only if every weight was solved for. */
  Status status(List<Solved> solutions) {
    for (Solved solved : solutions) {
      if (solved.status() != Status.CONVERGED) {
        return solved.status();
      }
    }
    return solutions.size() < weights.count() ? Status.TIME_LIMIT : Status.CONVERGED;
  }

  private ObjectNode solution(int k, Solved solved) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("beta", weights.betas()[k]);
    double fraction = weights.fractions()[k];
    json.put("betaFraction", Double.isNaN(fraction) ? null : (Double) fraction);
    json.setAll(solved.numbers());
    return json.put("status", solved.status().jsonName());
  }

  private static String number(String name, JsonNode value) {
    if (!value.isFloatingPointNumber()) {
      return value.isNull() ? "-" : value.asText();
    }
    if (name.equals("betaFraction")) {
      return digits(value.doubleValue());
    }
    String format =
        switch (name) {
          case "relativeGap" -> "%.2e";
          case "seconds" -> "%.3f";
          default -> "%.9g";
        };
    return String.format(Locale.ROOT, format, value.doubleValue());
  }

  private static String line(String name, String text) {
    return String.format(Locale.ROOT, "  %-14s %s", name, text);
  }
}
