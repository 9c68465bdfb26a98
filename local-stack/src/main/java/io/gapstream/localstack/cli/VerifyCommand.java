package io.gapstream.localstack.cli;

import com.fasterxml.jackson.core.io.NumberOutput;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gapstream.certificate.CertificateChecker;
import io.gapstream.certificate.Judgement;
import io.gapstream.certificate.Judgement.Conclusion;
import io.gapstream.contracts.CertificateFile;
import io.gapstream.contracts.CertificateFileJson;
import io.gapstream.contracts.CertificateFileJson.Reading;
import io.gapstream.contracts.MessageJson;
import io.gapstream.numerics.data.Data;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Judges certificate files by their evidence, here and without the stack. */
@Command(
    name = "verify",
    description = {
      "Check certificate files by their evidence alone, here and without the stack.",
      "A file that has only the hash of its data needs them: a CSV file, prepared as 'gap certify'"
          + " prepares it, or NumPy files of X and y, taken as they are."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  gap verify iris.gapcert.json",
      "  gap verify iris.gapcert.json --data iris.csv --target species",
      "  gap verify iris.gapcert.json --data X.npy --target y.npy",
      "  gap verify iris.gapcert.json --data data.npz --target y",
      "  gap verify *.gapcert.json --json",
      "",
      "Exit codes: 0 verified, 1 refuted, 2 bad usage or data, 6 inconclusive; of several files",
      "the worst, where refuted is worse than inconclusive"
    })
final class VerifyCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Parameters(paramLabel = "FILE", arity = "1..*", description = "The certificate files.")
  private List<Path> files = List.of();

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "The data: a CSV file, an NPY file of X, or an NPZ file of X and y.")
  private @Nullable Path data;

  @Option(
      names = "--target",
      paramLabel = "COLUMN|FILE",
      description =
          "The column to be learned from the others; with NPY the file of y, with NPZ the array.")
  private @Nullable String target;

  @Mixin private PreparationOptions preparation = new PreparationOptions();

  @Option(
      names = "--max-work",
      paramLabel = "W",
      converter = PositiveNumber.class,
      description = "Multiplications and additions that a file may take (default: 1e12).")
  private double maxWork = CertificateChecker.DEFAULT_MAX_WORK;

  @Option(names = "--json", description = "Print JSON, one line a file.")
  private boolean json;

  VerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if ((data == null) != (target == null)) {
      throw new CommandException(
          ExitCode.BAD_INPUT, "--data and --target belong together; give both, or neither.");
    }
    CertificateChecker checker =
        new CertificateChecker(
            data == null || target == null ? null : prepared(data, target), maxWork);
    files.forEach(file -> InputFile.read(file, () -> file)); // all are there before one is judged
    Conclusion worst = Conclusion.VERIFIED;
    for (Path file : files) {
      Conclusion conclusion = judge(checker, file);
      worst = conclusion.compareTo(worst) > 0 ? conclusion : worst;
    }
    return switch (worst) {
      case VERIFIED -> ExitCode.OK;
      case REFUTED -> ExitCode.FAILED;
      case INCONCLUSIVE -> ExitCode.INCONCLUSIVE;
    };
  }

  private Conclusion judge(CertificateChecker checker, Path file) {
    CertificateFile certificate = null;
    Judgement judgement;
    try {
      Reading reading = InputFile.read(file, () -> reading(file));
      certificate = reading instanceof Reading.Whole whole ? whole.certificate() : null;
      judgement = checker.judge(reading);
    } catch (OutOfMemoryError e) {
      judgement = CertificateChecker.outOfMemory();
    }
    if (json) {
      terminal.print(line(file, certificate, judgement));
    } else {
      print(file, certificate, judgement);
    }
    return judgement.conclusion();
  }

  private static Reading reading(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      long size = Files.size(file);
      return size > CertificateFile.MAX_BYTES
          ? CertificateFileJson.tooLarge(size)
          : CertificateFileJson.read(in.readNBytes((int) CertificateFile.MAX_BYTES + 1));
    }
  }

  /** Data from elsewhere, as 'gap certify' prepares them; those of NumPy files as they are. */
  private Data prepared(Path file, String wanted) {
    String kind = InputFile.name(file).toLowerCase(Locale.ROOT);
    return kind.endsWith(".npy") || kind.endsWith(".npz")
        ? NumpyData.read(file, wanted)
        : LearningProblem.read(file, wanted, preparation, NumpyData.LIMITS).prepared().data();
  }

  private void print(Path file, @Nullable CertificateFile certificate, Judgement judgement) {
    print("file", InputFile.name(file).replaceAll("\\p{C}", "?"));
    if (certificate != null) {
      print(
          "data",
          String.format(
              Locale.ROOT,
              "%d x %d, sha256 %s, %s",
              certificate.problem().n(),
              certificate.problem().d(),
              certificate.data().sha256(),
              certificate.data().x() != null
                  ? "in the file"
                  : data == null ? "not given" : "from " + InputFile.name(data)));
      print(
          "lower",
          shortest(certificate.lower().value())
              + "  "
              + certificate.lower().evidence().rung()
              + proved(judgement.lowerProved()));
      print(
          "upper",
          shortest(certificate.upper().value())
              + "  "
              + certificate.upper().network().m()
              + " neurons"
              + proved(judgement.upperProved()));
      Double ratio = certificate.ratio();
      print("ratio", ratio == null ? "-" : shortest(ratio));
    }
    print("verdict", judgement.conclusion().toString());
    if (judgement.reason() != null) {
      print("reason", judgement.reason());
    }
  }

  private void print(String name, String value) {
    terminal.print(String.format(Locale.ROOT, "%-10s %s", name, value));
  }

  private static String proved(boolean proved) {
    return proved ? ", proved" : ", not proved";
  }

  /** The shortest form that reads back as the same double, on every Java alike. */
  private static String shortest(double value) {
    return NumberOutput.toString(value, true);
  }

  private static String line(
      Path file, @Nullable CertificateFile certificate, Judgement judgement) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("file", file.toString());
    line.put("verdict", judgement.conclusion().toString());
    line.put("lower", certificate == null ? null : certificate.lower().value());
    line.put("upper", certificate == null ? null : certificate.upper().value());
    line.put("ratio", certificate == null ? null : certificate.ratio());
    line.put("rung", certificate == null ? null : certificate.lower().evidence().rung().jsonName());
    line.put("reason", judgement.reason());
    return new String(MessageJson.write(line), StandardCharsets.UTF_8);
  }
}
