package io.gapstream.localstack.cli;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;

/** Starts the stack and stays. */
@Command(
    name = "up",
    description = {
      "Start Kafka, PostgreSQL and the four services, and stay until Ctrl-C.",
      "What dies is started again. The data stay in GAP_HOME."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  gap up", "  GAP_HOME=/var/lib/gap gap up"})
final class UpCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Stacks stacks;

  UpCommand(Terminal terminal, Stacks stacks) {
    this.terminal = terminal;
    this.stacks = stacks;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (Stacks.Services services = stacks.started(stacks.home())) {
      terminal.print("dashboard        " + services.dashboard());
      terminal.print("results-service  " + services.results());
      terminal.print("data-generator   " + services.generator());
      terminal.progress("Ctrl-C stops the stack");
      // A signal ends the JVM, and the supervisor stops the stack on the way out.
      new CountDownLatch(1).await();
      return ExitCode.OK;
    }
  }
}
