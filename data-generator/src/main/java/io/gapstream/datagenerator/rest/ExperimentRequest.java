package io.gapstream.datagenerator.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.gapstream.contracts.Generator;
import io.gapstream.contracts.Labels;
import io.gapstream.contracts.RelaxationMethod;
import io.gapstream.contracts.RelaxationPlan;
import io.gapstream.contracts.RunPlan;
import io.gapstream.contracts.TrainingMethod;
import io.gapstream.contracts.TrainingPlan;
import io.gapstream.contracts.TrainingPrecision;
import io.gapstream.datagenerator.DataGeneratorConfig;
import io.gapstream.datagenerator.application.Experiments;
import io.gapstream.datagenerator.application.Order;
import io.gapstream.datagenerator.application.Penalty;
import io.gapstream.datagenerator.application.RefusedException;
import io.gapstream.datagenerator.application.Source;
import io.gapstream.numerics.data.Data;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /api/v1/experiments}; whatever may be left out may be null. */
@Schema(
    type = SchemaType.OBJECT,
    description = "An experiment: exactly one of generator and data, of beta and betaFraction.")
record ExperimentRequest(
    @Schema(description = "For people.", required = true) @Nullable String name,
    @Schema(description = "The study it belongs to.") @Nullable String studyId,
    @Nullable GeneratorRequest generator,
    @Nullable InlineData data,
    @Schema(description = "Default: true for data, false for a generator.")
        @Nullable Boolean standardize,
    @Schema(description = "A column of ones. Default: true for data, false for a generator.")
        @Nullable Boolean bias,
    @Schema(description = "Weight of the penalty; the loss is not divided by n.")
        @Nullable Double beta,
    @Schema(description = "Weight of the penalty as a fraction of betaMax.")
        @Nullable Double betaFraction,
    @Nullable PlanRequest plan) {

  /** A recipe for Gaussian data. */
  record GeneratorRequest(
      @Schema(description = "Rows, at least 2.", required = true) @Nullable Long n,
      @Schema(description = "Columns.", required = true) @Nullable Long d,
      @Schema(required = true) @Nullable Labels labels,
      @Nullable Integer teacherNeurons,
      @Nullable Double noise,
      @Nullable Long seed) {

    Generator resolve(boolean bias, DataGeneratorConfig.Generated defaults) {
      long rows = required(n, "generator.n");
      long columns = required(d, "generator.d");
      Experiments.checkSize(rows, columns, bias);
      return new Generator(
          (int) rows,
          (int) columns,
          required(labels, "generator.labels"),
          or(teacherNeurons, defaults.teacherNeurons()),
          or(noise, defaults.noise()),
          or(seed, defaults.seed()));
    }
  }

  /** Numbers in the request. */
  record InlineData(
      @JsonProperty("X")
          @JsonDeserialize(using = NumberReaders.MatrixReader.class)
          @Schema(implementation = double[][].class, required = true)
          NumberReaders.@Nullable Matrix x,
      @JsonDeserialize(using = NumberReaders.VectorReader.class)
          @Schema(implementation = double[].class, required = true)
          NumberReaders.@Nullable Vector y) {

    Data resolve(boolean bias) {
      NumberReaders.Matrix features = required(x, "data.X");
      NumberReaders.Vector targets = required(y, "data.y");
      Experiments.checkSize(features.rows(), features.columns(), bias);
      if (targets.values().length != features.rows()) {
        throw RefusedException.badInput(
            "data.X has "
                + features.rows()
                + " rows and data.y has "
                + targets.values().length
                + " values; give each row a target.");
      }
      return new Data(features.rows(), features.columns(), features.values(), targets.values());
    }
  }

  /** What to run. */
  record PlanRequest(@Nullable RelaxationRequest relaxation, @Nullable TrainingRequest training) {

    private static final PlanRequest EMPTY = new PlanRequest(null, null);

    RunPlan resolve(RunPlan defaults) {
      return new RunPlan(
          or(relaxation, RelaxationRequest.EMPTY).resolve(defaults.relaxation()),
          or(training, TrainingRequest.EMPTY).resolve(defaults.training()));
    }
  }

  /** What relaxation-service is to run. */
  record RelaxationRequest(
      @Nullable List<RelaxationMethod> methods,
      @Nullable Integer patterns,
      @Nullable Long seed,
      @Nullable Double budgetSeconds) {

    private static final RelaxationRequest EMPTY = new RelaxationRequest(null, null, null, null);

    RelaxationPlan resolve(RelaxationPlan defaults) {
      return new RelaxationPlan(
          or(methods, defaults.methods()),
          or(patterns, defaults.patterns()),
          or(seed, defaults.seed()),
          or(budgetSeconds, defaults.budgetSeconds()));
    }
  }

  /** What trainer-service is to run. */
  record TrainingRequest(
      @Nullable List<TrainingMethod> methods,
      @Nullable List<Integer> widths,
      @Nullable List<Long> seeds,
      @Nullable Integer steps,
      @Nullable Double budgetSeconds,
      @Schema(description = "Of the gradients. Default: float64.")
          @Nullable TrainingPrecision precision,
      @Schema(
              description =
                  "Rows in a mini-batch, for every method but lbfgs. Default: an eighth of the rows"
                      + " but at least 32 for sgd-momentum, all rows for the others.")
          @Nullable Integer batchRows) {

    private static final TrainingRequest EMPTY =
        new TrainingRequest(null, null, null, null, null, null, null);

    TrainingPlan resolve(TrainingPlan defaults) {
      return new TrainingPlan(
          or(methods, defaults.methods()),
          or(widths, defaults.widths()),
          or(seeds, defaults.seeds()),
          or(steps, defaults.steps()),
          or(budgetSeconds, defaults.budgetSeconds()),
          precision == null ? defaults.precision() : precision,
          batchRows == null ? defaults.batchRows() : batchRows);
    }
  }

  /** The order, with defaults where nothing is said. */
  Order toOrder(RunPlan defaultPlan, DataGeneratorConfig.Generated generatorDefaults) {
    if ((generator == null) == (data == null)) {
      throw RefusedException.badInput(
          (generator == null
                  ? "There is neither generator nor data"
                  : "There are both generator and data")
              + "; give one of them.");
    }
    boolean given = data != null;
    boolean appendOnes = or(bias, given);
    Source source =
        data != null
            ? Source.Given.inline(data.resolve(appendOnes))
            : new Source.Generated(
                required(generator, "generator").resolve(appendOnes, generatorDefaults));
    return new Order(
        required(name, "name"),
        studyId,
        source,
        or(standardize, given),
        appendOnes,
        penalty(beta, betaFraction),
        or(plan, PlanRequest.EMPTY).resolve(defaultPlan));
  }

  /** Exactly one of both. */
  static Penalty penalty(@Nullable Double beta, @Nullable Double betaFraction) {
    if (beta != null && betaFraction == null) {
      return new Penalty.Absolute(beta);
    }
    if (beta == null && betaFraction != null) {
      return new Penalty.Fraction(betaFraction);
    }
    throw RefusedException.badInput(
        (beta == null
                ? "There is neither beta nor betaFraction"
                : "There are both beta and betaFraction")
            + "; give one of them, for example betaFraction 0.1.");
  }

  static <T> T or(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }

  static <T> T required(@Nullable T value, String field) {
    if (value == null) {
      throw RefusedException.badInput(field + " is missing; give it a value.");
    }
    return value;
  }
}
