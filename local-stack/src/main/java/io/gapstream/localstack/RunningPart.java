package io.gapstream.localstack;

/** A part that has answered; what the supervisor needs of it. */
sealed interface RunningPart extends AutoCloseable
    permits KafkaBroker, PostgresServer, ServiceProcess {

  long pid();

  boolean isAlive();

  /**
   * Whether it does what shows that it is not frozen. May take some seconds; the caller waits for
   * as long as it likes.
   */
  boolean answers();

  /** Kills it, as {@code kill -9} does; returns before it has ended. */
  void kill();

  /** Stops it in order and waits for its end; kills it when that takes too long. */
  @Override
  void close();
}
