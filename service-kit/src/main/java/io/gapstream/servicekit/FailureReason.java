package io.gapstream.servicekit;

/** Why something failed, in words that a message can carry whatever the exception says. */
public final class FailureReason {

  private static final int MAX_LENGTH = 1000;

  private FailureReason() {}

  /**
   * The exception's own words where it names a value and the fix, as an {@link
   * IllegalArgumentException} does; its kind and its words otherwise.
   */
  public static String of(Throwable failure) {
    String message = failure.getMessage();
    String text =
        failure instanceof IllegalArgumentException && message != null
            ? message
            : failure.toString();
    String plain = text.replaceAll("[\\p{Cntrl}\\p{Cs}]", " ").strip();
    if (plain.isEmpty()) {
      return failure.getClass().getName();
    }
    return plain.length() <= MAX_LENGTH
        ? plain
        : plain.substring(0, MAX_LENGTH).replaceFirst("\\p{Cs}$", ""); // half of a cut pair
  }
}
