package io.gapstream.servicekit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import io.gapstream.contracts.InvalidMessageException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Every error leaves a service as a {@link Problem}. */
final class ProblemMappers {

  @ServerExceptionMapper
  Response problem(ProblemException exception) {
    return exception.problem().toResponse();
  }

  @ServerExceptionMapper
  Response invalid(InvalidMessageException exception) {
    return Problem.of(Status.BAD_REQUEST, String.valueOf(exception.getMessage())).toResponse();
  }

  /** A body that is not JSON, or whose values a record refuses. */
  @ServerExceptionMapper
  Response notJson(JsonProcessingException exception) {
    return jsonProblem(exception).toResponse();
  }

  @ServerExceptionMapper
  Response refused(WebApplicationException exception) {
    if (exception.getCause() instanceof JsonProcessingException cause) {
      return jsonProblem(cause).toResponse();
    }
    Response.StatusType status = exception.getResponse().getStatusInfo();
    return Problem.of(status, String.valueOf(exception.getMessage())).toResponse();
  }

  @ServerExceptionMapper
  Response unexpected(RuntimeException exception) {
    return Problem.unexpected(exception);
  }

  private static Problem jsonProblem(JsonProcessingException exception) {
    if (exception instanceof JsonMappingException
        && exception.getCause() instanceof InvalidMessageException cause) {
      return Problem.of(Status.BAD_REQUEST, String.valueOf(cause.getMessage()));
    }
    Problem problem = Problem.of(Status.BAD_REQUEST, exception.getOriginalMessage());
    return exception.getLocation() == null
        ? problem
        : problem
            .with("line", exception.getLocation().getLineNr())
            .with("column", exception.getLocation().getColumnNr());
  }
}
