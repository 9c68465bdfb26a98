package io.gapstream.datagenerator.messaging;

/** The broker did not acknowledge a dataset in time. */
public final class NotPublishedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  NotPublishedException(String message, Throwable cause) {
    super(message, cause);
  }
}
