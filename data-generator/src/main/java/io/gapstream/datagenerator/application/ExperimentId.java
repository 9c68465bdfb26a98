package io.gapstream.datagenerator.application;

import io.gapstream.contracts.Generator;
import io.gapstream.contracts.Origin;
import io.gapstream.contracts.RelaxationMethod;
import io.gapstream.contracts.RelaxationPlan;
import io.gapstream.contracts.RunPlan;
import io.gapstream.contracts.TrainingMethod;
import io.gapstream.contracts.TrainingPlan;
import io.gapstream.contracts.TrainingPrecision;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An experiment's id: the first 32 hexadecimal digits of SHA-256 over what was asked for, so that a
 * repeated request is the same experiment. Every field goes in with its name and its length, and
 * numbers as their bits, so nothing depends on how a platform writes them.
 */
final class ExperimentId {

  private static final int HEX_DIGITS = 32;

  private final MessageDigest digest;

  private ExperimentId() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }

  /**
   * The id.
   *
   * @param dataSha256 of the preprocessed data
   */
  static String of(Order order, String dataSha256) {
    ExperimentId id = new ExperimentId();
    id.add("format", "gapexperiment/1");
    id.add("data", dataSha256);
    id.add("name", order.name());
    id.add("studyId", order.studyId());
    id.add("standardize", order.standardize());
    id.add("bias", order.bias());
    if (order.penalty() instanceof Penalty.Absolute absolute) {
      id.add("beta", absolute.beta());
    } else if (order.penalty() instanceof Penalty.Fraction fraction) {
      id.add("betaFraction", fraction.betaFraction());
    }
    id.add(order.source().origin());
    id.add(order.plan());
    return HexFormat.of().formatHex(id.digest.digest()).substring(0, HEX_DIGITS);
  }

  private void add(Origin origin) {
    add("origin.kind", origin.kind().name());
    add("origin.source", origin.source());
    Generator generator = origin.generator();
    if (generator != null) {
      add("generator.n", generator.n());
      add("generator.d", generator.d());
      add("generator.labels", generator.labels().jsonName());
      add("generator.teacherNeurons", generator.teacherNeurons());
      add("generator.noise", generator.noise());
      add("generator.seed", generator.seed());
    }
  }

  private void add(RunPlan plan) {
    RelaxationPlan relaxation = plan.relaxation();
    add(
        "relaxation.methods",
        relaxation.methods().stream().map(RelaxationMethod::jsonName).toList());
    add("relaxation.patterns", relaxation.patterns());
    add("relaxation.seed", relaxation.seed());
    add("relaxation.budgetSeconds", relaxation.budgetSeconds());
    TrainingPlan training = plan.training();
    add("training.methods", training.methods().stream().map(TrainingMethod::jsonName).toList());
    add("training.widths", training.widths());
    add("training.seeds", training.seeds());
    add("training.steps", training.steps());
    add("training.budgetSeconds", training.budgetSeconds());
    // What came later goes in only where it is given: earlier requests keep their ids.
    TrainingPrecision precision = training.precision();
    if (precision != null) {
      add("training.precision", precision.jsonName());
    }
    Integer batchRows = training.batchRows();
    if (batchRows != null) {
      add("training.batchRows", (long) batchRows);
    }
  }

  private void add(String field, double value) {
    add(field, Long.toHexString(Double.doubleToLongBits(value)));
  }

  private void add(String field, long value) {
    add(field, Long.toString(value));
  }

  private void add(String field, boolean value) {
    add(field, Boolean.toString(value));
  }

  private void add(String field, List<?> values) {
    add(field, values.toString());
  }

  private void add(String field, @Nullable String value) {
    String text =
        value == null ? field + " absent\n" : field + " " + value.length() + " " + value + "\n";
    digest.update(text.getBytes(StandardCharsets.UTF_8));
  }
}
