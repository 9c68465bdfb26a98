package io.gapstream.numerics;

/**
 * A deadline and its grace are over in the middle of a computation. Whoever has something to hand
 * in catches it and hands that in.
 */
public final class TimeUpException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TimeUpException() {
    // Without a stack trace: it ends a computation, it is no fault.
    super("The time is up; allow more of it.", null, false, false);
  }
}
