package io.gapstream.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What went over the wire once is read and written for ever. The golden files were not written by
 * this code but by a script in another language, from the description in docs/messages.md: field
 * names, base64, byte order and hashes included.
 */
class GoldenFilesTest {

  static Set<String> names() {
    return new TreeSet<>(Golden.messages().keySet());
  }

  @ParameterizedTest
  @MethodSource("names")
  void readsTheMessageThatTheFileHolds(String name) {
    // When
    Message read = MessageJson.read(Golden.json(name), Golden.topic(name).messageClass());

    // Then
    assertThat(read).isEqualTo(Golden.message(name));
  }

  @ParameterizedTest
  @MethodSource("names")
  void writesTheSameBytes(String name) {
    // Given
    Message read = MessageJson.read(Golden.json(name), Golden.topic(name).messageClass());

    // When
    byte[] written = MessageJson.write(read);

    // Then
    assertThat(new String(written, StandardCharsets.UTF_8))
        .isEqualTo(new String(Golden.json(name), StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("names")
  void agreesWithTheSchema(String name) {
    // When
    byte[] written = MessageJson.write(Golden.message(name));

    // Then
    assertThat(Golden.schemaErrors(name, Golden.json(name))).isEmpty();
    assertThat(Golden.schemaErrors(name, written)).isEmpty();
  }

  @Test
  void everyTopicHasAGoldenFile() {
    // When
    Set<String> topics =
        names().stream().map(name -> Golden.topic(name).topicName()).collect(Collectors.toSet());

    // Then
    assertThat(topics)
        .containsExactlyInAnyOrderElementsOf(Topic.ALL.stream().map(Topic::topicName).toList());
  }

  @ParameterizedTest
  @MethodSource("names")
  void keepsTheHashOfTheData(String name) throws Exception {
    if (!(Golden.message(name) instanceof DatasetMessage dataset)) {
      return;
    }
    // Given
    int n = dataset.n();
    int d = dataset.d();
    ByteBuffer bytes =
        ByteBuffer.allocate(10 + 16 + 8 * n * (d + 1)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put("gapdata/1\n".getBytes(StandardCharsets.US_ASCII)).putLong(n).putLong(d);
    for (double value : dataset.x().values()) {
      bytes.putDouble(value);
    }
    for (double value : dataset.y().values()) {
      bytes.putDouble(value);
    }

    // When
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.array());

    // Then
    assertThat(dataset.sha256()).isEqualTo(HexFormat.of().formatHex(digest));
  }
}
