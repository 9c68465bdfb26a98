package io.gapstream.localstack.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a certificate with all its evidence to a file. */
@Command(
    name = "export-certificate",
    description = {
      "Write a certificate with all its evidence to a file that anyone can check.",
      "Without --with-data the file has only the hash of the data."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gap export-certificate 5f0c9d1e2b3a48576c7d8e9fa0b1c2d3 -o iris.gapcert.json",
      "  gap export-certificate 5f0c9d1e2b3a48576c7d8e9fa0b1c2d3 --with-data > iris.gapcert.json"
    })
final class ExportCertificateCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Stacks stacks;

  @Parameters(paramLabel = "ID", description = "The experiment's id: 32 hexadecimal digits.")
  private String experimentId = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The file to write (default: standard output).")
  private @Nullable Path output;

  @Option(names = "--with-data", description = "Put the data into the file.")
  private boolean withData;

  ExportCertificateCommand(Terminal terminal, Stacks stacks) {
    this.terminal = terminal;
    this.stacks = stacks;
  }

  @Override
  public Integer call() {
    if (output != null) {
      OutputFile.checkWritable(output);
    }
    try (Stacks.Services services = StoredCertificates.open(stacks)) {
      byte[] file = new Api(services, terminal).certificateFile(experimentId, withData);
      if (output == null) {
        terminal.out().print(new String(file, StandardCharsets.US_ASCII));
        terminal.out().flush();
      } else {
        OutputFile.write(output, file);
      }
      return ExitCode.OK;
    }
  }
}
