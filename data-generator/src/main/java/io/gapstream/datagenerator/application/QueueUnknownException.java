package io.gapstream.datagenerator.application;

/** The broker does not say how much waits, so nobody knows whether more may be taken. */
public final class QueueUnknownException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  QueueUnknownException() {
    super(
        "The broker did not acknowledge a question of how much work waits; see that it runs and"
            + " repeat the request. A repeated request is the same experiment.");
  }
}
