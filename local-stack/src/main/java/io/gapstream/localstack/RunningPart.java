package io.gapstream.localstack;

/** A part that has answered; what the supervisor needs of it. */
sealed interface RunningPart extends AutoCloseable
    permits KafkaBroker, PostgresServer, ServiceProcess {

  long pid();

  boolean isAlive();

  /** Stops it in order and waits for its end. */
  @Override
  void close();
}
