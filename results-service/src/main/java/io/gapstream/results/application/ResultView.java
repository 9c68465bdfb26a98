package io.gapstream.results.application;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.Rung;
import io.gapstream.contracts.Status;
import io.gapstream.contracts.Verdict;
import io.gapstream.results.store.ResultEntity;
import java.nio.charset.StandardCharsets;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The best result of one method or run, of one kind, as readers see it. */
@Schema(name = "Result")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ResultView(
    @Schema(description = "relaxation or training: who computed it.") String source,
    @Schema(description = "The method.") String method,
    @Schema(description = "Neurons; for training only.") @Nullable Integer width,
    @Schema(description = "Seed of the run; for training only.") @Nullable Long seed,
    @Schema(description = "What the value is: a lower bound, an upper bound, or an estimate.")
        BoundKind kind,
    @Schema(description = "How the work ended, or stands.") Status status,
    @Schema(description = "The best verified value, or the estimate; absent without one.")
        @Nullable Double value,
    @Schema(description = "What verification said about the best claim; pending without a value.")
        Verdict verdict,
    @Schema(description = "What a verified lower bound rests on.") @Nullable Rung rung,
    @Schema(description = "Why the claim was refuted, or why the work failed.")
        @Nullable String reason,
    @Schema(description = "Steps or iterations taken.") long iterations,
    @Schema(description = "Seconds of work.") double elapsedSeconds,
    @Schema(description = "Further numbers by name, for example patternDrift.")
        @Nullable JsonNode measures) {

  static ResultView of(ResultEntity row) {
    JsonNode measures =
        MessageJson.read(row.measures.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    return new ResultView(
        row.source.jsonName(),
        row.method,
        row.width,
        row.seed,
        row.kind,
        row.status,
        row.value,
        row.verdict,
        row.rung,
        row.refutation == null ? row.reason : row.refutation,
        row.iterations,
        row.elapsedSeconds,
        measures.isEmpty() ? null : measures);
  }
}
