package io.gapstream.results.rest;

import io.gapstream.contracts.CertificateFile;
import io.gapstream.results.application.CertificateFiles;
import io.gapstream.results.application.Export;
import io.gapstream.servicekit.Problem;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Certificates with all their evidence, as files that anyone can check. */
@Path("/api/v1/certificates")
@Tag(name = "Certificates")
@Blocking
public class CertificateFileResource {

  private final CertificateFiles files;
  private final ExportGate gate;

  CertificateFileResource(CertificateFiles files, ExportGate gate) {
    this.files = files;
    this.gate = gate;
  }

  @GET
  @Path("/{experimentId}/file")
  @Produces({CertificateFile.MEDIA_TYPE, MediaType.APPLICATION_JSON})
  @Operation(
      summary = "Get one certificate with all its evidence",
      description =
          "A file that anyone can check, with 'gap verify' or without any part of this software;"
              + " docs/certificate-format.md describes it.")
  @APIResponse(
      responseCode = "200",
      description = "The certificate file.",
      content =
          @Content(
              mediaType = CertificateFile.MEDIA_TYPE,
              schema = @Schema(type = SchemaType.OBJECT)))
  @APIResponse(
      responseCode = "304",
      description = "The file is still the one whose ETag came as 'If-None-Match'.")
  @APIResponse(
      responseCode = "400",
      description = "withData is neither true nor false.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  @APIResponse(
      responseCode = "503",
      description = "Too many large files are asked for at a time.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  @APIResponse(
      responseCode = "404",
      description =
          "There is no such experiment, or it lacks a verified bound; the detail says which.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public Response file(
      @Parameter(description = "32 hexadecimal digits.") @PathParam("experimentId")
          String experimentId,
      @Parameter(
              description = "Whether the file is to hold the data, or only their hash.",
              schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
          @QueryParam("withData")
          @DefaultValue("false")
          String withData,
      @Context Request request,
      @Context RoutingContext exchange) {
    boolean data = yesOrNo(withData);
    Export export = gate.make(() -> files.file(experimentId, data), exchange);
    return FileAnswer.of(experimentId, "certificate file", ".gapcert.json", export, request);
  }

  private static boolean yesOrNo(String withData) {
    return switch (withData) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw Problem.of(
                  Status.BAD_REQUEST, "withData is '" + withData + "'; give true or false.")
              .toException();
    };
  }
}
