package io.gapstream.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gapstream.certificate.Judgement.Conclusion;
import io.gapstream.contracts.CertificateFile;
import io.gapstream.contracts.CertificateFileJson;
import io.gapstream.contracts.CertificateFileJson.Reading;
import io.gapstream.numerics.exact.ExactSolution;
import io.gapstream.numerics.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred thousand damaged files. None may end in anything but a judgement, and none may have a
 * false claim verified. Whether a claim is false is decided by an interval for {@code p*} that is
 * far tighter than that of the files: it was proved for the honest problem, and is proved anew for
 * every other problem that a file poses and has verified.
 */
final class FuzzTest {

  private static final int FILES = 100_000;
  private static final int FILES_FOR_BOTH = 3_000;
  private static final double TIGHT = 1e-7;
  private static final double MAX_WORK = 1e9;

  private static final Pattern BASE64 = Pattern.compile("\"(?:data|tree)\":\"([^\"]*)\"");
  private static final Pattern NUMBER = Pattern.compile("[:\\[,](-?[0-9][0-9.eE+-]*)");
  private static final String[] NUMBERS = {
    "0", "-0", "1", "-1", "0.5", "1e-320", "1e308", "1e999", "4294967296", "9007199254740993", "NaN"
  };
  private static final String JSON_BYTES = "{}[]\",:\\0123456789eE+-.truefalsnd \n=/";

  private static final List<Seed> SEEDS = new ArrayList<>();

  private final CertificateChecker checker = new CertificateChecker(null, MAX_WORK);

  /** An honest file and what is known about its problem. */
  private record Seed(byte[] file, Problem problem, double least, double most) {}

  @BeforeAll
  static void makeSeeds() {
    for (int k = 0; k < 5; k++) {
      Problem problem = Honest.problem(6 + k, 2 + k % 2, 50 + k, 1, 1, 0.1);
      ExactSolution known = Honest.solve(problem, TIGHT);
      for (CertificateFile file : Honest.certificates(problem, 0.03)) {
        SEEDS.add(
            new Seed(
                CertificateFileJson.write(file),
                problem,
                known.lower().value(),
                known.upper().value()));
      }
    }
  }

  @Test
  @Timeout(180)
  void neverCrashesAndNeverVerifiesWhatIsFalse() {
    // Given
    Random random = new Random(1);
    int[] verdicts = new int[Conclusion.values().length];
    int checked = 0;

    // When
    for (int k = 0; k < FILES; k++) {
      Seed seed = SEEDS.get(random.nextInt(SEEDS.size()));
      byte[] file = damaged(seed.file(), SEEDS, random);
      Reading reading = CertificateFileJson.read(file);
      Conclusion conclusion = checker.judge(reading).conclusion();
      verdicts[conclusion.ordinal()]++;

      // Then
      if (conclusion == Conclusion.VERIFIED) {
        CertificateFile claimed = ((Reading.Whole) reading).certificate();
        checked += requireTrue(claimed, seed, file);
      }
    }
    assertThat(verdicts[Conclusion.VERIFIED.ordinal()]).isBetween(100, FILES / 2);
    assertThat(verdicts[Conclusion.REFUTED.ordinal()]).isGreaterThan(FILES / 2);
    assertThat(checked).isPositive();
  }

  /** Exact arithmetic can be sharper than bounds on rounding errors, and never the other way. */
  @Test
  @Timeout(180)
  void exactArithmeticVerifiesWhateverTheVerifierDoesAndNothingFalse(@TempDir Path folder)
      throws IOException, InterruptedException {
    // Given
    PythonChecker.assumePresent();
    Random random = new Random(2);
    List<Seed> damagedSeeds = new ArrayList<>();
    List<byte[]> files = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int k = 0; k < FILES_FOR_BOTH; k++) {
      Seed seed = SEEDS.get(random.nextInt(SEEDS.size()));
      byte[] file = damaged(seed.file(), SEEDS, random);
      damagedSeeds.add(seed);
      files.add(file);
      names.add(k + ".json");
      Files.write(folder.resolve(names.get(k)), file);
    }

    // When
    List<JsonNode> answers = PythonChecker.judge(folder, names);

    // Then
    int verified = 0;
    for (int k = 0; k < files.size(); k++) {
      Reading reading = CertificateFileJson.read(files.get(k));
      Judgement judgement = checker.judge(reading);
      String other = answers.get(k).path("verdict").asText();
      if (judgement.conclusion() != Conclusion.REFUTED) {
        assertThat(other).as("%s", answers.get(k)).isEqualTo(judgement.conclusion().toString());
      }
      if (other.equals("verified")) {
        verified++;
        requireTrue(((Reading.Whole) reading).certificate(), damagedSeeds.get(k), files.get(k));
      }
    }
    assertThat(verified).isBetween(FILES_FOR_BOTH / 100, FILES_FOR_BOTH / 2);
  }

  /** 1 if another problem than the seed's had to be solved for it. */
  private static int requireTrue(CertificateFile claimed, Seed seed, byte[] file) {
    Problem problem = Honest.problem(claimed);
    double least = seed.least();
    double most = seed.most();
    boolean other =
        problem.beta() != seed.problem().beta()
            || !Arrays.equals(problem.x(), seed.problem().x())
            || !Arrays.equals(problem.y(), seed.problem().y());
    if (other) {
      ExactSolution known = Honest.solve(problem, TIGHT);
      least = known.lower().value();
      most = known.upper().value();
    }
    assertThat(claimed.lower().value())
        .as(() -> new String(file, StandardCharsets.UTF_8))
        .isLessThanOrEqualTo(most);
    assertThat(claimed.upper().value())
        .as(() -> new String(file, StandardCharsets.UTF_8))
        .isGreaterThanOrEqualTo(least);
    return other ? 1 : 0;
  }

  private static byte[] damaged(byte[] honest, List<Seed> seeds, Random random) {
    byte[] file = honest;
    int times = 1 + random.nextInt(random.nextInt(4) + 1);
    for (int k = 0; k < times; k++) {
      file =
          switch (random.nextInt(9)) {
            case 0 -> bytesChanged(file, random);
            case 1 -> cut(file, random);
            case 2 -> spliced(file, seeds.get(random.nextInt(seeds.size())).file(), random);
            case 3 -> repeated(file, random);
            case 4, 5 -> numberChanged(file, random);
            default -> base64Changed(file, random);
          };
    }
    return file;
  }

  private static byte[] bytesChanged(byte[] file, Random random) {
    byte[] result = file.clone();
    for (int k = random.nextInt(4); k >= 0 && result.length > 0; k--) {
      int at = random.nextInt(result.length);
      result[at] =
          switch (random.nextInt(3)) {
            case 0 -> (byte) (result[at] ^ 1 << random.nextInt(8));
            case 1 -> (byte) JSON_BYTES.charAt(random.nextInt(JSON_BYTES.length()));
            default -> (byte) random.nextInt(256);
          };
    }
    return result;
  }

  private static byte[] cut(byte[] file, Random random) {
    if (random.nextBoolean() || file.length < 2) {
      return Arrays.copyOf(file, random.nextInt(file.length + 1));
    }
    int from = random.nextInt(file.length);
    int to = from + random.nextInt(Math.min(200, file.length - from));
    return joined(Arrays.copyOf(file, from), Arrays.copyOfRange(file, to, file.length));
  }

  /** The beginning of one file and the end of another. */
  private static byte[] spliced(byte[] file, byte[] other, Random random) {
    int from = random.nextInt(file.length + 1);
    int to = random.nextBoolean() ? Math.min(from, other.length) : random.nextInt(other.length + 1);
    return joined(Arrays.copyOf(file, from), Arrays.copyOfRange(other, to, other.length));
  }

  private static byte[] repeated(byte[] file, Random random) {
    int from = random.nextInt(file.length + 1);
    int to = from + random.nextInt(Math.min(300, file.length - from) + 1);
    return joined(Arrays.copyOf(file, to), Arrays.copyOfRange(file, from, file.length));
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] result = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, result, first.length, second.length);
    return result;
  }

  /** One number of the JSON, a claim for example, replaced by another or moved a little. */
  private static byte[] numberChanged(byte[] file, Random random) {
    String json = new String(file, StandardCharsets.ISO_8859_1);
    Matcher number = any(NUMBER.matcher(json), random);
    if (number == null) {
      return file;
    }
    String changed = NUMBERS[random.nextInt(NUMBERS.length)];
    if (random.nextInt(3) > 0) {
      try {
        double value = Double.parseDouble(number.group(1));
        changed =
            Double.toString(
                switch (random.nextInt(4)) {
                  case 0 -> Math.nextUp(value);
                  case 1 -> Math.nextDown(value);
                  case 2 -> -value;
                  default -> value * (1 + 0.2 * random.nextGaussian());
                });
      } catch (NumberFormatException e) {
        // Damaged before; the number from the table does.
      }
    }
    return replaced(json, number, changed);
  }

  /** One array or tree, with its bytes changed and the base64 in order. */
  private static byte[] base64Changed(byte[] file, Random random) {
    String json = new String(file, StandardCharsets.ISO_8859_1);
    Matcher text = any(BASE64.matcher(json), random);
    if (text == null) {
      return file;
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text.group(1));
    } catch (IllegalArgumentException e) {
      return file;
    }
    for (int k = random.nextInt(3); k >= 0 && bytes.length > 0; k--) {
      int at = random.nextInt(bytes.length);
      bytes[at] = (byte) (bytes[at] ^ 1 << random.nextInt(8));
    }
    if (random.nextInt(8) == 0) {
      bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 9));
    }
    return replaced(json, text, Base64.getEncoder().encodeToString(bytes));
  }

  /** One of the places that a pattern finds. */
  private static @Nullable Matcher any(Matcher matcher, Random random) {
    int found = 0;
    while (matcher.find()) {
      found++;
    }
    if (found == 0) {
      return null;
    }
    matcher.reset();
    for (int k = random.nextInt(found); k >= 0; k--) {
      matcher.find();
    }
    return matcher;
  }

  private static byte[] replaced(String json, Matcher place, String text) {
    return (json.substring(0, place.start(1)) + text + json.substring(place.end(1)))
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
