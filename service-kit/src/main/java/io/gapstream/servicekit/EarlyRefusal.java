package io.gapstream.servicekit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** Answers a request with a {@link Problem} before its body is read. */
@Singleton
public final class EarlyRefusal {

  private static final long LINGER_MILLIS = 3000;

  private final ObjectMapper mapper;

  EarlyRefusal(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /** Ends the request; headers that were set on the response go with it. */
  public void end(RoutingContext context, Problem problem) {
    context
        .response()
        .setStatusCode(problem.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
    if (context.request().isEnded()) {
      context.response().end(body(problem));
      return;
    }
    context.response().putHeader(HttpHeaders.CONNECTION, "close").end(body(problem));
    // What the client has sent meanwhile is read and dropped: closing at once could cost it the
    // answer. After a while it is cut off.
    context.request().resume();
    context.vertx().setTimer(LINGER_MILLIS, timer -> context.request().connection().close());
  }

  private String body(Problem problem) {
    try {
      return mapper.writeValueAsString(problem);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A problem is always JSON.", e);
    }
  }
}
