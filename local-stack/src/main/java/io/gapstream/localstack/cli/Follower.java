package io.gapstream.localstack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Follows an experiment until every planned result is in, or the time is over. */
final class Follower {

  private static final Duration POLL = Duration.ofMillis(200);

  private final Api api;

  Follower(Api api) {
    this.api = api;
  }

  /**
   * The certificate when it is complete, else the last one seen; null when none was seen.
   *
   * @param experimentId of the experiment
   * @param atMost how long to wait
   * @param seen is told of every answer
   * @throws CommandException if the service did not answer at the end of that time
   */
  @Nullable JsonNode follow(String experimentId, Duration atMost, Consumer<JsonNode> seen) {
    long deadline = System.nanoTime() + atMost.toNanos();
    JsonNode last = null;
    while (true) {
      try {
        JsonNode certificate = api.certificate(experimentId).orElse(null);
        if (certificate != null) {
          last = certificate;
          seen.accept(certificate);
          if (certificate.path("complete").asBoolean()) {
            return certificate;
          }
        }
        if (System.nanoTime() > deadline) {
          return last;
        }
      } catch (CommandException e) {
        // A service that died is started again; the certificate is still there then.
        if (e.exitCode() != ExitCode.UNREACHABLE || System.nanoTime() > deadline) {
          throw e;
        }
      }
      Waiting.pause(POLL);
    }
  }
}
