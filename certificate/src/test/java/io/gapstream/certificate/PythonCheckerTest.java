package io.gapstream.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PythonCheckerTest {

  private static final long LIMIT_SECONDS = 300;

  @Test
  void passesItsOwnTests() throws IOException, InterruptedException {
    // Given
    PythonChecker.assumePresent();
    Path output = Files.createTempFile("gapcheck-tests", ".out");
    ProcessBuilder tests =
        new ProcessBuilder("python3", "-B", "-m", "unittest", "discover", "checker")
            .directory(CertificateFileTest.ROOT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());

    // When
    Process process = tests.start();
    boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();

    // Then
    assertThat(ended).as("the tests of gapcheck.py end").isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    assertThat(Files.readString(output)).containsPattern("Ran [1-9][0-9]+ tests");
    Files.delete(output);
  }
}
