package io.gapstream.contracts;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An experiment's id: the first 32 hexadecimal digits of SHA-256 over what its dataset message
 * says, resolved: the hash of the data, beta, how it was asked for, what was done to the data, the
 * generator and the plan. Whoever reads the message computes the id again and refuses any other, so
 * nobody can put other data, another beta or another plan under an id. Names, studies and file
 * names are labels beside it. docs/messages.md has the form.
 *
 * <p>Every field goes in with its name and its length, and numbers as their bits, so nothing
 * depends on how a platform writes them.
 */
public final class ExperimentId {

  private static final int HEX_DIGITS = 32;

  private final MessageDigest digest;

  private ExperimentId() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }

  /** The id of what a message says, whatever it calls itself. */
  public static String of(DatasetMessage message) {
    return of(
        message.origin(),
        message.preprocessing(),
        message.sha256(),
        message.beta(),
        message.betaFraction(),
        message.betaMax(),
        message.plan());
  }

  /**
   * The id.
   *
   * @param sha256 of the data
   */
  static String of(
      Origin origin,
      Preprocessing preprocessing,
      String sha256,
      double beta,
      @Nullable Double betaFraction,
      double betaMax,
      RunPlan plan) {
    ExperimentId id = new ExperimentId();
    id.add("format", "gapexperiment/2");
    id.add("data", sha256);
    id.add("beta", beta);
    if (betaFraction != null) {
      id.add("betaFraction", betaFraction);
    }
    id.add("betaMax", betaMax);
    id.add(preprocessing);
    Generator generator = origin.generator();
    if (generator != null) {
      id.add(generator);
    }
    id.add(plan);
    return HexFormat.of().formatHex(id.digest.digest()).substring(0, HEX_DIGITS);
  }

  /**
   * Refuses a message that bears the id of another.
   *
   * @throws InvalidMessageException if the id is not that of what the message says
   */
  public static void require(DatasetMessage message) {
    String actual = of(message);
    Check.that(
        actual.equals(message.experimentId()),
        "experimentId is '%s' but what the message says has the id '%s'; send it under that.",
        message.experimentId(),
        actual);
  }

  private void add(Preprocessing preprocessing) {
    add("standardized", preprocessing.standardized());
    add("bias", preprocessing.bias());
    add("featureMeans", preprocessing.featureMeans());
    add("featureScales", preprocessing.featureScales());
    Double targetMean = preprocessing.targetMean();
    Double targetScale = preprocessing.targetScale();
    if (targetMean != null && targetScale != null) {
      add("targetMean", (double) targetMean);
      add("targetScale", (double) targetScale);
    }
  }

  private void add(Generator generator) {
    add("generator.n", generator.n());
    add("generator.d", generator.d());
    add("generator.labels", generator.labels().jsonName());
    add("generator.teacherNeurons", generator.teacherNeurons());
    add("generator.noise", generator.noise());
    add("generator.seed", generator.seed());
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

  private void add(String field, @Nullable NumericArray values) {
    if (values != null) {
      add(field + ".length", (long) values.size());
      for (double value : values.values()) {
        add(field, value);
      }
    }
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
