package io.gapstream.servicekit;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * An error response, {@code application/problem+json} of RFC 9457.
 *
 * @param type always {@code about:blank}: the status says what kind it is
 * @param title the status in words
 * @param status the HTTP status
 * @param detail what is wrong, which value, and what to do
 * @param members further members, for example {@code line} and {@code column}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    @JsonAnyGetter Map<String, Object> members) {

  private static final Logger LOG = Logger.getLogger(Problem.class);

  /** The media type. */
  public static final String MEDIA_TYPE = "application/problem+json";

  /** A problem without further members. */
  public static Problem of(Response.StatusType status, String detail) {
    return new Problem(
        "about:blank", status.getReasonPhrase(), status.getStatusCode(), detail, Map.of());
  }

  /** The answer to a request on which the service failed; logs why. */
  public static Response unexpected(RuntimeException exception) {
    LOG.error("Request failed", exception);
    return of(
            Status.INTERNAL_SERVER_ERROR,
            "The service failed on this request; its log has the cause.")
        .toResponse();
  }

  /** The same problem with one more member; null adds none. */
  public Problem with(String name, @Nullable Object value) {
    if (value == null) {
      return this;
    }
    Map<String, Object> more = new LinkedHashMap<>(members);
    more.put(name, value);
    return new Problem(type, title, status, detail, more);
  }

  /** The response to send. */
  public Response toResponse() {
    return Response.status(status).type(MediaType.valueOf(MEDIA_TYPE)).entity(this).build();
  }

  /** The exception that becomes this response. */
  public ProblemException toException() {
    return new ProblemException(this);
  }
}
