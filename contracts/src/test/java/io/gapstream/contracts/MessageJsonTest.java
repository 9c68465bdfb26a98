package io.gapstream.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ids are hashes of what is written, so a number must be written alike on every Java. The expected
 * texts are the shortest decimals that read back as the same double, as Python's {@code repr} finds
 * them; {@code Double.toString} finds them from Java 19 on only.
 */
final class MessageJsonTest {

  @ParameterizedTest
  @CsvSource({
    "2.0E23, 4955416454957714166",
    "2.0E-323, 4",
    "4.9E-324, 1",
    "0.1, 4591870180066957722",
    "1.0, 4607182418800017408",
    "1.7976931348623157E308, 9218868437227405311",
    "-0.0, -9223372036854775808"
  })
  void writesTheShortestDecimal(String expected, long bits) {
    // When
    byte[] json = MessageJson.write(Double.longBitsToDouble(bits));

    // Then
    assertThat(new String(json, StandardCharsets.UTF_8)).isEqualTo(expected);
  }

  @Test
  void writesNoDoubleInAWayThatReadsBackAsAnother() {
    // Given
    Random random = new Random(7);
    for (int i = 0; i < 100_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        // When
        double read = MessageJson.read(MessageJson.write(value), Double.class);

        // Then
        assertThat(read).isEqualTo(value);
      }
    }
  }
}
