package io.gapstream.datagenerator.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.contracts.Limits;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.RelaxationMethod;
import io.gapstream.contracts.RelaxationPlan;
import io.gapstream.contracts.RunPlan;
import io.gapstream.contracts.TrainingMethod;
import io.gapstream.contracts.TrainingPlan;
import io.gapstream.datagenerator.application.Experiments;
import io.gapstream.datagenerator.application.Order;
import io.gapstream.datagenerator.application.Penalty;
import io.gapstream.datagenerator.application.Source;
import io.gapstream.datagenerator.application.Work;
import io.gapstream.numerics.data.Data;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Budgets are read from messages as the services write them, and from what nobody should send. */
final class WorkDeserializerTest {

  private final WorkDeserializer deserializer = new WorkDeserializer();

  @Test
  void readsTheBudgetsOfTheLargestMessage() {
    // Given
    int n = (int) Limits.MAX_ROWS;
    byte[] json = message(n, List.of(RelaxationMethod.GATED), List.of(1L));
    ByteBuffer within = ByteBuffer.allocate(json.length + 7);
    within.position(5);
    within.put(json).flip().position(5);
    ByteBuffer direct = ByteBuffer.allocateDirect(json.length).put(json).flip();
    // When
    Work whole = deserializer.deserialize("t", json);
    Work part = deserializer.deserialize("t", new RecordHeaders(), within);
    Work copied = deserializer.deserialize("t", new RecordHeaders(), direct);
    // Then
    assertThat(json.length).isGreaterThan(20_000_000);
    assertThat(List.of(whole, part, copied)).containsOnly(new Work(12.5, 86_400));
  }

  @Test
  void countsNothingForAPlanWithNothingToRun() {
    assertThat(deserializer.deserialize("t", message(3, List.of(), List.of(1L))))
        .isEqualTo(new Work(0, 86_400));
    assertThat(
            deserializer.deserialize("t", message(3, List.of(RelaxationMethod.GATED), List.of())))
        .isEqualTo(new Work(12.5, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no JSON",
        "[]",
        "{}",
        "{\"plan\":",
        "{\"plan\":7}",
        "{\"plan\":{\"relaxation\":{\"methods\":[\"gated\"],\"budgetSeconds\":1e300}}}",
        "{\"plan\":{\"relaxation\":{\"methods\":[\"gated\"],\"budgetSeconds\":-5}}}",
        "{\"plan\":{\"relaxation\":{\"methods\":[\"gated\"],\"budgetSeconds\":\"NaN\"}}}",
        "{\"plan\":{\"relaxation\":{\"methods\":\"gated\",\"budgetSeconds\":5}}}"
      })
  void countsNothingForWhatTheWorkersPutAside(String value) {
    assertThat(deserializer.deserialize("t", value.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(Work.NONE);
    assertThat(deserializer.deserialize("t", null)).isEqualTo(Work.NONE);
  }

  private static byte[] message(int n, List<RelaxationMethod> methods, List<Long> seeds) {
    Random random = new Random(1);
    double[] x = random.doubles(3L * n).toArray();
    double[] y = random.doubles(n).toArray();
    return MessageJson.write(
        new Experiments()
            .prepare(
                new Order(
                    "plan \\\" in a name",
                    null,
                    Source.Given.inline(new Data(n, 3, x, y)),
                    false,
                    false,
                    new Penalty.Absolute(0.1),
                    new RunPlan(
                        new RelaxationPlan(methods, 5, 1, 12.5),
                        new TrainingPlan(
                            List.of(TrainingMethod.ADAM), List.of(3), seeds, 10, 86_400)))));
  }
}
