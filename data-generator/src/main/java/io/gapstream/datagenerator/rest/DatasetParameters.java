package io.gapstream.datagenerator.rest;

import io.gapstream.contracts.RelaxationPlan;
import io.gapstream.contracts.RunPlan;
import io.gapstream.contracts.TrainingPlan;
import io.gapstream.datagenerator.application.Penalty;
import io.gapstream.datagenerator.application.RefusedException;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters of an upload.
 *
 * @param target the target's column
 * @param file what messages call the file; null to take it from the upload
 * @param name of the experiment; null to take the file's
 * @param studyId the study, if any
 * @param penalty the weight of the penalty
 * @param standardize whether to standardise
 * @param bias whether to append a column of ones
 * @param budgetSeconds for the relaxations and for the training runs, each
 * @param seed of the relaxations, and the first of the training seeds
 */
record DatasetParameters(
    String target,
    @Nullable String file,
    @Nullable String name,
    @Nullable String studyId,
    Penalty penalty,
    boolean standardize,
    boolean bias,
    @Nullable Double budgetSeconds,
    @Nullable Long seed) {

  private static final Set<String> NAMES =
      new TreeSet<>(
          List.of(
              "target",
              "file",
              "name",
              "studyId",
              "beta",
              "betaFraction",
              "standardize",
              "bias",
              "budgetSeconds",
              "seed"));

  /** Reads the parameters; refuses unknown ones, so that none is misspelt in silence. */
  static DatasetParameters of(MultivaluedMap<String, String> query) {
    for (Map.Entry<String, List<String>> entry : query.entrySet()) {
      if (!NAMES.contains(entry.getKey())) {
        throw RefusedException.badInput(
            "There is no parameter '"
                + entry.getKey()
                + "'; the known ones are "
                + String.join(", ", NAMES)
                + ".");
      }
      if (entry.getValue().size() > 1) {
        throw RefusedException.badInput(
            "The parameter '" + entry.getKey() + "' is given more than once; give it once.");
      }
    }
    return new DatasetParameters(
        ExperimentRequest.required(text(query, "target"), "The parameter target"),
        text(query, "file"),
        text(query, "name"),
        text(query, "studyId"),
        ExperimentRequest.penalty(number(query, "beta"), number(query, "betaFraction")),
        flag(query, "standardize"),
        flag(query, "bias"),
        number(query, "budgetSeconds"),
        wholeNumber(query, "seed"));
  }

  /** The plan, with these parameters in place of the defaults. */
  RunPlan plan(RunPlan defaults) {
    RelaxationPlan relaxation = defaults.relaxation();
    TrainingPlan training = defaults.training();
    return new RunPlan(
        new RelaxationPlan(
            relaxation.methods(),
            relaxation.patterns(),
            seed == null ? relaxation.seed() : seed,
            budgetSeconds == null ? relaxation.budgetSeconds() : budgetSeconds),
        new TrainingPlan(
            training.methods(),
            training.widths(),
            seed == null
                ? training.seeds()
                : LongStream.range(0, training.seeds().size()).mapToObj(k -> seed + k).toList(),
            training.steps(),
            budgetSeconds == null ? training.budgetSeconds() : budgetSeconds,
            training.precision(),
            training.batchRows()));
  }

  private static @Nullable String text(MultivaluedMap<String, String> query, String name) {
    String value = query.getFirst(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  private static @Nullable Double number(MultivaluedMap<String, String> query, String name) {
    String value = text(query, name);
    if (value == null) {
      return null;
    }
    // Double.parseDouble alone also takes 1f, 0x1p3 and NaN.
    if (!value.matches("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?")) {
      throw RefusedException.badInput(
          "The parameter " + name + " is '" + shortened(value) + "'; it must be a number.");
    }
    return Double.valueOf(value);
  }

  private static @Nullable Long wholeNumber(MultivaluedMap<String, String> query, String name) {
    String value = text(query, name);
    try {
      return value == null ? null : Long.valueOf(value);
    } catch (NumberFormatException e) {
      throw RefusedException.badInput(
          "The parameter " + name + " is '" + shortened(value) + "'; it must be a whole number.");
    }
  }

  private static boolean flag(MultivaluedMap<String, String> query, String name) {
    String value = text(query, name);
    return switch (value == null ? "true" : value.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw RefusedException.badInput(
              "The parameter "
                  + name
                  + " is '"
                  + shortened(String.valueOf(value))
                  + "'; it must be true or false.");
    };
  }

  private static String shortened(String value) {
    return value.length() <= 40 ? value : value.substring(0, 40) + "...";
  }
}
