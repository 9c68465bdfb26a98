package io.gapstream.localstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command line in a locale that has no other letters than those of ASCII. */
@Timeout(60)
final class ArgumentsTest {

  @Test
  @EnabledOnOs(OS.LINUX)
  void findsATargetOfAnyScriptInTheLocaleC(@TempDir Path folder)
      throws IOException, InterruptedException {
    // Given
    Path csv =
        Files.writeString(
            folder.resolve("utf8.csv"), "a,Gr\u00F6\u00DFe \u00B5\n1,2\n2,1\n-1,3\n-2,-1\n0,4\n");

    // When
    ProcessBuilder call =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "io.gapstream.localstack.cli.Gap",
            "solve",
            "--program",
            "gated",
            "--data",
            csv.toString(),
            "--target",
            "Gr\u00F6\u00DFe \u00B5");
    call.environment().put("LC_ALL", "C");
    Path output = folder.resolve("output");
    call.redirectErrorStream(true).redirectOutput(output.toFile());
    Process process = call.start();

    // Then
    assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(output)).contains("target Gr\u00F6\u00DFe \u00B5");
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void takesTheBytesOnlyWhereTheyAreTheseWords() {
    // Given
    byte[] line = bytes("java\0-cp\0x\0Gap\0--target\0Gr\u00F6\u00DFe\0");

    // Then
    assertThat(List.of(Arguments.asGiven(new String[] {"--target", "Gr????e"}, line)))
        .containsExactly("--target", "Gr\u00F6\u00DFe");
    assertThat(List.of(Arguments.asGiven(new String[] {"--target", "\uFFFD\uFFFDx"}, line)))
        .containsExactly("--target", "\uFFFD\uFFFDx");
    assertThat(List.of(Arguments.asGiven(new String[] {"a?"}, null))).containsExactly("a?");
    assertThat(
            List.of(
                Arguments.asGiven(
                    new String[] {"Gr?"}, "Gap\0Gr\u00F6\0".getBytes(StandardCharsets.ISO_8859_1))))
        .containsExactly("Gr?");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
