package io.gapstream.localstack.cli;

import io.gapstream.localstack.SameEverywhere;
import io.gapstream.localstack.StackException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code gap} command. */
@Command(
    name = "gap",
    mixinStandardHelpOptions = true,
    version = "gap 0.1.0",
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    description = "Proves how good the best two-layer ReLU network on your data can be.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  gap certify iris.csv --target species",
      "  gap solve --program gated --data iris.csv --target species",
      "  gap demo",
      "  gap verify iris.gapcert.json",
      "  gap COMMAND --help",
      "",
      "Environment:",
      "  GAP_HOME             the stack's folder (default: .gap in the project)",
      "  GAP_RESULTS_URL, GAP_DATA_GENERATOR_URL",
      "                       use these services and start no stack",
      "",
      "Exit codes: 0 ok, 1 refuted or failed, 2 bad usage or input, 3 not found,",
      "5 unreachable or timed out, 6 not certified or not solved within the budget"
    })
public final class Gap implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  private Gap() {}

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    SameEverywhere.set();
    Terminal terminal =
        new Terminal(
            writer(FileDescriptor.out),
            writer(FileDescriptor.err),
            Boolean.getBoolean("gap.stdout.terminal"),
            Boolean.getBoolean("gap.stderr.terminal"));
    System.exit(run(Arguments.asGiven(args), terminal, System.getenv()));
  }

  /**
   * Runs a command.
   *
   * @param args the command line
   * @param terminal takes what it writes
   * @param environment the environment variables
   * @return the exit code
   */
  static int run(String[] args, Terminal terminal, Map<String, String> environment) {
    Stacks stacks = new Stacks(terminal, environment);
    CommandLine line =
        new CommandLine(new Gap())
            .addSubcommand(new UpCommand(terminal, stacks))
            .addSubcommand(new DownCommand(terminal, stacks))
            .addSubcommand(new StatusCommand(terminal, stacks))
            .addSubcommand(new DemoCommand(terminal, stacks))
            .addSubcommand(new CertifyCommand(terminal, stacks))
            .addSubcommand(new SolveCommand(terminal))
            .addSubcommand(new ListCommand(terminal, stacks))
            .addSubcommand(new ShowCommand(terminal, stacks))
            .addSubcommand(new ExportCommand(terminal, stacks))
            .addSubcommand(new ExportCertificateCommand(terminal, stacks))
            .addSubcommand(new VerifyCommand(terminal))
            .registerConverter(Path.class, Gap::path)
            .setOut(terminal.out())
            .setErr(terminal.err())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(
                (e, given) -> {
                  terminal.error(
                      e.getMessage()
                          + " Try '"
                          + e.getCommandLine().getCommandSpec().qualifiedName()
                          + " --help'.");
                  return ExitCode.BAD_INPUT;
                })
            .setExecutionExceptionHandler((e, command, parsed) -> explain(e, terminal));
    return line.execute(args);
  }

  @Override
  public void run() {
    if (spec != null) {
      throw new CommandLine.ParameterException(spec.commandLine(), "Name a command.");
    }
  }

  private static int explain(Exception e, Terminal terminal) {
    if (e instanceof CommandException known) {
      terminal.error(String.valueOf(known.getMessage()));
      return known.exitCode();
    }
    if (e instanceof StackException known) {
      terminal.error(String.valueOf(known.getMessage()));
      return ExitCode.FAILED;
    }
    if (e instanceof InvalidPathException known) {
      terminal.error(
          "'"
              + known.getInput()
              + "' cannot be the name of a file here: "
              + known.getReason()
              + ". Choose another name, or set LC_ALL to C.UTF-8.");
      return ExitCode.BAD_INPUT;
    }
    terminal.error("This should not have happened; please report it.");
    e.printStackTrace(terminal.err());
    terminal.err().flush();
    return ExitCode.FAILED;
  }

  private static Path path(String word) {
    try {
      return Arguments.path(word);
    } catch (CommandException e) {
      throw new CommandLine.TypeConversionException(String.valueOf(e.getMessage()));
    }
  }

  private static PrintWriter writer(FileDescriptor stream) {
    String encoding = System.getProperty("sun.stdout.encoding");
    Charset charset = encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding);
    return new PrintWriter(new OutputStreamWriter(new FileOutputStream(stream), charset), true);
  }
}
