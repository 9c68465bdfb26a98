package io.gapstream.datagenerator.rest;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Limits;
import io.gapstream.contracts.RunPlan;
import io.gapstream.datagenerator.application.Admission;
import io.gapstream.datagenerator.application.Experiments;
import io.gapstream.datagenerator.application.MemoryGate;
import io.gapstream.datagenerator.application.Order;
import io.gapstream.datagenerator.application.RefusedException;
import io.gapstream.datagenerator.application.Source;
import io.gapstream.datagenerator.application.Work;
import io.gapstream.datagenerator.messaging.DatasetPublisher;
import io.gapstream.ingest.CsvTable;
import io.gapstream.ingest.SizeLimits;
import io.gapstream.numerics.data.Data;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.server.multipart.FormValue;
import org.jboss.resteasy.reactive.server.multipart.MultipartFormDataInput;
import org.jspecify.annotations.Nullable;

/** Experiments on uploaded files. */
@Path("/api/v1/datasets")
@Tag(name = "Datasets")
class DatasetsResource {

  private static final String UNNAMED_FILE = "upload.csv";
  private static final SizeLimits LIMITS = new SizeLimits(Limits.MAX_VALUES, Limits.MAX_ROWS);

  private final Experiments experiments;
  private final Admission admission;
  private final MemoryGate gate;
  private final DatasetPublisher publisher;
  private final RunPlan defaultPlan;

  DatasetsResource(
      Experiments experiments,
      Admission admission,
      MemoryGate gate,
      DatasetPublisher publisher,
      RunPlan defaultPlan) {
    this.experiments = experiments;
    this.admission = admission;
    this.gate = gate;
    this.publisher = publisher;
    this.defaultPlan = defaultPlan;
  }

  @POST
  @Blocking
  @Consumes("text/csv")
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "uploadDataset",
      summary = "Starts an experiment on a CSV file",
      description =
          "The file has a header, commas between the columns and a number in every field. It is the"
              + " body itself, text/csv, or the part 'file' of a form, multipart/form-data, where the"
              + " parameters may be parts too: names of any length fit there. A repeated request is"
              + " the same experiment.")
  @Parameter(
      name = "target",
      in = ParameterIn.QUERY,
      required = true,
      description = "The column to be learned from the others.",
      schema = @Schema(type = SchemaType.STRING),
      example = "species")
  @Parameter(
      name = "name",
      in = ParameterIn.QUERY,
      description = "For people; default: the file's name without its extension.",
      schema = @Schema(type = SchemaType.STRING),
      example = "iris")
  @Parameter(
      name = "file",
      in = ParameterIn.QUERY,
      description = "What messages call the file; default: the part's file name.",
      schema = @Schema(type = SchemaType.STRING),
      example = "iris.csv")
  @Parameter(
      name = "studyId",
      in = ParameterIn.QUERY,
      description = "The study it belongs to.",
      schema = @Schema(type = SchemaType.STRING))
  @Parameter(
      name = "beta",
      in = ParameterIn.QUERY,
      description = "Weight of the penalty; give this or betaFraction.",
      schema = @Schema(type = SchemaType.NUMBER))
  @Parameter(
      name = "betaFraction",
      in = ParameterIn.QUERY,
      description = "Weight of the penalty as a fraction of betaMax.",
      schema = @Schema(type = SchemaType.NUMBER),
      example = "0.1")
  @Parameter(
      name = "standardize",
      in = ParameterIn.QUERY,
      description = "Whether to standardise features and target; default true.",
      schema = @Schema(type = SchemaType.BOOLEAN))
  @Parameter(
      name = "bias",
      in = ParameterIn.QUERY,
      description = "Whether to append a column of ones; default true.",
      schema = @Schema(type = SchemaType.BOOLEAN))
  @Parameter(
      name = "budgetSeconds",
      in = ParameterIn.QUERY,
      description = "For the relaxations and for the training runs, each; default 30.",
      schema = @Schema(type = SchemaType.NUMBER))
  @Parameter(
      name = "seed",
      in = ParameterIn.QUERY,
      description = "Of the relaxations, and the first of the training seeds; default 1.",
      schema = @Schema(type = SchemaType.INTEGER))
  @RequestBody(
      required = true,
      content = {
        @Content(
            mediaType = "text/csv",
            schema = @Schema(type = SchemaType.STRING),
            examples = @ExampleObject(name = "three rows", value = ApiExamples.CSV)),
        @Content(
            mediaType = MediaType.MULTIPART_FORM_DATA,
            schema = @Schema(implementation = UploadForm.class))
      })
  @APIResponse(
      responseCode = "202",
      description = "The dataset is on the broker; Location is the certificate's place.",
      content =
          @Content(
              schema = @Schema(implementation = Accepted.class),
              examples = @ExampleObject(name = "accepted", value = ApiExamples.ACCEPTED)))
  @APIResponse(responseCode = "400", ref = ApiExamples.REFUSED_REF)
  @APIResponse(responseCode = "413", ref = ApiExamples.TOO_LARGE_REF)
  @APIResponse(responseCode = "415", ref = ApiExamples.WRONG_TYPE_REF)
  @APIResponse(responseCode = "429", ref = ApiExamples.TOO_MUCH_REF)
  @APIResponse(responseCode = "503", ref = ApiExamples.NO_BROKER_REF)
  public Response upload(@Context UriInfo uri, @Context HttpHeaders headers, InputStream body)
      throws IOException {
    DatasetParameters parameters = DatasetParameters.of(uri.getQueryParameters());
    String file = fileName(parameters.file(), null);
    RunPlan plan = parameters.plan(defaultPlan);
    try (Admission.Pass room = admission.enter(Work.of(plan));
        MemoryGate.Pass pass = gate.enter(mostValues(headers.getLength()))) {
      CsvTable table = CsvTable.read(BodyLimit.bounded(body), file, LIMITS);
      return accept(parameters, plan, file, table, room);
    }
  }

  @POST
  @Blocking
  @Consumes(MediaType.MULTIPART_FORM_DATA)
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(hidden = true)
  public Response uploadForm(@Context UriInfo uri, MultipartFormDataInput form) throws IOException {
    MultivaluedMap<String, String> given = new MultivaluedHashMap<>(uri.getQueryParameters());
    List<FormValue> files = new ArrayList<>();
    form.getValues()
        .forEach(
            (name, values) -> {
              for (FormValue value : values) {
                if (value.isFileItem()) {
                  files.add(value);
                } else {
                  given.add(name, value.getValue());
                }
              }
            });
    FormValue upload =
        form.getValues().getOrDefault("file", List.of()).stream()
            .filter(FormValue::isFileItem)
            .findFirst()
            .orElseThrow(
                () ->
                    RefusedException.badInput(
                        "The form has no part 'file'; send the CSV file as one."));
    if (files.size() > 1) {
      throw RefusedException.badInput(
          "The form has "
              + files.size()
              + " files; send one file, as the part 'file', and parameters without file names.");
    }
    DatasetParameters parameters = DatasetParameters.of(given);
    String file = fileName(parameters.file(), upload.getFileName());
    RunPlan plan = parameters.plan(defaultPlan);
    try (Admission.Pass room = admission.enter(Work.of(plan));
        MemoryGate.Pass pass = gate.enter(mostValues(upload.getFileItem().getFileSize()));
        InputStream in = upload.getFileItem().getInputStream()) {
      return accept(parameters, plan, file, CsvTable.read(in, file, LIMITS), room);
    }
  }

  /** A number takes a digit and a separator at least. */
  private static long mostValues(long bytes) {
    return bytes < 0 ? Limits.MAX_VALUES : Math.min(Limits.MAX_VALUES, bytes / 2);
  }

  private Response accept(
      DatasetParameters parameters,
      RunPlan plan,
      String file,
      CsvTable table,
      Admission.Pass room) {
    CsvTable.Split split = table.split(parameters.target());
    Order order =
        new Order(
            parameters.name() == null ? withoutExtension(file) : parameters.name(),
            parameters.studyId(),
            Source.Given.upload(
                file,
                new Data(split.n(), split.d(), split.x(), split.y()),
                split.featureNames(),
                parameters.target()),
            parameters.standardize(),
            parameters.bias(),
            parameters.penalty(),
            plan);
    DatasetMessage dataset = experiments.prepare(order);
    publisher.publish(dataset);
    room.sent();
    return Accepted.response(dataset);
  }

  /** The last part of the path that the client gave. */
  private static String fileName(@Nullable String parameter, @Nullable String part) {
    String given = parameter != null ? parameter : part == null ? "" : part;
    String name = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
    return name.isBlank() ? UNNAMED_FILE : name;
  }

  private static String withoutExtension(String file) {
    int dot = file.lastIndexOf('.');
    return dot > 0 ? file.substring(0, dot) : file;
  }
}
