package io.gapstream.results.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** What is no experiment's id never reaches the database, whichever resource is asked for it. */
final class ExperimentPath {

  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

  @ServerRequestFilter
  void requireId(ContainerRequestContext request) {
    String given = request.getUriInfo().getPathParameters().getFirst("experimentId");
    if (given != null && !isId(given)) {
      throw CertificateResource.unknown(given);
    }
  }

  static boolean isId(String text) {
    return ID.matcher(text).matches();
  }
}
