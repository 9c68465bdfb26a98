package io.gapstream.datagenerator.application;

import java.time.Duration;

/** So much waits for the workers that more is not taken now. */
public final class TooMuchWaitingException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  TooMuchWaitingException(String message, Duration retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  /** When there is likely to be room. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
