package io.gapstream.results.application;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Message;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.TrainingMessage;
import io.gapstream.results.Sample;
import io.gapstream.results.Servers;
import io.gapstream.results.Tables;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Every message twice, in any order, one after the other and all at once. The oracle is the tables
 * after the messages came once in their natural order; nothing is computed.
 */
@QuarkusTest
@WithTestResource(Servers.class)
class ReplayTest {

  private static final int ORDERS = 12;

  @Inject Intake intake;
  @Inject Tables tables;

  private final Sample sample = Sample.named("replay");
  private final Map<Message, byte[]> bytes = new IdentityHashMap<>();

  @Test
  void leavesTheSameRowsWhateverTheOrderAndHoweverOften() throws Exception {
    // Given
    List<Message> messages = messages();
    messages.forEach(this::take);
    Map<String, List<String>> expected = tables.dump(sample.id());
    for (int order = 0; order < ORDERS; order++) {
      List<Message> twice = new ArrayList<>(messages);
      twice.addAll(messages);
      Collections.shuffle(twice, new Random(order));
      tables.forget(sample.id());
      // When
      twice.forEach(this::take);
      // Then
      assertThat(tables.dump(sample.id())).as("order %s", order).isEqualTo(expected);
    }
  }

  @Test
  void leavesTheSameRowsWhenEverythingComesAtOnce() throws Exception {
    // Given
    List<Message> messages = messages();
    messages.forEach(this::take);
    Map<String, List<String>> expected = tables.dump(sample.id());
    tables.forget(sample.id());
    ExecutorService workers = Executors.newFixedThreadPool(6);
    try {
      // When
      List<Future<?>> taken = new ArrayList<>();
      for (int round = 0; round < 3; round++) {
        List<Message> shuffled = new ArrayList<>(messages);
        Collections.shuffle(shuffled, new Random(round));
        shuffled.forEach(message -> taken.add(workers.submit(() -> take(message))));
      }
      for (Future<?> one : taken) {
        one.get(60, TimeUnit.SECONDS);
      }
      // Then
      assertThat(tables.dump(sample.id())).isEqualTo(expected);
    } finally {
      workers.shutdownNow();
    }
  }

  @Test
  void leavesTheSameRowsForAnyClaimsWhateverTheOrder() throws Exception {
    Random random = new Random(18);
    for (int set = 0; set < 10; set++) {
      // Given
      List<Message> messages = anyMessages(random);
      tables.forget(sample.id());
      messages.forEach(this::take);
      Map<String, List<String>> expected = tables.dump(sample.id());
      for (int order = 0; order < 4; order++) {
        List<Message> twice = new ArrayList<>(messages);
        twice.addAll(messages);
        Collections.shuffle(twice, random);
        tables.forget(sample.id());
        // When
        twice.forEach(this::take);
        // Then
        assertThat(tables.dump(sample.id())).as("set %s", set).isEqualTo(expected);
      }
    }
  }

  /** Claims of one method: true, untrue, failed and of other data, with any revision. */
  private List<Message> anyMessages(Random random) {
    double best = Objects.requireNonNull(sample.lower(1, 1).value());
    List<Message> messages = new ArrayList<>();
    messages.add(sample.dataset());
    for (int claim = 0; claim < 12; claim++) {
      int revision = random.nextInt(4) == 0 ? Integer.MAX_VALUE : 1 + random.nextInt(5);
      double share = 0.25 * (1 + random.nextInt(4));
      messages.add(
          switch (random.nextInt(5)) {
            case 0 -> sample.further(revision, share);
            case 1 -> sample.lower(revision, share);
            case 2 -> sample.failed(revision, sample.dataset().sha256());
            case 3 -> sample.failed(revision, Sample.named("other data").dataset().sha256());
            default -> sample.lower(revision, (1 + share) * best, sample.triangle(share));
          });
    }
    return messages;
  }

  /**
   * Good, worse and equal bounds, an estimate, refuted claims, a run without a value, a redo whose
   * revisions go further than those of the first time, results of other data, and the dataset under
   * other names.
   */
  private List<Message> messages() {
    RelaxationMessage good = sample.lower(2, 1);
    double aboveProved = 1.001 * Objects.requireNonNull(good.value());
    return List.of(
        sample.dataset(),
        sample.called("replay under another name", "study A"),
        sample.called("replay under another name", null),
        sample.further(9, 0.6),
        sample.further(10, 1),
        sample.failed(2, sample.dataset().sha256()),
        sample.failed(Integer.MAX_VALUE, sample.dataset().sha256()),
        sample.failed(Integer.MAX_VALUE, Sample.named("other data").dataset().sha256()),
        sample.lower(1, 0.5),
        good,
        sample.lower(3, 0.9),
        sample.lower(4, Objects.requireNonNull(good.value()), sample.triangle(1)),
        sample.lower(5, aboveProved, sample.triangle(1)),
        sample.upper(0.001, sample.zeroNetwork()),
        sample.estimate(0.5),
        sample.trainedToZero(1),
        sample.trainedWell(2),
        sample.trained(2, null, null));
  }

  private void take(Message message) {
    byte[] json;
    synchronized (bytes) {
      json = bytes.computeIfAbsent(message, MessageJson::write);
    }
    if (message instanceof DatasetMessage dataset) {
      intake.dataset(dataset);
    } else if (message instanceof RelaxationMessage relaxation) {
      intake.relaxation(relaxation, json);
    } else if (message instanceof TrainingMessage training) {
      intake.training(training, json);
    }
  }
}
