package io.gapstream.datagenerator.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gapstream.contracts.DatasetMessage;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What a client is told of an experiment that is on its way. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "An experiment that is on the broker.")
record Accepted(
    @Schema(examples = "0f3c2a9d5b7e41c88d6a1f2e3b4c5d6e") String experimentId,
    String name,
    int n,
    @Schema(description = "Columns, a column of ones included.") int d,
    @Schema(description = "The weight that every service uses.") double beta,
    @Nullable Double betaFraction,
    @Schema(description = "The smallest beta for which zero is optimal, found by local ascent.")
        double betaMax,
    @Schema(description = "Of the preprocessed data.") String sha256,
    @Schema(description = "Results that make the experiment complete.") int plannedResults) {

  static Response response(DatasetMessage dataset) {
    Accepted accepted =
        new Accepted(
            dataset.experimentId(),
            dataset.name(),
            dataset.n(),
            dataset.d(),
            dataset.beta(),
            dataset.betaFraction(),
            dataset.betaMax(),
            dataset.sha256(),
            dataset.plan().plannedResults());
    // Relative: the certificate is at results-service, whose host only the client's side knows.
    return Response.accepted(accepted)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.LOCATION, "/api/v1/certificates/" + dataset.experimentId())
        .build();
  }
}
