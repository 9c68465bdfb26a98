package io.gapstream.datagenerator.rest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.Response.Status.Family;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Counts what became of the requests for experiments. */
@Singleton
class OutcomeMetrics {

  private static final String NAME = "gapstream.experiments";

  private final Counter accepted;
  private final Counter refused;
  private final Counter failed;

  OutcomeMetrics(MeterRegistry registry) {
    accepted = counter(registry, "accepted");
    refused = counter(registry, "refused");
    failed = counter(registry, "failed");
  }

  private static Counter counter(MeterRegistry registry, String outcome) {
    return Counter.builder(NAME)
        .description("Requests for experiments by their outcome")
        .tag("outcome", outcome)
        .register(registry);
  }

  /** Counts a request that was refused before it came to a resource. */
  void refused() {
    refused.increment();
  }

  @ServerResponseFilter
  public void count(ContainerRequestContext request, ContainerResponseContext response) {
    if (!request.getMethod().equals("POST")) {
      return;
    }
    Family family = response.getStatusInfo().getFamily();
    if (family == Family.SUCCESSFUL) {
      accepted.increment();
    } else if (family == Family.CLIENT_ERROR) {
      refused.increment();
    } else {
      failed.increment();
    }
  }
}
