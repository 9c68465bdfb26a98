package io.gapstream.datagenerator.rest;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Limits;
import io.gapstream.contracts.RunPlan;
import io.gapstream.datagenerator.DataGeneratorConfig;
import io.gapstream.datagenerator.application.Admission;
import io.gapstream.datagenerator.application.Experiments;
import io.gapstream.datagenerator.application.MemoryGate;
import io.gapstream.datagenerator.application.Order;
import io.gapstream.datagenerator.application.Work;
import io.gapstream.datagenerator.messaging.DatasetPublisher;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Experiments on generated data or on numbers in the request. */
@Path("/api/v1/experiments")
@Tag(name = "Experiments")
class ExperimentsResource {

  private static final int SMALL_BODY_BYTES = 1024 * 1024;

  private final Experiments experiments;
  private final Admission admission;
  private final MemoryGate gate;
  private final DatasetPublisher publisher;
  private final RunPlan defaultPlan;
  private final DataGeneratorConfig config;

  ExperimentsResource(
      Experiments experiments,
      Admission admission,
      MemoryGate gate,
      DatasetPublisher publisher,
      RunPlan defaultPlan,
      DataGeneratorConfig config) {
    this.experiments = experiments;
    this.admission = admission;
    this.gate = gate;
    this.publisher = publisher;
    this.defaultPlan = defaultPlan;
    this.config = config;
  }

  @POST
  @Blocking
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "createExperiment",
      summary = "Starts an experiment",
      description =
          "Generates or takes the data, resolves the penalty and publishes the dataset. A repeated"
              + " request is the same experiment. Everything in the plan has a default.")
  @RequestBody(
      required = true,
      content =
          @Content(
              mediaType = MediaType.APPLICATION_JSON,
              schema = @Schema(implementation = ExperimentRequest.class),
              examples = {
                @ExampleObject(name = "planted teacher", value = ApiExamples.GENERATOR),
                @ExampleObject(name = "numbers in the request", value = ApiExamples.INLINE)
              }))
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
  public Response create(@Context HttpHeaders headers, InputStream body) throws IOException {
    if (headers.getLength() < 0 || headers.getLength() > SMALL_BODY_BYTES) {
      // The body itself takes memory, and it may still ask for as much as there is.
      try (MemoryGate.Pass pass = gate.enter(Limits.MAX_VALUES)) {
        return accept(order(body));
      }
    }
    Order order = order(body);
    try (MemoryGate.Pass pass = gate.enter((long) order.source().n() * (order.source().d() + 2))) {
      return accept(order);
    }
  }

  private Order order(InputStream body) throws IOException {
    return JsonBody.read(BodyLimit.bounded(body), ExperimentRequest.class)
        .toOrder(defaultPlan, config.defaults().generator());
  }

  private Response accept(Order order) {
    try (Admission.Pass room = admission.enter(Work.of(order.plan()))) {
      DatasetMessage dataset = experiments.prepare(order);
      publisher.publish(dataset);
      room.sent();
      return Accepted.response(dataset);
    }
  }
}
