package io.gapstream.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every service is told to stop at random moments of its life, also while it starts, under a stream
 * of experiments. What counts is outside of the services: what was answered with 202, the rows
 * behind REST, and the records in the dead-letter topics.
 */
@SuppressWarnings("NullAway.Init") // set before any test
final class RestartsIT {

  /** Of each service; -Dgapstream.restarts=20 takes about ten minutes. */
  private static final int RESTARTS = Integer.getInteger("gapstream.restarts", 2);

  private static final long LONGEST_LIFE_MILLIS = 6000;
  private static final Duration BETWEEN_REQUESTS = Duration.ofMillis(700);
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final List<String> SERVICES =
      List.of("results-service", "data-generator", "relaxation-service", "trainer-service");

  private static final String SMALL =
      """
      {
        "name": "restarts %d",
        "generator": {"n": 20, "d": 3, "labels": "teacher", "seed": %d},
        "betaFraction": 0.2,
        "plan": {
          "relaxation": {"methods": ["lifted", "column-generation"], "budgetSeconds": 0.3},
          "training": {"methods": ["adam"], "widths": [8], "seeds": [1, 2], "steps": 100, "budgetSeconds": 0.2}
        }
      }
      """;

  private static RunningStack stack;

  @BeforeAll
  static void start(@TempDir Path home) {
    stack = RunningStack.start(home);
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  void losesNothingThatWasAcceptedAndBlamesNoMessage() throws Exception {
    // Given
    Set<String> accepted = ConcurrentHashMap.newKeySet();
    AtomicBoolean streaming = new AtomicBoolean(true);
    Thread stream = new Thread(() -> stream(accepted, streaming), "stream");
    Random random = new Random(14);
    List<String> stops = new ArrayList<>();
    for (int i = 0; i < RESTARTS; i++) {
      stops.addAll(SERVICES);
    }
    Collections.shuffle(stops, random);
    // When
    stream.start();
    for (String service : stops) {
      Thread.sleep(random.nextLong(LONGEST_LIFE_MILLIS / 4));
      stopAtAnAge(service, random.nextLong(LONGEST_LIFE_MILLIS));
    }
    streaming.set(false);
    stream.join();
    // Then
    assertThat(accepted).isNotEmpty();
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(incomplete(accepted)).isEmpty());
    assertThat(stack.deadLetters()).isZero();
  }

  private static void stream(Set<String> accepted, AtomicBoolean streaming) {
    for (int i = 0; streaming.get(); i++) {
      stack.offer(String.format(Locale.ROOT, SMALL, i, i)).ifPresent(accepted::add);
      try {
        Thread.sleep(BETWEEN_REQUESTS.toMillis());
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Tells the service to stop, at once if it is older; its supervisor starts it again. */
  private static void stopAtAnAge(String service, long millis) throws InterruptedException {
    ProcessHandle process =
        RunningStack.awaitThat(() -> process(service), Optional::isPresent).orElseThrow();
    Instant start = process.info().startInstant().orElseThrow();
    long age = Duration.between(start, Instant.now()).toMillis();
    Thread.sleep(Math.max(0, millis - age));
    process.destroy();
  }

  /** The service's process, also before it is ready: a child of this one. */
  private static Optional<ProcessHandle> process(String service) {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().commandLine().orElse("").contains("/" + service + "/target/"))
        .findFirst();
  }

  private static List<String> incomplete(Set<String> experiments) {
    return experiments.stream()
        .filter(id -> !stack.get("/api/v1/certificates/" + id).path("complete").asBoolean())
        .toList();
  }
}
