package io.gapstream.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The document is written by hand; here it is held against the topics and the headers. */
class AsyncApiTest {

  private static final JsonNode DOCUMENT = document();

  private static JsonNode document() {
    try {
      return new YAMLMapper().readTree(Golden.resource("asyncapi.v1.yaml"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Stream<Topic<?>> topics() {
    return Topic.ALL.stream();
  }

  @Test
  void channelsAreTheTopics() {
    // When
    List<String> addresses = new ArrayList<>();
    DOCUMENT.path("channels").forEach(channel -> addresses.add(channel.path("address").asText()));

    // Then
    assertThat(DOCUMENT.path("asyncapi").asText()).startsWith("3.");
    assertThat(addresses)
        .containsExactlyElementsOf(Topic.ALL.stream().map(Topic::topicName).toList());
  }

  @ParameterizedTest
  @MethodSource("topics")
  void aChannelCarriesTheMessageOfItsTopic(Topic<?> topic) {
    // Given
    String name = topic.eventType().replace("gap.", "").replace(".v1", "");

    // When
    JsonNode channel = channel(topic);
    JsonNode message = resolve(channel.path("messages").elements().next());

    // Then
    assertThat(channel.at("/bindings/kafka/topic").asText()).isEqualTo(topic.topicName());
    assertThat(channel.at("/bindings/kafka/topicConfiguration/max.message.bytes").asInt())
        .isEqualTo(Topic.MAX_RECORD_BYTES);
    assertThat(message.at("/headers/allOf/1/properties/ce_type/const").asText())
        .isEqualTo(topic.eventType());
    assertThat(message.at("/payload/schema/$ref").asText()).isEqualTo(name + ".v1.schema.json");
    assertThat(Golden.resource(name + ".v1.schema.json")).isNotEmpty();
  }

  @Test
  void headersAreThoseThatAreWritten() {
    // Given
    ProgressMessage message = (ProgressMessage) Golden.message("progress.v1.running");

    // When
    CloudEvents.Event event =
        CloudEvents.write(Topic.PROGRESS, message, "relaxation-service", Instant.EPOCH);

    // Then
    JsonNode headers = DOCUMENT.at("/components/schemas/CloudEventHeaders");
    List<String> required = new ArrayList<>();
    headers.path("required").forEach(name -> required.add(name.asText()));
    assertThat(event.headers().keySet()).containsExactlyElementsOf(required);
    assertThat(event.headers().get("ce_source"))
        .matches(headers.at("/properties/ce_source/pattern").asText());
    assertThat(headers.path("properties").size()).isEqualTo(required.size());
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    // When
    List<JsonNode> references = DOCUMENT.findValues("$ref");

    // Then
    assertThat(references).isNotEmpty();
    for (JsonNode reference : references) {
      String[] parts = reference.asText().split("#", 2);
      JsonNode target = parts[0].isEmpty() ? DOCUMENT : Golden.parse(Golden.resource(parts[0]));
      JsonNode found = parts.length == 1 ? target : target.at(parts[1]);
      assertThat(found.isMissingNode()).as(reference.asText()).isFalse();
    }
  }

  @Test
  void operationsUseEveryChannel() {
    // When
    List<String> used = new ArrayList<>();
    DOCUMENT
        .path("operations")
        .forEach(
            operation -> used.add(resolve(operation.path("channel")).path("address").asText()));

    // Then
    assertThat(used)
        .containsOnly(Topic.ALL.stream().map(Topic::topicName).toArray(String[]::new))
        .containsAll(Topic.ALL.stream().map(Topic::topicName).toList());
  }

  private static JsonNode channel(Topic<?> topic) {
    for (JsonNode channel : DOCUMENT.path("channels")) {
      if (channel.path("address").asText().equals(topic.topicName())) {
        return channel;
      }
    }
    throw new AssertionError(topic);
  }

  private static JsonNode resolve(JsonNode reference) {
    return DOCUMENT.at(reference.path("$ref").asText().substring(1));
  }
}
