package io.gapstream.contracts;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The checks that the records share. Each throws {@link InvalidMessageException}. */
final class Check {

  private static final Pattern EXPERIMENT_ID = Pattern.compile("[0-9a-f]{32}");
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
  private static final int MAX_TEXT = 200;
  private static final int MAX_REASON = 10_000;
  private static final int MAX_SHOWN = 100;

  private Check() {}

  static void that(boolean condition, String reason, @Nullable Object... values) {
    if (!condition) {
      @Nullable Object[] shown = new @Nullable Object[values.length];
      for (int i = 0; i < values.length; i++) {
        shown[i] = clip(String.valueOf(values[i]), MAX_SHOWN);
      }
      throw new InvalidMessageException(String.format(Locale.ROOT, reason, shown));
    }
  }

  /** The text, cut where it is longer; a reason must stay small whatever the message held. */
  static String clip(String text, int most) {
    return text.length() <= most
        ? text
        : text.substring(0, most) + "... (" + text.length() + " characters)";
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
    String text = prose(value, field, MAX_TEXT);
    that(
        text.codePoints().noneMatch(Character::isISOControl),
        "%s holds a control character; give it on one line of plain text.",
        field);
  }

  static void textOrNull(@Nullable String value, String field) {
    if (value != null) {
      text(value, field);
    }
  }

  /** A reason goes with the status {@code failed} and with no other. */
  static void reason(Status status, @Nullable String reason) {
    that(
        (present(status, "status") == Status.FAILED) == (reason != null),
        "reason is to be given exactly with the status 'failed'; the status is '%s'.",
        status);
    if (reason != null) {
      prose(reason, "reason", MAX_REASON);
    }
  }

  /** Nothing comes of a computation that diverged or failed, and something of one that ended. */
  static void valueFits(Status status, @Nullable Double value) {
    finiteOrNull(value, "value");
    that(
        value == null || (status != Status.DIVERGED && status != Status.FAILED),
        "value is %s and the status is '%s'; leave the value out.",
        value,
        status);
    that(
        value != null || status != Status.CONVERGED,
        "value is missing and the status is '%s'; give the value that was found.",
        status);
  }

  private static String prose(@Nullable String value, String field, int most) {
    String text = present(value, field);
    that(!text.isBlank(), "%s is blank; give it a value.", field);
    that(
        text.length() <= most,
        "%s has %s characters; at most %s are allowed.",
        field,
        text.length(),
        most);
    that(
        text.indexOf('\0') < 0,
        "%s holds the character U+0000, which no database keeps; leave it out.",
        field);
    that(
        text.codePoints()
            .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE),
        "%s holds half a surrogate pair; give whole characters.",
        field);
    return text;
  }

  /** An immutable copy of a list without repetitions. */
  static <T> List<T> list(@Nullable List<T> values, int most, String field) {
    List<T> given = present(values, field);
    that(
        given.size() <= most,
        "%s has %s entries; at most %s are allowed.",
        field,
        given.size(),
        most);
    that(
        given.stream().allMatch(Objects::nonNull),
        "%s is %s; give every entry a value.",
        field,
        given);
    that(
        given.stream().distinct().count() == given.size(),
        "%s is %s; name each once.",
        field,
        given);
    return List.copyOf(given);
  }

  static void finite(double value, String field) {
    that(Double.isFinite(value), "%s is %s; it must be a finite number.", field, value);
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

  /** Every number of an array in {@code [least, most]}. */
  static void within(NumericArray array, double least, double most, String field) {
    double[] values = array.values();
    for (int i = 0; i < values.length; i++) {
      that(
          values[i] >= least && values[i] <= most,
          "%s is %s at position %s; it must be from %s to %s.",
          field,
          values[i],
          i,
          least,
          most);
    }
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
