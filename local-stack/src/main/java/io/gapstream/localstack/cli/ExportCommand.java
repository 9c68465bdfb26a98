package io.gapstream.localstack.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a part of a certificate to a file. */
@Command(
    name = "export",
    description = {
      "Write a part of a certificate to a file that other programs read, and print its name.",
      "network.onnx, network.npz: the network of the upper bound. dual.npy: the dual vector of the"
          + " lower bound. X.npy, y.npy: the data that both are about."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gap export 5f0c9d1e2b3a48576c7d8e9fa0b1c2d3 network.onnx",
      "  gap export 5f0c9d1e2b3a48576c7d8e9fa0b1c2d3 X.npy -o features.npy"
    })
final class ExportCommand implements Callable<Integer> {

  private final Terminal terminal;
  private final Stacks stacks;

  @Parameters(
      index = "0",
      paramLabel = "ID",
      description = "The experiment's id: 32 hexadecimal digits.")
  private String experimentId = "";

  @Parameters(index = "1", paramLabel = "PART", description = "One of: ${COMPLETION-CANDIDATES}.")
  private CertificatePart part = CertificatePart.NETWORK_ONNX;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The file to write or to replace (default: ID-PART in this folder).")
  private @Nullable Path output;

  ExportCommand(Terminal terminal, Stacks stacks) {
    this.terminal = terminal;
    this.stacks = stacks;
  }

  @Override
  public Integer call() {
    if (output != null) {
      OutputFile.checkWritable(output);
    }
    try (Stacks.Services services = StoredCertificates.open(stacks)) {
      byte[] content = new Api(services, terminal).certificatePart(experimentId, part);
      Path file = output == null ? Path.of(experimentId + "-" + part) : output;
      OutputFile.write(file, content);
      terminal.print(file.toString());
      return ExitCode.OK;
    }
  }
}
