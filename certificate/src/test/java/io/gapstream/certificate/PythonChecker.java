package io.gapstream.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** {@code checker/gapcheck.py}, which shares no code with Gapstream. */
final class PythonChecker {

  private static final Path PROGRAM = CertificateFileTest.ROOT.resolve("checker/gapcheck.py");
  private static final long LIMIT_SECONDS = 300;

  private PythonChecker() {}

  /** Skips the test, and says why, where there is no such checker or no Python. */
  static void assumePresent() throws IOException, InterruptedException {
    assumeTrue(Files.isRegularFile(PROGRAM), "There is no " + PROGRAM + ".");
    assumeTrue(hasPython(), "There is no python3, 3.9 or newer.");
  }

  private static boolean hasPython() throws InterruptedException {
    try {
      return new ProcessBuilder("python3", "-c", "import sys; sys.exit(sys.version_info < (3, 9))")
              .redirectErrorStream(true)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * The verdicts on these files, of one process for all.
   *
   * @param folder of the files
   * @param options beside {@code --json}
   */
  static List<JsonNode> judge(Path folder, List<String> files, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("python3", PROGRAM.toString(), "--json"));
    command.addAll(List.of(options));
    command.addAll(files);
    List<JsonNode> answers = new ArrayList<>();
    for (String line : lines(folder, command)) {
      answers.add(new ObjectMapper().readTree(line));
    }
    assertThat(answers).hasSameSizeAs(files);
    return answers;
  }

  /**
   * The hashes of what it reads from CSV files, with a dash for one that it refuses.
   *
   * @param folder of the files
   * @param standardize whether the columns are standardised
   */
  static List<String> hashes(Path folder, List<String> files, String target, boolean standardize)
      throws IOException, InterruptedException {
    String program =
        String.join(
            "\n",
            "import csv, sys",
            "sys.path.insert(0, sys.argv[1])",
            "import gapcheck",
            "for name in sys.argv[4:]:",
            "    try:",
            "        data = gapcheck.read_csv(name, sys.argv[2], sys.argv[3] == 'true', False)",
            "        print(gapcheck.data_hash(*data))",
            "    except (ValueError, csv.Error):",
            "        print('-')");
    List<String> command =
        new ArrayList<>(
            List.of(
                "python3",
                "-c",
                program,
                Objects.requireNonNull(PROGRAM.getParent()).toString(),
                target,
                Boolean.toString(standardize)));
    command.addAll(files);
    return lines(folder, command);
  }

  private static List<String> lines(Path folder, List<String> command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile("gapcheck", ".out");
    Path err = Files.createTempFile("gapcheck", ".err");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
      process.destroyForcibly();
      assertThat(ended).as("gapcheck.py ends").isTrue();
      assertThat(Files.readString(err)).isEmpty();
      return Files.readAllLines(out);
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }
}
