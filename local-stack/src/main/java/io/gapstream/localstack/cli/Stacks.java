package io.gapstream.localstack.cli;

import io.gapstream.localstack.AlreadyRunningException;
import io.gapstream.localstack.Home;
import io.gapstream.localstack.SharedStack;
import io.gapstream.localstack.StackState;
import io.gapstream.localstack.Supervisor;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the services that a command talks to, and starts a stack where a command may. */
final class Stacks {

  private static final String RESULTS_VARIABLE = "GAP_RESULTS_URL";
  private static final String GENERATOR_VARIABLE = "GAP_DATA_GENERATOR_URL";

  /** How long to wait for a stack that somebody else starts or stops at this moment. */
  private static final Duration OTHERS_LIMIT = Duration.ofSeconds(180);

  private final Terminal terminal;
  private final Map<String, String> environment;

  Stacks(Terminal terminal, Map<String, String> environment) {
    this.terminal = terminal;
    this.environment = environment;
  }

  /**
   * The services to talk to.
   *
   * @param results where results-service answers
   * @param generator where data-generator answers
   * @param temporary whether the stack runs only for the calls that use it
   * @param atEnd what to do when the command needs them no longer
   */
  record Services(URI results, URI generator, boolean temporary, Runnable atEnd)
      implements AutoCloseable {

    String dashboard() {
      return results + "/";
    }

    @Override
    public void close() {
      atEnd.run();
    }
  }

  /** The folder of the stack. */
  Home home() {
    return Home.from(environment);
  }

  /** The services of the environment, or of the stack that runs. */
  Services running() {
    Services named = named();
    if (named != null) {
      return named;
    }
    StackState state = StackState.read(home());
    Services found = services(state, false, () -> {});
    if (found == null) {
      throw new CommandException(
          ExitCode.UNREACHABLE,
          "No stack runs in "
              + state.home()
              + " (it is "
              + state.state()
              + "). Start it with 'gap up', or name other services in "
              + RESULTS_VARIABLE
              + " and "
              + GENERATOR_VARIABLE
              + ".");
    }
    return found;
  }

  /**
   * The services of the environment or of the stack that runs; else of a stack that is started now,
   * serves other calls too, and is stopped by the last of them that closes its services.
   */
  Services runningOrStarted() {
    Services named = named();
    if (named != null) {
      return named;
    }
    SharedStack share = SharedStack.use(home(), OTHERS_LIMIT);
    try {
      return runningOrStarted(home(), share);
    } catch (RuntimeException e) {
      share.close();
      throw e;
    }
  }

  private Services runningOrStarted(Home home, SharedStack share) {
    long deadline = System.nanoTime() + OTHERS_LIMIT.toNanos();
    while (true) {
      StackState state = StackState.read(home);
      Services found = services(state, share.isTemporary(), share::close);
      if (found != null) {
        return found;
      }
      if (state.isDown()) {
        terminal.progress("Starting the stack in " + home.folder());
        try {
          share.start(terminal::progress);
          continue;
        } catch (AlreadyRunningException e) {
          // Somebody was faster; their stack will do.
          terminal.progress("Waiting for the stack that another call starts");
        }
      }
      if (System.nanoTime() > deadline) {
        throw new CommandException(
            ExitCode.UNREACHABLE,
            "The stack in "
                + home.folder()
                + " is "
                + state.state()
                + " since "
                + OTHERS_LIMIT.toSeconds()
                + " s. See "
                + home.logs());
      }
      Waiting.pause(Duration.ofMillis(250));
    }
  }

  /** Starts a stack; refuses if one runs. */
  Services started(Home home) {
    terminal.progress("Starting the stack in " + home.folder());
    Supervisor supervisor = Supervisor.start(home, terminal::progress, Clock.systemUTC());
    Services started = services(supervisor.state(), false, supervisor::close);
    if (started == null) {
      supervisor.close();
      throw new CommandException(
          ExitCode.FAILED,
          "A part of the stack died as soon as it had started. See " + home.logs());
    }
    return started;
  }

  private @Nullable Services named() {
    String results = environment.get(RESULTS_VARIABLE);
    String generator = environment.get(GENERATOR_VARIABLE);
    if (results == null && generator == null) {
      return null;
    }
    if (results == null || generator == null) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "Set both " + RESULTS_VARIABLE + " and " + GENERATOR_VARIABLE + ", or neither.");
    }
    return new Services(
        url(RESULTS_VARIABLE, results), url(GENERATOR_VARIABLE, generator), false, () -> {});
  }

  private static URI url(String variable, String text) {
    try {
      URI url = URI.create(text.replaceAll("/+$", ""));
      if (("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
          && url.getHost() != null) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // Told below, with what is wanted.
    }
    throw new CommandException(
        ExitCode.BAD_INPUT,
        variable + " is '" + text + "', not an address such as http://host:8080");
  }

  private static @Nullable Services services(StackState state, boolean temporary, Runnable atEnd) {
    if (!state.answers()) {
      return null;
    }
    URI results = state.results().orElse(null);
    URI generator = state.generator().orElse(null);
    return results == null || generator == null
        ? null
        : new Services(results, generator, temporary, atEnd);
  }
}
