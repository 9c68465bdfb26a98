package io.gapstream.localstack.cli;

import io.gapstream.localstack.Supervisor;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Stops the stack. */
@Command(
    name = "down",
    description = {
      "Stop the stack: the services first, then Kafka and PostgreSQL. The data stay.",
      "Also ends what a killed 'gap up' left behind. Nothing to stop is no error."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  gap down"})
final class DownCommand implements Callable<Integer> {

  /** An orderly stop takes ten seconds at most; who needs more is ended without being asked. */
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Terminal terminal;
  private final Stacks stacks;

  DownCommand(Terminal terminal, Stacks stacks) {
    this.terminal = terminal;
    this.stacks = stacks;
  }

  @Override
  public Integer call() {
    boolean stopped = Supervisor.stop(stacks.home(), LIMIT);
    terminal.print(stopped ? "The stack is stopped." : "No stack was running.");
    return ExitCode.OK;
  }
}
