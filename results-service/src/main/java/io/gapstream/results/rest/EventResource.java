package io.gapstream.results.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gapstream.results.ResultsConfig;
import io.gapstream.results.application.LiveFeed;
import io.gapstream.servicekit.Problem;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The live stream. */
@Path("/api/v1/events")
@Tag(name = "Live stream")
public class EventResource {

  private final LiveFeed feed;
  private final ResultsConfig config;
  private final ObjectMapper json;

  EventResource(LiveFeed feed, ResultsConfig config, ObjectMapper json) {
    this.feed = feed;
    this.config = config;
    this.json = json;
  }

  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Operation(
      summary = "Follow certificates and progress as they change",
      description =
          "Server-sent events from now on: 'certificate' with a certificate as in the list, and"
              + " 'progress' with a progress message. Comments keep the connection open. The"
              + " stream may end at any time; come back and read the list again, nothing is sent"
              + " twice.")
  @APIResponse(responseCode = "200", description = "The stream; it has no end of its own.")
  public Multi<OutboundSseEvent> events(
      @Parameter(description = "Only this experiment.") @QueryParam("experimentId")
          @Nullable String experimentId,
      @Context Sse sse) {
    if (experimentId != null && !ExperimentPath.isId(experimentId)) {
      throw Problem.of(
              Status.BAD_REQUEST,
              "experimentId is '" + experimentId + "'; give 32 lower-case hexadecimal digits.")
          .toException();
    }
    Multi<OutboundSseEvent> events =
        feed.events()
            .filter(event -> experimentId == null || event.experimentId().equals(experimentId))
            .map(event -> write(event, sse));
    Multi<OutboundSseEvent> heartbeats =
        Multi.createFrom()
            .ticks()
            .every(config.streamHeartbeat())
            .onOverflow()
            .drop()
            .map(tick -> heartbeat(sse));
    // Ends with the feed: heartbeats alone would hide that nothing comes any more.
    return Multi.createBy()
        .merging()
        .streams(
            Multi.createFrom().item(() -> heartbeat(sse)),
            events.onCompletion().failWith(FeedEnded::new),
            heartbeats)
        .onFailure(FeedEnded.class)
        .recoverWithCompletion();
  }

  private static OutboundSseEvent heartbeat(Sse sse) {
    return sse.newEventBuilder().comment("heartbeat").build();
  }

  private static final class FeedEnded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FeedEnded() {
      super("The live feed starts again.", null, false, false);
    }
  }

  private OutboundSseEvent write(LiveFeed.Event event, Sse sse) {
    if (event instanceof LiveFeed.Event.Changed changed) {
      return write("certificate", changed.certificate(), sse);
    }
    return write("progress", ((LiveFeed.Event.Progress) event).message(), sse);
  }

  private OutboundSseEvent write(String name, Object data, Sse sse) {
    try {
      return sse.newEventBuilder()
          .name(name)
          .mediaType(MediaType.TEXT_PLAIN_TYPE)
          .data(json.writeValueAsString(data))
          .build();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("What is shown is always JSON.", e);
    }
  }
}
