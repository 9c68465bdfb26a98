package io.gapstream.results.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.gapstream.results.application.Certificate;
import io.gapstream.results.application.CertificateDetail;
import io.gapstream.results.application.CertificateVersion;
import io.gapstream.results.application.Certificates;
import io.gapstream.results.store.CertificateQuery;
import io.gapstream.servicekit.Problem;
import io.gapstream.servicekit.ProblemException;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Certificates: many, one, and how one came about. */
@Path("/api/v1/certificates")
@Produces(MediaType.APPLICATION_JSON)
@Tag(
    name = "Certificates",
    description = "Proven intervals lower <= p* <= upper, with the results they rest on.")
@Blocking
public class CertificateResource {

  private final Certificates certificates;

  CertificateResource(Certificates certificates) {
    this.certificates = certificates;
  }

  /** A page of certificates. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Page(
      List<Certificate> items,
      @Schema(description = "Give it as 'cursor' for the next page; absent on the last one.")
          @Nullable String next) {}

  /** Every version of a certificate. */
  public record History(List<CertificateVersion> items) {}

  @GET
  @Operation(
      summary = "List certificates",
      description =
          "Filters go together with 'and'. Pages follow each other by position, so a list that"
              + " changes meanwhile neither repeats nor skips what stays in place.")
  @Parameter(
      name = "studyId",
      in = ParameterIn.QUERY,
      description = "Only experiments that were given in this study.",
      schema = @Schema(type = SchemaType.STRING))
  @Parameter(
      name = "name",
      in = ParameterIn.QUERY,
      description = "Only experiments with a name that contains this text, whatever its case.",
      schema = @Schema(type = SchemaType.STRING))
  @Parameter(
      name = "verdict",
      in = ParameterIn.QUERY,
      description = "Only this verdict.",
      schema =
          @Schema(
              type = SchemaType.STRING,
              enumeration = {"verified", "pending", "refuted"}))
  @Parameter(
      name = "rung",
      in = ParameterIn.QUERY,
      description = "Only lower bounds that rest on this rung.",
      schema =
          @Schema(
              type = SchemaType.STRING,
              enumeration = {"cone-bnb", "quartic", "pairs", "quadratic", "triangle"}))
  @Parameter(
      name = "complete",
      in = ParameterIn.QUERY,
      description = "Only experiments with every planned result, or only the others.",
      schema = @Schema(type = SchemaType.BOOLEAN))
  @Parameter(
      name = "maxRatio",
      in = ParameterIn.QUERY,
      description = "Only ratios up to this one.",
      schema = @Schema(type = SchemaType.NUMBER, minimum = "1"))
  @Parameter(
      name = "sort",
      in = ParameterIn.QUERY,
      description = "The order; '-' before it turns it round. Missing values come last.",
      schema =
          @Schema(
              type = SchemaType.STRING,
              defaultValue = ListParameters.DEFAULT_SORT,
              enumeration = {
                "updatedAt",
                "-updatedAt",
                "createdAt",
                "-createdAt",
                "name",
                "-name",
                "ratio",
                "-ratio",
                "lower",
                "-lower",
                "upper",
                "-upper"
              }))
  @Parameter(
      name = "limit",
      in = ParameterIn.QUERY,
      description = "The most certificates to give.",
      schema =
          @Schema(
              type = SchemaType.INTEGER,
              minimum = "1",
              maximum = "" + ListParameters.MAX_LIMIT,
              defaultValue = "" + ListParameters.DEFAULT_LIMIT))
  @Parameter(
      name = "cursor",
      in = ParameterIn.QUERY,
      description = "The 'next' of the page before.",
      schema = @Schema(type = SchemaType.STRING))
  @APIResponse(responseCode = "200", description = "A page of certificates.")
  @APIResponse(
      responseCode = "400",
      description = "A parameter cannot be used; the detail names it and the choices.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public Page list(@Context @Parameter(hidden = true) UriInfo uri) {
    CertificateQuery query = ListParameters.read(uri.getQueryParameters());
    List<Certificate> found = certificates.page(query.withOneMore());
    if (found.size() <= query.limit()) {
      return new Page(found, null);
    }
    List<Certificate> items = found.subList(0, query.limit());
    return new Page(items, ListParameters.cursor(query, items.get(items.size() - 1)));
  }

  @GET
  @Path("/{experimentId}")
  @Operation(
      summary = "Get one certificate with its results",
      description = "The best result of each method and run, by kind, with its verdict.")
  @APIResponse(
      responseCode = "200",
      description = "The certificate.",
      content = @Content(schema = @Schema(implementation = CertificateDetail.class)))
  @APIResponse(
      responseCode = "404",
      description = "There is no such experiment.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public CertificateDetail one(
      @Parameter(description = "32 hexadecimal digits.") @PathParam("experimentId")
          String experimentId) {
    return certificates.detail(experimentId).orElseThrow(() -> unknown(experimentId));
  }

  @GET
  @Path("/{experimentId}/history")
  @Operation(
      summary = "Get every version of one certificate",
      description = "The first version first, each with the result that brought it about.")
  @APIResponse(
      responseCode = "200",
      description = "The versions; none while the certificate is pending.",
      content = @Content(schema = @Schema(implementation = History.class)))
  @APIResponse(
      responseCode = "404",
      description = "There is no such experiment.",
      content =
          @Content(
              mediaType = Problem.MEDIA_TYPE,
              schema = @Schema(implementation = Problem.class)))
  public History history(
      @Parameter(description = "32 hexadecimal digits.") @PathParam("experimentId")
          String experimentId) {
    return new History(certificates.history(experimentId).orElseThrow(() -> unknown(experimentId)));
  }

  static ProblemException unknown(String experimentId) {
    return Problem.of(
            Status.NOT_FOUND,
            "There is no experiment '"
                + experimentId
                + "' here. If it was just requested, its dataset has not arrived yet: try again.")
        .with("experimentId", experimentId)
        .toException();
  }
}
