package io.gapstream.servicekit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The expected words are written out. */
final class FailureReasonTest {

  @Test
  void letsARefusalSpeakForItself() {
    assertThat(FailureReason.of(new IllegalArgumentException("beta is 0; give more.")))
        .isEqualTo("beta is 0; give more.");
  }

  @Test
  void namesTheKindOfEveryOtherFailure() {
    assertThat(FailureReason.of(new ArithmeticException("overflow")))
        .isEqualTo("java.lang.ArithmeticException: overflow");
  }

  @Test
  void fitsIntoAMessageWhateverTheExceptionSays() {
    assertThat(FailureReason.of(new IllegalArgumentException("a\u0000b\nc" + "x".repeat(5000))))
        .startsWith("a b cx")
        .hasSize(1000);
    assertThat(FailureReason.of(new IllegalArgumentException("x".repeat(999) + "\ud83d\ude00")))
        .isEqualTo("x".repeat(999));
    assertThat(FailureReason.of(new IllegalArgumentException(" ")))
        .isEqualTo("java.lang.IllegalArgumentException");
  }
}
