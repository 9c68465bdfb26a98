package io.gapstream.datagenerator.rest;

import io.gapstream.datagenerator.application.MemoryGate;
import io.gapstream.datagenerator.application.QueueUnknownException;
import io.gapstream.datagenerator.application.RefusedException;
import io.gapstream.datagenerator.application.TooMuchWaitingException;
import io.gapstream.datagenerator.messaging.NotPublishedException;
import io.gapstream.ingest.BadTableException;
import io.gapstream.servicekit.Problem;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns this service's refusals into problems. */
final class RefusalMappers {

  /** A broker that was restarted is back after about as long. */
  private static final Duration BROKER_RETRY = Duration.ofSeconds(10);

  private static final Duration MEMORY_RETRY = Duration.ofMinutes(1);
  private static final int MOST_SHOWN = 100;

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
    return later(Status.SERVICE_UNAVAILABLE, failure, BROKER_RETRY);
  }

  @ServerExceptionMapper
  Response queueUnknown(QueueUnknownException failure) {
    return later(Status.SERVICE_UNAVAILABLE, failure, BROKER_RETRY);
  }

  @ServerExceptionMapper
  Response tooMuchWaiting(TooMuchWaitingException refusal) {
    return later(Status.TOO_MANY_REQUESTS, refusal, refusal.retryAfter());
  }

  @ServerExceptionMapper
  Response busy(MemoryGate.BusyException refusal) {
    return later(Status.TOO_MANY_REQUESTS, refusal, MEMORY_RETRY);
  }

  private static Response later(Status status, RuntimeException refusal, Duration retryAfter) {
    return Response.fromResponse(
            Problem.of(status, String.valueOf(refusal.getMessage())).toResponse())
        .header(HttpHeaders.RETRY_AFTER, retryAfter.toSeconds())
        .build();
  }

  /**
   * Nothing is guessed: what curl sends by itself has lost its line ends, and a text may be
   * anything.
   */
  @ServerExceptionMapper
  Response wrongType(NotSupportedException refusal, HttpHeaders headers, UriInfo uri) {
    String type = headers.getHeaderString(HttpHeaders.CONTENT_TYPE);
    boolean file = uri.getPath().contains("/datasets");
    return Problem.of(
            Status.UNSUPPORTED_MEDIA_TYPE,
            (type == null ? "There is no Content-Type" : "Content-Type is '" + shown(type) + "'")
                + (file
                    ? "; taken are text/csv, with curl: -H 'Content-Type: text/csv' --data-binary"
                        + " @FILE, and multipart/form-data, with curl: -F file=@FILE."
                    : "; taken is application/json, with curl: -H 'Content-Type: application/json'"
                        + " --data-binary @FILE."))
        .toResponse();
  }

  private static String shown(String value) {
    String plain = value.replaceAll("\\p{C}", "?");
    return plain.length() <= MOST_SHOWN ? plain : plain.substring(0, MOST_SHOWN) + "...";
  }

  private static Status status(boolean tooLarge) {
    return tooLarge ? Status.REQUEST_ENTITY_TOO_LARGE : Status.BAD_REQUEST;
  }
}
