package io.gapstream.results.application;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A certificate with every result it was made from. */
public record CertificateDetail(
    @JsonUnwrapped Certificate certificate,
    @Schema(description = "The best result of each method and run, by kind.")
        List<ResultView> results) {}
