package io.gapstream.contracts;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The checks that the records share. Each throws {@link InvalidMessageException}. */
final class Check {

  private static final Pattern EXPERIMENT_ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
  private static final int MAX_TEXT = 200;

  private Check() {}

  static void that(boolean condition, String reason, @Nullable Object... values) {
    if (!condition) {
      throw new InvalidMessageException(String.format(java.util.Locale.ROOT, reason, values));
    }
  }

  static <T> T present(@Nullable T value, String field) {
    if (value == null) {
      throw new InvalidMessageException(field + " is missing; give it a value.");
    }
    return value;
  }

  static void experimentId(@Nullable String value) {
    that(
        EXPERIMENT_ID.matcher(present(value, "experimentId")).matches(),
        "experimentId is '%s'; it must be 32 lower-case hexadecimal digits.",
        value);
  }

  static void sha256(@Nullable String value, String field) {
    that(
        SHA_256.matcher(present(value, field)).matches(),
        "%s is '%s'; it must be 64 lower-case hexadecimal digits.",
        field,
        value);
  }

  static void text(@Nullable String value, String field) {
    String text = present(value, field);
    that(!text.isBlank(), "%s is blank; give it a value.", field);
    that(
        text.length() <= MAX_TEXT,
        "%s has %s characters; at most %s are allowed.",
        field,
        text.length(),
        MAX_TEXT);
  }

  static void positive(double value, String field) {
    that(
        value > 0 && Double.isFinite(value),
        "%s is %s; it must be a finite number above 0.",
        field,
        value);
  }

  static void nonNegative(double value, String field) {
    that(
        value >= 0 && Double.isFinite(value),
        "%s is %s; it must be a finite number, 0 or above.",
        field,
        value);
  }

  static void finiteOrNull(@Nullable Double value, String field) {
    that(
        value == null || Double.isFinite(value),
        "%s is %s; leave it out where there is no finite value, the status says why.",
        field,
        value);
  }

  static void count(long value, long least, long most, String field) {
    that(
        value >= least && value <= most,
        "%s is %s; it must be from %s to %s.",
        field,
        value,
        least,
        most);
  }

  static void budget(double seconds, String field) {
    positive(seconds, field);
    that(
        seconds <= Limits.MAX_BUDGET_SECONDS,
        "%s is %s s; at most %s s are allowed.",
        field,
        seconds,
        Limits.MAX_BUDGET_SECONDS);
  }
}
