package io.gapstream.datagenerator.rest;

import io.gapstream.datagenerator.application.RefusedException;
import io.gapstream.servicekit.EarlyRefusal;
import io.gapstream.servicekit.Problem;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response.Status;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Refuses bodies that cannot hold a dataset within the limits: 2,000,000 values as text, with room
 * for long ones. A body that says how long it is, is refused before it is read; any other while it
 * streams. The framework's own limit would answer without a word.
 */
@Singleton
class BodyLimit {

  static final long MAX_BYTES = 64L * 1024 * 1024;

  private static final String REASON =
      "The body has more than "
          + MAX_BYTES
          + " bytes, the most that is taken; use fewer rows or features, or fewer digits.";

  /** Before the framework's check of the length, whose priority is 2. */
  private static final int PRIORITY = 100;

  private final EarlyRefusal refusal;
  private final OutcomeMetrics metrics;

  BodyLimit(EarlyRefusal refusal, OutcomeMetrics metrics) {
    this.refusal = refusal;
    this.metrics = metrics;
  }

  void register(@Observes Filters filters) {
    filters.register(this::checkLength, PRIORITY);
  }

  private void checkLength(RoutingContext context) {
    if (!tooLong(context.request().getHeader(HttpHeaders.CONTENT_LENGTH))) {
      context.next();
      return;
    }
    metrics.refused();
    refusal.end(context, Problem.of(Status.REQUEST_ENTITY_TOO_LARGE, REASON));
  }

  private static boolean tooLong(@Nullable String contentLength) {
    try {
      return contentLength != null && Long.parseLong(contentLength) > MAX_BYTES;
    } catch (NumberFormatException e) {
      // The server refuses what is not a length.
      return false;
    }
  }

  /** The same stream, which refuses to give more than the limit. */
  static InputStream bounded(InputStream body) {
    return new FilterInputStream(body) {

      private long left = MAX_BYTES;

      @Override
      public int read() throws IOException {
        int value = super.read();
        if (value >= 0) {
          count(1);
        }
        return value;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        int read = super.read(target, offset, length);
        count(Math.max(read, 0));
        return read;
      }

      private void count(int read) {
        left -= read;
        if (left < 0) {
          throw RefusedException.tooLarge(REASON);
        }
      }
    };
  }
}
