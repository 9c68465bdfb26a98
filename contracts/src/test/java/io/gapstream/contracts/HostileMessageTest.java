package io.gapstream.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a broken or hostile producer could send: each is refused with {@link
 * InvalidMessageException}, which moves it to the dead-letter topic, and with nothing else, which
 * would stop the consumer.
 */
class HostileMessageTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "3",
        "\"text\"",
        "{",
        "{}",
        "{\"experimentId\":",
        "{'experimentId': 1}",
        "<xml/>",
        "{} {}",
      })
  void refusesWhatIsNotAMessage(String json) {
    assertRefused(json.getBytes(StandardCharsets.UTF_8), DatasetMessage.class);
  }

  @Test
  void refusesBytesThatAreNotUtf8() {
    assertRefused(
        new byte[] {'{', '"', (byte) 0xc3, (byte) 0x28, '"', ':', '1', '}'}, ProgressMessage.class);
  }

  @Test
  void refusesNumbersThatAreNotJson() {
    for (String number : new String[] {"NaN", "Infinity", "-Infinity", "1e999", "01", "+1"}) {
      assertRefused(
          progress("\"elapsedSeconds\":12.5", "\"elapsedSeconds\":" + number),
          ProgressMessage.class);
    }
  }

  @Test
  void refusesWholeNumbersThatDoNotFit() {
    assertRefused(
        progress("\"sequence\":4", "\"sequence\":9223372036854775808"), ProgressMessage.class);
    assertRefused(progress("\"sequence\":4", "\"sequence\":4e30"), ProgressMessage.class);
    assertRefused(
        progress("\"sequence\":4", "\"sequence\":" + "9".repeat(5_000)), ProgressMessage.class);
  }

  @Test
  void refusesAFieldThatStandsTwice() {
    assertThatThrownBy(
            () ->
                MessageJson.read(
                    progress("\"sequence\":4", "\"sequence\":4,\"sequence\":5"),
                    ProgressMessage.class))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessageContaining("sequence");
  }

  @Test
  void refusesDeepNestingEvenWhereItIsPassedOver() {
    // Given
    String deep = "[".repeat(100_000) + "]".repeat(100_000);

    // Then
    assertRefused(
        progress("\"sequence\":4", "\"sequence\":4,\"extra\":" + deep), ProgressMessage.class);
  }

  @Test
  void passesOverUnknownFieldsOfEveryType() {
    // Given
    byte[] json =
        progress(
            "\"sequence\":4",
            "\"extra\":{\"a\":[1,null,\"x\"]},\"flag\":true,\"sequence\":4,\"none\":null");

    // When
    ProgressMessage read = MessageJson.read(json, ProgressMessage.class);

    // Then
    assertThat(read).isEqualTo(Golden.message("progress.v1.running"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1000000000]",
        "[1000000000, 1000000000]",
        "[2147483647, 2147483647]",
        "[2147483648]",
        "[0]",
        "[1, 1]"
      })
  void refusesAShapeThatLiesBeforeItReservesMemory(String shape) {
    assertRefused(array(shape, "AAAAAAAAAAAAAAAAAAAAAA=="), NumericArray.class);
  }

  /** Times eight this shape is 2^64 + 32, of which a long keeps the 32: that of four values. */
  @Test
  void refusesAShapeWhoseSizeInBytesOverflowsToTheRightOne() {
    // Given
    long rows = 1_824_726_041;
    long columns = 1_263_665_316;
    assertThat(rows * columns * Double.BYTES).isEqualTo(4 * Double.BYTES);

    // Then
    assertRefused(
        array("[" + rows + ", " + columns + "]", "A".repeat(43) + "="), NumericArray.class);
  }

  @Test
  void keepsTheReasonShortWhateverTheMessageHolds() {
    // Given
    String huge = "y".repeat(5_000_000);

    // Then
    for (byte[] json :
        new byte[][] {
          progress("\"running\"", "\"" + huge + "\""),
          progress("\"sequence\":4", "\"sequence\":\"" + huge + "\""),
          progress(Golden.EXPERIMENT, huge),
          progress("\"sequence\":4", "\"" + huge + "\":1"),
          (huge).getBytes(StandardCharsets.UTF_8),
        }) {
      assertThatThrownBy(() -> MessageJson.read(json, ProgressMessage.class))
          .isInstanceOf(InvalidMessageException.class)
          .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1_000));
    }
  }

  private static byte[] progress(String from, String to) {
    String json = new String(Golden.json("progress.v1.running"), StandardCharsets.UTF_8);
    assertThat(json).contains(from);
    return json.replace(from, to).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] array(String shape, String data) {
    return ("{\"dtype\":\"<f8\",\"shape\":" + shape + ",\"data\":\"" + data + "\"}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void assertRefused(byte[] json, Class<?> type) {
    assertThatThrownBy(() -> MessageJson.read(json, type))
        .isInstanceOf(InvalidMessageException.class)
        .hasMessageStartingWith("Not a valid " + type.getSimpleName() + ": ");
  }
}
