package io.gapstream.datagenerator.rest;

import io.gapstream.datagenerator.application.MemoryGate;
import io.gapstream.datagenerator.application.RefusedException;
import io.gapstream.datagenerator.messaging.NotPublishedException;
import io.gapstream.ingest.BadTableException;
import io.gapstream.servicekit.Problem;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns this service's refusals into problems. */
final class RefusalMappers {

  @ServerExceptionMapper
  Response refused(RefusedException refusal) {
    return Problem.of(status(refusal.tooLarge()), String.valueOf(refusal.getMessage()))
        .with("file", refusal.file())
        .with("column", refusal.column())
        .toResponse();
  }

  @ServerExceptionMapper
  Response badTable(BadTableException refusal) {
    return Problem.of(status(refusal.tooLarge()), String.valueOf(refusal.getMessage()))
        .with("file", refusal.file())
        .with("line", refusal.line())
        .with("column", refusal.column())
        .with("value", refusal.value())
        .toResponse();
  }

  @ServerExceptionMapper
  Response notPublished(NotPublishedException failure) {
    return Problem.of(Status.SERVICE_UNAVAILABLE, String.valueOf(failure.getMessage()))
        .toResponse();
  }

  @ServerExceptionMapper
  Response busy(MemoryGate.BusyException failure) {
    return Problem.of(Status.SERVICE_UNAVAILABLE, String.valueOf(failure.getMessage()))
        .toResponse();
  }

  private static Status status(boolean tooLarge) {
    return tooLarge ? Status.REQUEST_ENTITY_TOO_LARGE : Status.BAD_REQUEST;
  }
}
