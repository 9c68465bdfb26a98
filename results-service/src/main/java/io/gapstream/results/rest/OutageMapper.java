package io.gapstream.results.rest;

import io.gapstream.results.store.DatabaseOutage;
import io.gapstream.servicekit.Problem;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Tells a client to come back where a request failed only because the database did not answer. */
final class OutageMapper {

  private static final Logger LOG = Logger.getLogger(OutageMapper.class);

  /** About as long as PostgreSQL takes to start again. */
  private static final int RETRY_AFTER_SECONDS = 5;

  @ServerExceptionMapper(priority = Priorities.USER - 1)
  Response failed(RuntimeException exception) {
    if (!DatabaseOutage.isCauseOf(exception)) {
      return Problem.unexpected(exception);
    }
    LOG.warnf("Database does not answer a request: reason=%s", exception.getMessage());
    Response response =
        Problem.of(
                Status.SERVICE_UNAVAILABLE,
                "The database does not answer; try again in " + RETRY_AFTER_SECONDS + " s.")
            .toResponse();
    return Response.fromResponse(response)
        .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
        .build();
  }
}
