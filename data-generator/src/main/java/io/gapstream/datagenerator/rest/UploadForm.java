package io.gapstream.datagenerator.rest;

import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The form of an upload, for the API description alone; every other part is optional. */
@Schema(
    type = SchemaType.OBJECT,
    description = "A form. A parameter is given as a part or in the query, not in both.")
record UploadForm(
    @Schema(
            type = SchemaType.STRING,
            format = "binary",
            required = true,
            description = "The CSV file, with a file name.")
        String file,
    @Schema(description = "The column to be learned from the others.") @Nullable String target,
    @Nullable String name,
    @Nullable String studyId,
    @Nullable Double beta,
    @Nullable Double betaFraction,
    @Nullable Boolean standardize,
    @Nullable Boolean bias,
    @Nullable Double budgetSeconds,
    @Nullable Long seed) {}
