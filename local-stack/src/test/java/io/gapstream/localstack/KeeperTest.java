package io.gapstream.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is kept is a real broker, killed as {@code kill -9} does; the pauses are checked by hand.
 */
@Timeout(180)
final class KeeperTest {

  @Test
  void startsABrokerAgainThatWasKilledAlsoWhenNobodyCanBeTold(@TempDir Path folder)
      throws Exception {
    // Given
    int port = Ports.free();
    List<String> log = Collections.synchronizedList(new ArrayList<>());
    Keeper keeper =
        new Keeper(
            Part.KAFKA,
            () -> port,
            () -> KafkaBroker.start(folder, port),
            log::add,
            () -> {
              throw new StackException("No space left on device");
            },
            Clock.systemUTC(),
            Patience.USUAL);
    keeper.begin().get(90, TimeUnit.SECONDS);
    KafkaBroker first = running(keeper);

    // When
    first.kill();

    // Then
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> keeper.life() instanceof Life.Up up && up.running().pid() != first.pid());
    KafkaBroker second = running(keeper);
    assertThat(second.bootstrapServers()).isEqualTo(first.bootstrapServers());
    assertThat(keeper.restarts()).isEqualTo(1);
    assertThat(log).anyMatch(line -> line.contains("Process " + first.pid() + " ended"));
    keeper.stop();
    assertThat(second.isAlive()).isFalse();
  }

  @Test
  void killsAFrozenBrokerAndStartsItAgain(@TempDir Path folder) throws Exception {
    // Given
    List<String> log = Collections.synchronizedList(new ArrayList<>());
    List<String> states = Collections.synchronizedList(new ArrayList<>());
    Patience patience = new Patience(Duration.ofSeconds(1), Duration.ofSeconds(3), 2);
    Keeper keeper = keeper(folder, log, states, patience);
    keeper.begin().get(90, TimeUnit.SECONDS);
    KafkaBroker first = running(keeper);

    // When
    Signals.freeze(first.pid());

    // Then
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> keeper.life() instanceof Life.Up up && up.running().pid() != first.pid());
    assertThat(states).containsSubsequence("up", "hung", "hung", "restarting", "starting", "up");
    assertThat(log).anyMatch(line -> line.contains("did not answer 2 times in a row"));
    assertThat(first.isAlive()).isFalse();
    keeper.stop();
  }

  @Test
  void leavesABrokerAloneThatAnswersAgain(@TempDir Path folder) throws Exception {
    // Given
    List<String> log = Collections.synchronizedList(new ArrayList<>());
    List<String> states = Collections.synchronizedList(new ArrayList<>());
    Patience patience = new Patience(Duration.ofMillis(100), Duration.ofSeconds(1), 1000);
    Keeper keeper = keeper(folder, log, states, patience);
    keeper.begin().get(90, TimeUnit.SECONDS);
    KafkaBroker broker = running(keeper);
    Signals.freeze(broker.pid());
    await().atMost(Duration.ofSeconds(30)).until(() -> states.contains("hung"));

    // When
    Signals.thaw(broker.pid());

    // Then
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> keeper.life() instanceof Life.Up up && up.missed() == 0);
    assertThat(keeper.restarts()).isZero();
    assertThat(broker.isAlive()).isTrue();
    keeper.stop();
  }

  @Test
  void stopsAFrozenBrokerInAFewSeconds(@TempDir Path folder) throws Exception {
    // Given
    Keeper keeper = keeper(folder, new ArrayList<>(), new ArrayList<>(), Patience.USUAL);
    keeper.begin().get(90, TimeUnit.SECONDS);
    KafkaBroker broker = running(keeper);
    Signals.freeze(broker.pid());

    // When
    long start = System.nanoTime();
    keeper.stop();

    // Then
    assertThat(broker.isAlive()).isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(9));
  }

  @Test
  void tellsWhyTheFirstStartFailedAndDoesNotTryAgain() {
    // Given
    Keeper keeper =
        new Keeper(
            Part.KAFKA,
            () -> 1,
            () -> {
              throw new StackException("no jars");
            },
            line -> {},
            () -> {},
            Clock.systemUTC(),
            Patience.USUAL);

    // When
    // Then
    assertThatThrownBy(() -> keeper.begin().get(10, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .hasRootCauseMessage("no jars");
    keeper.stop();
    assertThat(keeper.restarts()).isZero();
  }

  @Test
  void doublesThePauseUpToHalfAMinute() {
    // Given
    Instant now = Instant.parse("2026-01-01T00:00:00Z");

    // When
    List<Long> pauses = new ArrayList<>();
    for (int failures = 1; failures <= 9; failures++) {
      pauses.add(Duration.between(now, Life.Resting.after(failures, "", now).until()).toMillis());
    }

    // Then
    assertThat(pauses)
        .containsExactly(500L, 1000L, 2000L, 4000L, 8000L, 16000L, 30000L, 30000L, 30000L);
  }

  private static Keeper keeper(
      Path folder, List<String> log, List<String> states, Patience patience) {
    int port = Ports.free();
    Keeper[] self = new Keeper[1];
    self[0] =
        new Keeper(
            Part.KAFKA,
            () -> port,
            () -> KafkaBroker.start(folder, port),
            log::add,
            () -> states.add(self[0].life().stateName()),
            Clock.systemUTC(),
            patience);
    return self[0];
  }

  private static KafkaBroker running(Keeper keeper) {
    if (keeper.life() instanceof Life.Up up && up.running() instanceof KafkaBroker broker) {
      return broker;
    }
    throw new AssertionError("The broker is not up but " + keeper.life());
  }
}
