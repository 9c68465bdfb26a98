package io.gapstream.localstack.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.gapstream.contracts.MessageJson;
import io.gapstream.localstack.StackState;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what runs. */
@Command(
    name = "status",
    description = {"Show what runs. Exit code 0 if the stack is up, 5 if it is not."},
    footerHeading = "%nExamples:%n",
    footer = {"  gap status", "  gap status --json"})
final class StatusCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Stacks stacks;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  StatusCommand(Terminal terminal, Stacks stacks) {
    this.terminal = terminal;
    this.stacks = stacks;
  }

  @Override
  public Integer call() {
    StackState state = StackState.read(stacks.home());
    if (json) {
      terminal.print(MessageJson.read(MessageJson.write(state), JsonNode.class));
    } else {
      terminal.print("stack in " + state.home() + " is " + state.state());
      for (StackState.PartState part : state.parts()) {
        terminal.print(
            String.format(
                Locale.ROOT,
                "  %-19s %-11s %-8s restarts %d  %s",
                part.name(),
                part.state(),
                part.pid() == null ? "-" : part.pid(),
                part.restarts(),
                part.url()));
      }
      if (state.isDown() && !state.parts().isEmpty()) {
        terminal.print("these were left by a stack that was killed; 'gap down' ends them");
      }
      if (state.dashboard() != null) {
        terminal.print("dashboard " + state.dashboard());
      }
    }
    return state.isUp() ? ExitCode.OK : ExitCode.UNREACHABLE;
  }
}
