package io.gapstream.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.ingest.BadTableException;
import io.gapstream.ingest.CsvTable;
import io.gapstream.ingest.SizeLimits;
import io.gapstream.numerics.data.ConstantColumnException;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.data.Prepared;
import io.gapstream.numerics.problem.DataHash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Data from elsewhere come from CSV files, which each checker reads with a parser of its own. Both
 * have to read the same numbers, to the last bit, or refuse the file: on tables with every kind of
 * name, space, number, quote and line end in them.
 */
@Timeout(120)
final class CsvAgreementTest {

  private static final int FILES = 3_000;
  private static final String TARGET = "y";

  private static final String[] NAMES = {
    "a",
    "b",
    "c",
    "",
    " ",
    "a",
    " a ",
    "\u00a0a",
    "y",
    "y\u00a0",
    "\"a\"",
    "\"a,b\"",
    "\"a\"\"b\"",
    "\"a\nb\"",
    "a\u0000",
    "a\u0085b",
    "gr\u00f6\u00dfe",
    "\ud83d\ude00",
    "1",
    "\u2003b\u3000",
    "a\"b"
  };

  private static final String[] VALUES = {
    "1",
    "-2.5",
    "+3",
    ".5",
    "7.",
    "1e3",
    "1E-400",
    "-0",
    "1e999",
    "",
    " 4",
    "4 ",
    "\t4",
    "\u00a04",
    "4\u2007",
    "\u20034",
    "\u30004",
    "\u20284",
    "\u001f4",
    "\u00854",
    "\"5\"",
    "\" 5\"",
    " \"5\"",
    "\"5",
    "5\"",
    "\"\"",
    "nan",
    "Infinity",
    "0x1p3",
    "1f",
    "1_0",
    "1,5",
    "\u0661",
    ".",
    "+",
    "--1",
    "1e",
    "e1",
    "1.2.3",
    "4.9e-324",
    "123456789012345678901234567890",
    "0.1",
    "\ufeff1"
  };

  private static final String[] ENDS = {
    "\n", "\n", "\n", "\r\n", "\r", "\n\n", "\n \n", "", "\u2028"
  };

  @Test
  void bothReadTheSameNumbersOrNone(@TempDir Path folder) throws IOException, InterruptedException {
    // Given
    PythonChecker.assumePresent();
    Random random = new Random(3);
    List<String> names = new ArrayList<>();
    for (int k = 0; k < FILES; k++) {
      names.add(k + ".csv");
      Files.write(folder.resolve(k + ".csv"), table(random));
    }
    for (boolean standardize : new boolean[] {false, true}) {

      // When
      List<String> others = PythonChecker.hashes(folder, names, TARGET, standardize);

      // Then
      List<String> differences = new ArrayList<>();
      int read = 0;
      for (int k = 0; k < FILES; k++) {
        String hash = hash(folder.resolve(names.get(k)), standardize);
        read += hash.equals("-") ? 0 : 1;
        if (!hash.equals(others.get(k))) {
          differences.add(
              hash
                  + " and "
                  + others.get(k)
                  + " for "
                  + Arrays.toString(Files.readAllBytes(folder.resolve(names.get(k))))
                  + new String(
                      Files.readAllBytes(folder.resolve(names.get(k))), StandardCharsets.UTF_8));
        }
      }
      assertThat(differences).isEmpty();
      assertThat(read).isBetween(FILES / 20, FILES / 2);
    }
  }

  /** As 'gap verify --data' reads a file; a dash where it refuses it. */
  private static String hash(Path file, boolean standardize) throws IOException {
    try {
      CsvTable.Split split = CsvTable.read(file, new SizeLimits(2_000_000, 500_000)).split(TARGET);
      if (Arrays.stream(split.y()).allMatch(value -> value == split.y()[0])) {
        return "-";
      }
      Data data =
          Prepared.of(new Data(split.n(), split.d(), split.x(), split.y()), standardize, false)
              .data();
      return DataHash.sha256(data.n(), data.d(), data.x(), data.y());
    } catch (BadTableException | ConstantColumnException e) {
      return "-";
    }
  }

  /** A small table, in which few things are out of the ordinary. */
  private static byte[] table(Random random) {
    double oddity = random.nextInt(3) == 0 ? 0.3 : 0.03;
    int width = 1 + random.nextInt(4);
    StringBuilder text = new StringBuilder(random.nextInt(8) == 0 ? "\ufeff" : "");
    int place = random.nextInt(width);
    int rows = random.nextInt(5);
    for (int i = 0; i <= rows; i++) {
      int fields = random.nextDouble() < oddity / 4 ? 1 + random.nextInt(5) : width;
      for (int k = 0; k < fields; k++) {
        boolean odd = random.nextDouble() < oddity;
        String field =
            i == 0
                ? odd ? any(NAMES, random) : k == place ? TARGET : Character.toString('a' + k)
                : odd ? any(VALUES, random) : Double.toString(random.nextGaussian());
        text.append(k == 0 ? "" : ",").append(field);
      }
      text.append(random.nextDouble() < oddity ? any(ENDS, random) : "\n");
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(40) == 0 && bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static String any(String[] choices, Random random) {
    return choices[random.nextInt(choices.length)];
  }
}
