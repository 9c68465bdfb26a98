package io.gapstream.localstack;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A part of the local stack did not start or stop; the message says which, why and what to do. */
public sealed class StackException extends RuntimeException permits AlreadyRunningException {

  @Serial private static final long serialVersionUID = 1L;

  /**
   * A failure.
   *
   * @param message what failed, with the values and the way out
   */
  public StackException(String message) {
    super(message);
  }

  /**
   * A failure with its cause.
   *
   * @param message what failed, with the values and the way out
   * @param cause what was thrown
   */
  public StackException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
