package io.gapstream.results.application;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gapstream.contracts.Rung;
import io.gapstream.results.store.HistoryEntity;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** One version of a certificate. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CertificateVersion(
    @Schema(description = "Counts the tightenings from 1.") long version,
    @Schema(description = "Proved: p* is at least this.") double lower,
    @Schema(description = "Proved: p* is at most this.") double upper,
    @Schema(description = "upper / lower; absent when lower is 0.") @Nullable Double ratio,
    @Schema(description = "What the lower bound rests on; absent when it is the trivial 0.")
        @Nullable Rung rung,
    @Schema(description = "When it came about.") Instant at,
    @Schema(description = "The result that tightened the interval.") String cause) {

  static CertificateVersion of(HistoryEntity row) {
    return new CertificateVersion(
        row.version, row.lower, row.upper, row.ratio, row.rung, row.at, row.cause);
  }
}
