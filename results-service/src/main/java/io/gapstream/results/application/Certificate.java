package io.gapstream.results.application;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gapstream.contracts.Rung;
import io.gapstream.contracts.TrainingMethod;
import io.gapstream.contracts.Verdict;
import io.gapstream.results.store.CertificateEntity;
import io.gapstream.results.store.ExperimentEntity;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Where an experiment stands, as readers see it: the interval {@code lower <= p* <= upper} and what
 * stands around it. Everything that is not known is left out.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Certificate(
    @Schema(description = "32 hexadecimal digits, derived from data, beta, preparation and plan.")
        String experimentId,
    @Schema(description = "The study that it was given in last, if any.") @Nullable String studyId,
    @Schema(description = "The name that it was given last; for people.") String name,
    @Schema(description = "Rows of the data.") int n,
    @Schema(description = "Columns of the data, a column of ones included.") int d,
    @Schema(description = "Weight of the penalty.") double beta,
    @Schema(description = "What was asked for, if it was a fraction of betaMax.")
        @Nullable Double betaFraction,
    @Schema(description = "The least beta at which the zero network is best, as far as known.")
        double betaMax,
    @Schema(description = "Canonical SHA-256 of the data, 64 hexadecimal digits.")
        String dataSha256,
    @Schema(description = "Proved: p* is at least this.") @Nullable Double lower,
    @Schema(description = "Proved: p* is at most this.") @Nullable Double upper,
    @Schema(description = "upper / lower; absent when lower is 0.") @Nullable Double ratio,
    @Schema(description = "What the lower bound rests on; absent when it is the trivial 0.")
        @Nullable Rung rung,
    @Schema(
            description =
                "pending until both bounds are verified, then verified; refuted once two verified"
                    + " bounds contradict each other, and then no bound is shown.")
        Verdict verdict,
    @Schema(description = "Counts the tightenings, and a withdrawal; 0 before the first interval.")
        long version,
    @Schema(description = "Whether every planned result is there.") boolean complete,
    @Schema(description = "Methods and runs that were asked for.") int plannedResults,
    @Schema(description = "Of these, the ones that have sent their last result.")
        int completedResults,
    @Schema(description = "The least verified value that a local gradient method reached.")
        @Nullable Double bestTraining,
    @Schema(description = "The method that reached it.")
        @Nullable TrainingMethod bestTrainingMethod,
    @Schema(description = "Value of the gated program on sampled patterns; not a bound.")
        @Nullable Double estimateGated,
    @Schema(description = "Seconds from the dataset's arrival to the newest change.")
        double elapsedSeconds,
    @Schema(description = "When the dataset came.") Instant createdAt,
    @Schema(description = "When something changed last.") Instant updatedAt) {

  static Certificate of(CertificateEntity row) {
    ExperimentEntity experiment = row.experiment;
    return new Certificate(
        experiment.id,
        experiment.studyId,
        experiment.name,
        experiment.n,
        experiment.d,
        experiment.beta,
        experiment.betaFraction,
        experiment.betaMax,
        experiment.sha256,
        row.lower,
        row.upper,
        row.ratio,
        row.rung,
        row.verdict,
        row.version,
        row.complete,
        experiment.plannedResults,
        row.completedResults,
        row.bestTraining,
        row.bestTrainingMethod,
        row.estimateGated,
        Duration.between(experiment.receivedAt, row.updatedAt).toNanos() / 1e9,
        experiment.receivedAt,
        row.updatedAt);
  }
}
