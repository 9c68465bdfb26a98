package io.gapstream.contracts;

/** A message, or a value in it, is not what the contract says. The text names both and the fix. */
public final class InvalidMessageException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** With the reason, which names the value and the fix. */
  public InvalidMessageException(String reason) {
    super(reason);
  }

  /** With the reason and what caused it. */
  public InvalidMessageException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
