package io.gapstream.results.application;

import org.jspecify.annotations.Nullable;

/** A claim cannot be judged, and will not be when it comes again: it is no claim to wait for. */
final class UnusableClaimException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  UnusableClaimException(String reason, @Nullable Throwable cause) {
    super(reason, cause);
  }
}
