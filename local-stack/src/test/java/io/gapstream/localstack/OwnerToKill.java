package io.gapstream.localstack;

import java.nio.file.Path;
import java.time.Duration;

/** Starts both servers in a JVM of its own and waits to be killed; for tests of recovery. */
final class OwnerToKill {

  private static final Duration LIMIT = Duration.ofMinutes(3);

  private OwnerToKill() {}

  /**
   * Prints the process ids of the broker and of PostgreSQL once both answer.
   *
   * @param args the folder of the broker and that of PostgreSQL
   */
  public static void main(String[] args) throws InterruptedException {
    SameEverywhere.set();
    KafkaBroker broker = KafkaBroker.start(Path.of(args[0]), 0);
    PostgresServer postgres = PostgresServer.start(Path.of(args[1]), 0);
    System.out.println(broker.pid() + " " + postgres.pid());
    Thread.sleep(LIMIT.toMillis());
  }
}
