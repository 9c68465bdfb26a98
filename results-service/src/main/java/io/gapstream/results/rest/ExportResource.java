package io.gapstream.results.rest;

import io.gapstream.results.application.Export;
import io.gapstream.results.application.Exports;
import io.gapstream.servicekit.Problem;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Parts of certificates as files for other programs. */
@Path("/api/v1/certificates")
@Tag(
    name = "Files",
    description = "Parts of certificates as ONNX and NumPy files, every number in float64.")
@APIResponse(
    responseCode = "304",
    description = "The file is still the one whose ETag came as 'If-None-Match'.")
@APIResponse(
    responseCode = "404",
    description = "There is no such experiment or no such bound; the detail says which.",
    content =
        @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
@APIResponse(
    responseCode = "503",
    description = "Too many large files are asked for at a time.",
    content =
        @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
@Blocking
public class ExportResource {

  private static final String ID = "32 hexadecimal digits.";

  /** No type is registered for ONNX and for NPY. */
  private static final String BYTES = MediaType.APPLICATION_OCTET_STREAM;

  private static final String ZIP = "application/zip";

  private final Exports exports;
  private final ExportGate gate;

  ExportResource(Exports exports, ExportGate gate) {
    this.exports = exports;
    this.gate = gate;
  }

  @GET
  @Path("/{experimentId}/network.onnx")
  @Produces(BYTES)
  @Operation(
      summary = "Get the network of the upper bound as an ONNX model",
      description =
          "From X (n x d, n of your choice) to y (n), both as after preprocessing; its metadata say"
              + " what that was, and which certificate it is from.")
  @APIResponse(
      responseCode = "200",
      description = "The model.",
      content =
          @Content(
              mediaType = BYTES,
              schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Response onnx(
      @Parameter(description = ID) @PathParam("experimentId") String experimentId,
      @Context Request request,
      @Context RoutingContext exchange) {
    Export export = gate.make(() -> exports.onnx(experimentId), exchange);
    return FileAnswer.of(experimentId, "network.onnx", "-network.onnx", export, request);
  }

  @GET
  @Path("/{experimentId}/network.npz")
  @Produces(ZIP)
  @Operation(
      summary = "Get the network of the upper bound as a NumPy archive",
      description = "U (m x d) and a (m): the network is y = (X U')_+ a.")
  @APIResponse(
      responseCode = "200",
      description = "The archive.",
      content =
          @Content(mediaType = ZIP, schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Response npz(
      @Parameter(description = ID) @PathParam("experimentId") String experimentId,
      @Context Request request,
      @Context RoutingContext exchange) {
    Export export = gate.make(() -> exports.npz(experimentId), exchange);
    return FileAnswer.of(experimentId, "network.npz", "-network.npz", export, request);
  }

  @GET
  @Path("/{experimentId}/dual.npy")
  @Produces(BYTES)
  @Operation(
      summary = "Get the dual vector of the lower bound as a NumPy array",
      description = "nu (n), as the evidence has it, before it is scaled.")
  @APIResponse(
      responseCode = "200",
      description = "The array.",
      content =
          @Content(
              mediaType = BYTES,
              schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Response dual(
      @Parameter(description = ID) @PathParam("experimentId") String experimentId,
      @Context Request request,
      @Context RoutingContext exchange) {
    Export export = gate.make(() -> exports.dual(experimentId), exchange);
    return FileAnswer.of(experimentId, "dual.npy", "-dual.npy", export, request);
  }

  @GET
  @Path("/{experimentId}/X.npy")
  @Produces(BYTES)
  @Operation(
      summary = "Get the features as a NumPy array",
      description = "X (n x d), row-major, as after preprocessing.")
  @APIResponse(
      responseCode = "200",
      description = "The array.",
      content =
          @Content(
              mediaType = BYTES,
              schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Response features(
      @Parameter(description = ID) @PathParam("experimentId") String experimentId,
      @Context Request request,
      @Context RoutingContext exchange) {
    Export export = gate.make(() -> exports.features(experimentId), exchange);
    return FileAnswer.of(experimentId, "X.npy", "-X.npy", export, request);
  }

  @GET
  @Path("/{experimentId}/y.npy")
  @Produces(BYTES)
  @Operation(
      summary = "Get the targets as a NumPy array",
      description = "y (n), as after preprocessing.")
  @APIResponse(
      responseCode = "200",
      description = "The array.",
      content =
          @Content(
              mediaType = BYTES,
              schema = @Schema(type = SchemaType.STRING, format = "binary")))
  public Response targets(
      @Parameter(description = ID) @PathParam("experimentId") String experimentId,
      @Context Request request,
      @Context RoutingContext exchange) {
    Export export = gate.make(() -> exports.targets(experimentId), exchange);
    return FileAnswer.of(experimentId, "y.npy", "-y.npy", export, request);
  }
}
