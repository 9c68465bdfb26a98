package io.gapstream.datagenerator.messaging;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gapstream.contracts.Limits;
import io.gapstream.datagenerator.application.Work;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the plan's budgets from a dataset message and passes over its numbers without making them.
 * What is no dataset message is no work: the workers put it aside at once.
 */
final class WorkDeserializer implements Deserializer<Work> {

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
              .build());

  @Override
  public Work deserialize(String topic, byte @Nullable [] value) {
    return value == null ? Work.NONE : work(value, 0, value.length);
  }

  /** Without the copy that the interface makes: a value has up to 24 MiB. */
  @Override
  public Work deserialize(String topic, Headers headers, @Nullable ByteBuffer value) {
    if (value == null) {
      return Work.NONE;
    }
    if (value.hasArray()) {
      return work(value.array(), value.arrayOffset() + value.position(), value.remaining());
    }
    byte[] copy = new byte[value.remaining()];
    value.get(copy);
    return work(copy, 0, copy.length);
  }

  private static Work work(byte[] bytes, int offset, int length) {
    try (JsonParser parser = MAPPER.getFactory().createParser(bytes, offset, length)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Work.NONE;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean plan = parser.currentName().equals("plan");
        parser.nextToken();
        if (plan) {
          return work(MAPPER.readTree(parser));
        }
        parser.skipChildren();
      }
      return Work.NONE;
    } catch (IOException e) {
      return Work.NONE;
    }
  }

  private static Work work(JsonNode plan) {
    JsonNode relaxation = plan.path("relaxation");
    JsonNode training = plan.path("training");
    return new Work(
        relaxation.path("methods").isEmpty() ? 0 : seconds(relaxation),
        training.path("methods").isEmpty()
                || training.path("widths").isEmpty()
                || training.path("seeds").isEmpty()
            ? 0
            : seconds(training));
  }

  private static double seconds(JsonNode plan) {
    double seconds = plan.path("budgetSeconds").asDouble();
    return seconds > 0 && seconds <= Limits.MAX_BUDGET_SECONDS ? seconds : 0;
  }
}
