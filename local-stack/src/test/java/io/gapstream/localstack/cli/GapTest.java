package io.gapstream.localstack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The oracle is docs/cli.md: the exit codes and the words that a message must hold are written out
 * here by hand. Whether something was started or stored shows in the stack's folder.
 */
@Timeout(60)
final class GapTest {

  private static final int A_GIGABYTE = 1_000_000_000;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a,b;1,2;3,4         | price | `'price'`
          a,y;1,2;x,4         | y     | `bad.csv, line 3, column 'a'`
          ``                  | y     | `bad.csv`
          a,y                 | y     | `bad.csv`
          a,y;1,2;3           | y     | `bad.csv, line 3`
          a,y;1,2;NaN,4       | y     | `bad.csv, line 3, column 'a'`
          a,y;1,2;3,Infinity  | y     | `bad.csv, line 3, column 'y'`
          a,y;1,2             | y     | `bad.csv`
          a,y;1,7;2,7;3,7     | y     | `column 'y'`
          a,c,y;0,14.62,1;1,14.620000000000001,2;2,14.62,4 | y | `column 'c': it is nearly constant: its values, from 14.62 to 14.620000000000001`
          a,c,y;0,5,1;1,5,2;2,5,4 | y | `column 'c': every value is 5.0`
          id,y;9007199254740993,1;9007199254740992,2 | y | `column 'id': its values are integers above 2^53`
          a,y;1,9007199254740993;2,9007199254740992 | y | `column 'y': its values are integers above 2^53`
          5.1,3.5,0;4.9,3.0,0;6.2,3.4,2 | 0 | `give --no-header if it is a row, --header if it holds names`
          a,y;1e300,1;2,2;3,4 | y --no-standardize | `bad.csv cannot be certified: X has the root mean square`
          a,y;1e300,1e300;2,2;3,4 | y --no-standardize | `betaMax overflows`
          a,y;1,1;2,2;3,4     | y --beta 1e-320 | `bad.csv cannot be certified: beta is`
          a,y;1,1;2,2;3,4     | y --beta-fraction 1e-305 | `bad.csv cannot be certified: beta is`
          0,1;1,2;2,3;3,5     | 7 | `there is no column '7'`
          a,y;1,1;2,2;3,4     | y --header --no-header | `--header`
          a,y;1,1;2,2;3,4     | y --with-data | `--with-data is about the file of --output`
          a,y;1,1;2,2;3,4     | y -o nowhere/at/all.json | `--output nowhere/at/all.json`
          """)
  void refusesABadFileAndStartsNothing(
      String content, String target, String words, @TempDir Path folder) throws IOException {
    // Given
    Path file = folder.resolve("bad.csv");
    Files.writeString(file, content.replace(';', '\n'));
    Path home = folder.resolve("home");

    // When
    String[] args = ("certify " + file + " --target " + target).split(" ");
    Call outcome = Call.gap(home, args);

    // Then
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).startsWith("gap: ").contains(words);
    assertThat(outcome.err().lines()).hasSize(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(home).doesNotExist();
  }

  @Test
  void refusesAFileThatIsNotText(@TempDir Path folder) throws IOException {
    // Given
    Path file = folder.resolve("image.csv");
    Files.write(file, new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, (byte) 0xff});

    // When
    Call outcome = Call.gap(folder.resolve("home"), "certify", file.toString(), "--target", "y");

    // Then
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("image.csv");
  }

  @Test
  void refusesALineOfAGigabyteWithoutHoldingIt(@TempDir Path folder) throws IOException {
    // Given
    Path file = folder.resolve("long.csv");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.write("a,y\n1,".getBytes(StandardCharsets.US_ASCII));
      byte[] digits = "1".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
      sparse.write(digits);
      // The rest are zero bytes, which take no room on the disk.
      sparse.setLength(A_GIGABYTE);
    }

    // When
    Call outcome = Call.gap(folder.resolve("home"), "certify", file.toString(), "--target", "y");

    // Then
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("long.csv, line 2");
    assertThat(outcome.err().length()).isLessThan(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "NaN", "Infinity", "much"})
  void refusesAPenaltyThatIsNotAboveZero(String beta, @TempDir Path folder) throws IOException {
    // Given
    Path file = goodFile(folder);

    // When
    Call outcome =
        Call.gap(
            folder.resolve("home"), "certify", file.toString(), "--target", "y", "--beta", beta);

    // Then
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("--beta").contains(beta);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "-3s", "25h", "soon", "3 weeks"})
  void refusesABudgetThatIsNoTime(String budget, @TempDir Path folder) throws IOException {
    // Given
    Path file = goodFile(folder);

    // When
    Call outcome =
        Call.gap(
            folder.resolve("home"),
            "certify",
            file.toString(),
            "--target",
            "y",
            "--budget",
            budget);

    // Then
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("'" + budget + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "frobnicate",
        "certify",
        "certify nowhere.csv --target y",
        "certify nowhere.csv",
        "certify . --target y",
        "certify x.csv --target y --beta 1 --beta-fraction 0.1",
        "show",
        "export",
        "export 0123",
        "export 0123 Z.npy",
        "list --limit many",
        "status --frob"
      })
  void refusesACommandLineThatItDoesNotUnderstand(String line, @TempDir Path folder) {
    // Given
    String[] args = line.isEmpty() ? new String[0] : line.split(" ");

    // When
    Call outcome = Call.gap(folder, args);

    // Then
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).startsWith("gap: ");
  }

  @Test
  void showsThatNoStackRuns(@TempDir Path folder) throws IOException {
    // Given
    Path home = folder.resolve("home");

    // When
    Call outcome = Call.gap(home, "status", "--json");

    // Then
    assertThat(outcome.exitCode()).isEqualTo(5);
    JsonNode status = new ObjectMapper().readTree(outcome.out());
    List<String> names = new ArrayList<>();
    status.fieldNames().forEachRemaining(names::add);
    assertThat(names).containsExactly("state", "home", "parts");
    assertThat(status.path("state").textValue()).isEqualTo("down");
    assertThat(status.path("home").textValue()).isEqualTo(home.toString());
    assertThat(status.path("parts")).isEmpty();
    assertThat(home).doesNotExist();
  }

  @Test
  void saysThatThereIsNothingToStop(@TempDir Path folder) {
    // Given
    Path home = folder.resolve("home");

    // When
    Call outcome = Call.gap(home, "down");

    // Then
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).contains("No stack was running");
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 246, 250})
  void refusesAFileNameThatNoMessageBears(int length, @TempDir Path folder) throws IOException {
    // Given
    Path file = folder.resolve("x".repeat(length) + ".csv");
    Files.writeString(file, "a,y\n1,2\n3,4\n5,1\n");
    Path home = folder.resolve("home");

    // When
    Call outcome = Call.gap(home, "certify", file.toString(), "--target", "y");

    // Then
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("has " + (length + 4) + " characters; at most 200");
    assertThat(home).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "show 0123", "export 0123 X.npy", "export-certificate 0123"})
  void startsNoStackWhereNothingWasEverStored(String line, @TempDir Path folder) {
    // Given
    Path home = folder.resolve("home");

    // When
    Call outcome = Call.gap(home, line.split(" "));

    // Then
    assertThat(outcome.exitCode()).isEqualTo(5);
    assertThat(outcome.err()).contains("nothing was ever stored there").contains("gap up");
    assertThat(home).doesNotExist();
  }

  @Test
  void namesAServiceThatDoesNotAnswer(@TempDir Path folder) throws IOException {
    // Given
    int port;
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress("127.0.0.1", 0));
      port = socket.getLocalPort();
    }
    String url = "http://127.0.0.1:" + port;
    Map<String, String> environment = Map.of("GAP_RESULTS_URL", url, "GAP_DATA_GENERATOR_URL", url);

    // When
    Call outcome =
        Call.gap(environment, false, "certify", goodFile(folder).toString(), "--target", "y");

    // Then
    assertThat(outcome.exitCode()).isEqualTo(5);
    assertThat(outcome.err()).contains(url);
  }

  @Test
  void refusesAServiceAddressThatIsNone(@TempDir Path folder) {
    // Given
    Map<String, String> environment =
        Map.of("GAP_RESULTS_URL", "localhost", "GAP_DATA_GENERATOR_URL", "localhost");

    // When
    Call outcome = Call.gap(environment, false, "list");

    // Then
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("'localhost'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "up", "down", "status", "demo", "certify", "solve", "list", "show", "export"})
  void givesAnExampleInTheHelpOfEveryCommand(String command, @TempDir Path folder) {
    // Given
    String[] args = command.isEmpty() ? new String[] {"--help"} : new String[] {command, "--help"};

    // When
    Call outcome = Call.gap(folder, args);

    // Then
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.out()).contains("Examples:").contains("  gap " + command);
  }

  private static Path goodFile(Path folder) throws IOException {
    Path file = folder.resolve("good.csv");
    Files.writeString(file, "a,y\n1,2\n3,4\n5,1\n");
    return file;
  }
}
