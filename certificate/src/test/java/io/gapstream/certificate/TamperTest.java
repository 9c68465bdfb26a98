package io.gapstream.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gapstream.certificate.Judgement.Conclusion;
import io.gapstream.contracts.CertificateFile;
import io.gapstream.contracts.CertificateFileJson;
import io.gapstream.contracts.Rung;
import io.gapstream.numerics.problem.DataHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Honest certificates of every rung, each spoilt in one way. What a spoilt file is to be called,
 * and why, is written out beside it; where a number decides, it was computed exactly, by {@link
 * Exactly}. Both checkers have to agree.
 */
@Timeout(120)
final class TamperTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Enough for an honest file here, and soon spent. */
  private static final double MAX_WORK = 1e10;

  /**
   * A spoilt file.
   *
   * @param name what was done to it
   * @param expected the verdict
   * @param reason a part of the reason, as a regular expression
   */
  record Spoilt(String name, byte[] file, Conclusion expected, String reason) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Spoilt> CORPUS = new ArrayList<>();

  @BeforeAll
  static void spoil() {
    List<CertificateFile> honest = Honest.ofEveryRung(12, 3, 1, 1e-3);
    List<CertificateFile> others = Honest.ofEveryRung(12, 3, 1000, 1e-3);
    assertThat(honest.stream().map(file -> file.lower().evidence().rung()).distinct())
        .containsExactlyInAnyOrder(Rung.values());
    for (CertificateFile file : honest) {
      spoilClaims(file);
      spoilEvidence(file, others);
    }
    CertificateFile cone = of(honest, Rung.CONE_BNB);
    spoilTree(cone);
    spoilQuadratic(of(honest, Rung.QUADRATIC));
    spoilPairs(of(honest, Rung.PAIRS));
    spoilQuartic(of(honest, Rung.QUARTIC));
    spoilStructure(cone);
    spoilText(cone);
    spoilArrays(cone);
    leaveOpen(cone);
  }

  static Stream<Spoilt> corpus() {
    return CORPUS.stream();
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void isCalledWhatItIs(Spoilt spoilt) {
    // When
    Judgement judgement =
        new CertificateChecker(null, MAX_WORK).judge(CertificateFileJson.read(spoilt.file()));

    // Then
    assertThat(judgement.conclusion()).as(spoilt.name()).isEqualTo(spoilt.expected());
    if (spoilt.expected() != Conclusion.VERIFIED) {
      assertThat(judgement.reason()).as(spoilt.name()).containsPattern(spoilt.reason());
      assertThat(judgement.reason()).hasSizeLessThan(1_000);
    }
  }

  @Test
  void isCalledTheSameByACheckerThatSharesNoCode(@TempDir Path folder)
      throws IOException, InterruptedException {
    // Given
    PythonChecker.assumePresent();
    List<String> names = new ArrayList<>();
    for (Spoilt spoilt : CORPUS) {
      names.add(String.format(Locale.ROOT, "%03d.json", names.size()));
      Files.write(folder.resolve(names.get(names.size() - 1)), spoilt.file());
    }

    // When
    List<JsonNode> answers = PythonChecker.judge(folder, names);

    // Then
    List<String> differences = new ArrayList<>();
    for (int k = 0; k < answers.size(); k++) {
      Spoilt spoilt = CORPUS.get(k);
      if (!answers.get(k).path("verdict").asText().equals(spoilt.expected().toString())) {
        differences.add(spoilt + ": " + answers.get(k));
      }
    }
    assertThat(differences).isEmpty();
  }

  private static void spoilClaims(CertificateFile file) {
    Rung rung = file.lower().evidence().rung();
    double tooHigh = Exactly.above(Exactly.lower(file));
    refuted(
        rung + ", lower one ulp beyond its evidence",
        changed(file, json -> at(json, "lower").put("value", tooHigh)),
        "It claims p\\* >= ");
    refuted(
        rung + ", lower beyond upper",
        changed(file, json -> at(json, "lower").put("value", 2 * file.upper().value())),
        "It claims p\\* >= ");
    double tooLow = Exactly.below(Exactly.upper(file));
    refuted(
        rung + ", upper one ulp beyond its evidence",
        changed(file, json -> at(json, "upper").put("value", tooLow)),
        "It claims p\\* <= ");
    refuted(
        rung + ", half of beta",
        changed(file, json -> at(json, "problem").put("beta", 0.5 * file.problem().beta())),
        "s T must not exceed beta");
    refuted(
        rung + ", twice beta",
        changed(file, json -> at(json, "problem").put("beta", 2 * file.problem().beta())),
        "It claims p\\* <= ");
    refuted(
        rung + ", twice the scale",
        changed(file, json -> at(json, "lower").put("scale", 2 * file.lower().scale())),
        "s T must not exceed beta");
    refuted(
        rung + ", no scale",
        changed(file, json -> at(json, "lower").put("scale", 0)),
        "It claims p\\* >= ");
  }

  private static void spoilEvidence(CertificateFile file, List<CertificateFile> others) {
    Rung rung = file.lower().evidence().rung();
    double[] y = Honest.problem(file).y();
    int largest = 0;
    for (int i = 0; i < y.length; i++) {
      double[] nu = file.lower().dual().values();
      largest = y[i] * nu[i] > y[largest] * nu[largest] ? i : largest;
    }
    int row = largest;
    // Whatever the witnesses say of the other nu: (L) has lost 2 s y_i nu_i, which is above 0.
    refuted(
        rung + ", a dual of another sign",
        changed(
            file,
            json -> changeArray(at(json, "lower", "dual"), values -> values[row] = -values[row])),
        "");
    refuted(
        rung + ", a dual of zero",
        changed(file, json -> changeArray(at(json, "lower", "dual"), v -> Arrays.fill(v, 0))),
        "");
    refuted(
        rung + ", the dual of another problem",
        changed(
            file,
            json -> at(json, "lower").set("dual", at(tree(of(others, rung)), "lower", "dual"))),
        "");
    refuted(
        rung + ", one bit of the data",
        changed(
            file,
            json ->
                changeArray(at(json, "data", "X"), values -> values[4] = Math.nextUp(values[4]))),
        "SHA-256");
    refuted(
        rung + ", the data of another problem",
        changed(file, json -> json.set("data", at(tree(of(others, rung)), "data"))),
        "");
    refuted(
        rung + ", the network of another problem",
        changed(
            file,
            json ->
                at(json, "upper").set("network", at(tree(of(others, rung)), "upper", "network"))),
        "It claims p\\* <= ");
    if (rung != Rung.TRIANGLE) {
      refuted(
          rung + ", the witnesses of another problem",
          changed(
              file,
              json ->
                  at(json, "lower").set("witness", at(tree(of(others, rung)), "lower", "witness"))),
          "");
      refuted(
          rung + ", witnesses in the wrong places",
          changed(
              file,
              json -> {
                ObjectNode witness = at(json, "lower", "witness");
                JsonNode plus = witness.get("plus");
                witness.set("plus", witness.get("minus"));
                witness.set("minus", plus);
              }),
          "");
    }
  }

  private static void spoilTree(CertificateFile file) {
    witness(
        file,
        "a tree that ends early",
        w -> changeTree(w, t -> Arrays.copyOf(t, t.length / 2)),
        "of the tree|ends before its last cone");
    witness(
        file,
        "a tree without bytes",
        w -> changeTree(w, t -> new byte[0]),
        "ends before its last cone");
    witness(
        file,
        "a tree that goes on",
        w -> changeTree(w, t -> Arrays.copyOf(t, t.length + 1)),
        "its last cone ends at byte");
    witness(
        file,
        "a tree that names no pair",
        w -> changeTree(w, t -> filled(t, (byte) 0xff)),
        "names no pair");
    witness(
        file, "a tree of leaves", w -> changeTree(w, t -> new byte[8]), "does not prove the bound");
    witness(
        file,
        "a tree that splits for ever",
        w -> changeTree(w, t -> filled(t, (byte) 3)),
        "too deep|ends before");
    witness(
        file,
        "a bound that is too good",
        w -> w.put("bound", 0.9 * w.get("bound").asDouble()),
        "does not prove the bound|of the tree");
    witness(file, "a bound of zero", w -> w.put("bound", 0), "does not prove the bound");
    witness(file, "a bound below zero", w -> w.put("bound", -1), "witness.bound is -1");
    witness(
        file, "a bound in words", w -> w.put("bound", "1"), "plus.bound is missing or no number");
    witness(
        file,
        "a tree that is too large",
        w -> w.put("tree", "A".repeat(8_000_004)),
        "at most 6000000 bytes");
  }

  private static void spoilQuadratic(CertificateFile file) {
    witness(
        file, "mu of zero", w -> changeArray((ObjectNode) w.get("mu"), v -> v[0] = 0), "mu is 0.0");
    witness(file, "a mu too few", w -> w.set("mu", array(new double[0], 0)), "mu has 0 numbers");
    witness(
        file,
        "theta above 1",
        w -> changeArray((ObjectNode) w.get("theta"), v -> v[0] = 1.5),
        "theta is 1.5");
    witness(
        file,
        "sigma below -1",
        w -> changeArray((ObjectNode) w.get("sigma"), v -> v[0] = -2),
        "sigma is -2.0");
    witness(file, "lambda below 0", w -> w.put("lambda", -1), "lambda is -1");
    witness(file, "lambda of zero", w -> w.put("lambda", 0), "not positive definite");
    witness(
        file,
        "a metric of two rows",
        w -> w.set("metric", array(new double[2], 2, 1)),
        "metric.shape has 2");
    witness(
        file,
        "a metric without columns",
        w -> w.set("metric", array(new double[0], 3, 0)),
        "metric.shape has 0");
    witness(file, "a member of another rung", w -> w.put("bound", 1), "plus.bound is not a name");
  }

  private static void spoilPairs(CertificateFile file) {
    witness(
        file,
        "a pair twice",
        w -> w.set("pairs", array(new double[] {2, 1, 0, 2, 1, 0}, 2, 3)),
        "twice");
    witness(
        file,
        "a pair of one row",
        w -> w.set("pairs", array(new double[] {1, 1, 0}, 1, 3)),
        "whole numbers below n");
    witness(
        file,
        "a pair the wrong way round",
        w -> w.set("pairs", array(new double[] {1, 2, 0}, 1, 3)),
        "the larger one first");
    witness(
        file,
        "a pair of a row that is not there",
        w -> w.set("pairs", array(new double[] {12, 1, 0}, 1, 3)),
        "below n");
    witness(
        file,
        "a pair of half a row",
        w -> w.set("pairs", array(new double[] {2.5, 1, 0}, 1, 3)),
        "whole numbers");
    witness(
        file,
        "a pair before the first row",
        w -> w.set("pairs", array(new double[] {2, -1, 0}, 1, 3)),
        "whole numbers");
    witness(
        file,
        "pairs without weights",
        w -> w.set("pairs", array(new double[] {2, 1}, 1, 2)),
        "pairs.shape has 2");
    witness(
        file,
        "an anchor below 0",
        w -> changeArray((ObjectNode) w.get("anchors"), v -> v[0] = -1),
        "anchors is -1.0");
    witness(
        file,
        "squares of zero",
        w -> changeArray((ObjectNode) w.get("squares"), v -> Arrays.fill(v, 0)),
        "definite");
    witness(
        file,
        "theta below 0",
        w -> changeArray((ObjectNode) w.get("theta"), v -> v[3] = -0.5),
        "theta is -0.5");
  }

  private static void spoilQuartic(CertificateFile file) {
    witness(
        file,
        "touch of zero",
        w -> changeArray((ObjectNode) w.get("touch"), v -> v[0] = 0),
        "touch is 0.0");
    witness(
        file,
        "touch above 1",
        w -> changeArray((ObjectNode) w.get("touch"), v -> v[0] = 1.25),
        "touch is 1.25");
    witness(
        file,
        "a slope below 0",
        w -> changeArray((ObjectNode) w.get("slope"), v -> v[0] = -1),
        "slope is -1.0");
    witness(
        file,
        "an offset above 1",
        w -> changeArray((ObjectNode) w.get("offset"), v -> v[0] = 2),
        "offset is 2.0");
    witness(
        file,
        "a Gram matrix of another sign",
        w ->
            changeArray(
                (ObjectNode) w.get("gram"),
                v -> {
                  for (int k = 0; k < v.length; k++) {
                    v[k] = -v[k];
                  }
                }),
        "gram is not positive semidefinite");
    witness(
        file,
        "a Gram matrix that is too small",
        w -> w.set("gram", array(new double[] {1}, 1)),
        "gram.shape has 1");
    witness(
        file,
        "another Gram matrix",
        w ->
            changeArray(
                (ObjectNode) w.get("gram"),
                v -> {
                  for (int k = 0; k < v.length; k++) {
                    v[k] *= 2;
                  }
                }),
        "s T must not exceed beta");
  }

  private static void spoilStructure(CertificateFile file) {
    for (String name : List.of("problem", "data", "lower", "upper")) {
      refuted("without " + name, changed(file, json -> json.remove(name)), name + " is missing");
      refuted(
          name + " is null",
          changed(file, json -> json.putNull(name)),
          name + " is missing or no object");
      refuted(
          name + " is a list",
          changed(file, json -> json.putArray(name)),
          name + " is missing or no object");
      refuted(
          "something else in " + name,
          changed(file, json -> at(json, name).put("extra", 1)),
          name + ".extra is not a name");
    }
    refuted("without format", changed(file, json -> json.remove("format")), "format is missing");
    refuted(
        "a format that is a number",
        changed(file, json -> json.put("format", 1)),
        "format is missing or no text");
    refuted("something else", changed(file, json -> json.put("extra", 1)), "extra is not a name");
    refuted(
        "a provenance in words",
        changed(file, json -> json.put("provenance", "me")),
        "provenance is no object");
    refuted("only X", changed(file, json -> at(json, "data").remove("y")), "only one of X and y");
    refuted(
        "a short hash",
        changed(file, json -> at(json, "data").put("sha256", "00")),
        "64 lower-case");
    refuted(
        "a hash in capitals",
        changed(file, json -> at(json, "data").put("sha256", "A".repeat(64))),
        "64 lower-case");
    refuted(
        "another hash",
        changed(file, json -> at(json, "data").put("sha256", "0".repeat(64))),
        "SHA-256");
    refuted(
        "another loss",
        changed(file, json -> at(json, "problem").put("loss", "squared-error")),
        "problem.loss is 'squared-error'");
    refuted("n of zero", changed(file, json -> at(json, "problem").put("n", 0)), "problem.n is 0");
    refuted(
        "n of a half", changed(file, json -> at(json, "problem").put("n", 12.5)), "whole number");
    refuted(
        "n that lies",
        changed(file, json -> at(json, "problem").put("n", 13)),
        "shape has 12 where n must stand, which is 13");
    refuted(
        "d that lies",
        changed(file, json -> at(json, "problem").put("d", 2)),
        "shape has 3 where d must stand, which is 2");
    refuted(
        "n of a billion",
        changed(file, json -> at(json, "problem").put("n", 1_000_000_000)),
        "problem.n is 1000000000");
    refuted(
        "d of a billion",
        changed(file, json -> at(json, "problem").put("d", 1_000_000_000)),
        "problem.d is 1000000000");
    refuted(
        "n d of a billion",
        changed(file, json -> at(json, "problem").put("n", 500_000).put("d", 2_000)),
        "n \\* \\(d \\+ 1\\)");
    refuted(
        "beta of zero",
        changed(file, json -> at(json, "problem").put("beta", 0)),
        "problem.beta is 0.0");
    refuted(
        "beta below zero",
        changed(file, json -> at(json, "problem").put("beta", -1)),
        "problem.beta is -1.0");
    refuted(
        "beta in quotes", changed(file, json -> at(json, "problem").put("beta", "1")), "no number");
    refuted(
        "a scale below zero",
        changed(file, json -> at(json, "lower").put("scale", -1)),
        "lower.scale is -1.0");
    refuted("no value", changed(file, json -> at(json, "lower").putNull("value")), "no number");
    refuted(
        "a rung that is a number",
        changed(file, json -> at(json, "lower", "witness", "plus").put("rung", 1)),
        "rung is missing or no text");
    refuted(
        "no witness",
        changed(file, json -> at(json, "lower", "witness").remove("minus")),
        "minus is missing");
    refuted(
        "an unknown rung in a file with another fault",
        changed(
            file,
            json -> {
              at(json, "lower", "witness", "plus").put("rung", "enumeration");
              at(json, "upper").put("extra", 1);
            }),
        "upper.extra is not a name");
  }

  private static void spoilText(CertificateFile file) {
    byte[] honest = CertificateFileJson.write(file);
    for (int part = 0; part < 40; part++) {
      int end = (int) ((long) honest.length * part / 40);
      refuted("cut at byte " + end, Arrays.copyOf(honest, end), "at byte");
    }
    String json = new String(honest, StandardCharsets.UTF_8);
    String beta = json.replaceFirst("(?s).*\"beta\":([^,]*),.*", "$1");
    text(json, "NaN", beta, "NaN", "no JSON value");
    text(json, "Infinity", beta, "Infinity", "no JSON value");
    text(json, "-Infinity", beta, "-Infinity", "no digit");
    text(json, "a number that overflows", beta, "1e999", "overflows");
    text(json, "a number with a plus", beta, "+1", "no JSON value");
    text(json, "a number with a zero in front", beta, "01", "neither a comma");
    text(json, "a hexadecimal number", beta, "0x1", "neither a comma");
    text(json, "a number of 401 digits", beta, "0." + "1".repeat(399), "more than 400 characters");
    text(json, "a name twice", "\"beta\":", "\"beta\":1,\"beta\":", "'beta' for the second time");
    text(
        json,
        "a name twice in disguise",
        "\"beta\":",
        "\"bet\\u0061\":1,\"beta\":",
        "'beta' for the second time");
    text(
        json,
        "a name twice in the provenance",
        "\"provenance\":{",
        "\"provenance\":{\"seed\":1,",
        "'seed' for the second time");
    text(
        json,
        "a format twice",
        "{\"format\"",
        "{\"format\":\"gapcert/2\",\"format\"",
        "'format' for the second time");
    text(json, "quotes of another kind", "\"beta\"", "'beta'", "no name in quotes");
    text(json, "a comma too many", "\"any\"}", "\"any\",}", "no name in quotes");
    text(json, "a comment", "\"beta\":", "/* */\"beta\":", "no name in quotes");
    text(json, "a control character in a text", "\"any\"", "\"a\nny\"", "control character");
    text(json, "an unknown escape", "\"any\"", "\"\\any\"", "unknown escape");
    text(json, "half an escape", "\"any\"", "\"\\u00e\"", "four hexadecimal digits");
    text(
        json,
        "deep nesting",
        "\"provenance\":{",
        "\"provenance\":{\"deep\":" + "[".repeat(100_000) + "]".repeat(100_000) + ",",
        "nesting deeper than 32");
    text(
        json,
        "deep nesting that does not end",
        "\"provenance\":{",
        "\"provenance\":{\"deep\":" + "[".repeat(100_000),
        "nesting deeper than 32");
    refuted(
        "something after the end", (json + "{}").getBytes(StandardCharsets.UTF_8), "after the end");
    refuted(
        "a byte order mark", ("\ufeff" + json).getBytes(StandardCharsets.UTF_8), "byte order mark");
    refuted("UTF-16", json.getBytes(StandardCharsets.UTF_16LE), "no name in quotes");
    refuted("a NUL at the end", (json + "\0").getBytes(StandardCharsets.UTF_8), "after the end");
    refuted("nothing", new byte[0], "its end where a value is expected");
    refuted("a list", "[]".getBytes(StandardCharsets.UTF_8), "no JSON object");
    refuted("null", "null".getBytes(StandardCharsets.UTF_8), "no JSON object");
    refuted(
        "an overlong quote",
        replaced(honest, "any", new byte[] {'a', (byte) 0xc0, (byte) 0xa2}),
        "not UTF-8");
    refuted(
        "half a character",
        replaced(honest, "any", new byte[] {'a', 'n', (byte) 0xc3}),
        "not UTF-8");
    refuted(
        "a surrogate",
        replaced(
            honest,
            "planted",
            new byte[] {'p', (byte) 0xed, (byte) 0xa0, (byte) 0x80, 't', 'e', 'd'}),
        "not UTF-8");
  }

  private static void spoilArrays(CertificateFile file) {
    array(file, "a NaN", y -> changeArray(y, v -> v[1] = Double.NaN), "data.y: an array holds NaN");
    array(
        file,
        "an infinity",
        y -> changeArray(y, v -> v[1] = Double.NEGATIVE_INFINITY),
        "data.y: an array holds -Infinity");
    array(
        file,
        "a billion numbers",
        y -> y.set("shape", shape(1_000_000_000)),
        "shape has 1000000000");
    array(file, "two dimensions", y -> y.set("shape", shape(12, 1)), "must be a list of 1");
    array(file, "no shape", y -> y.remove("shape"), "shape is missing");
    array(file, "a shape below zero", y -> y.set("shape", shape(-12)), "shape has -12");
    array(file, "a shape in words", y -> y.putArray("shape").add("12"), "no number");
    array(file, "another type", y -> y.put("dtype", ">f8"), "dtype is '>f8'");
    array(file, "floats", y -> y.put("dtype", "<f4"), "dtype is '<f4'");
    array(file, "a member too many", y -> y.put("order", "C"), "data.y.order is not a name");
    array(
        file, "a number too few", y -> y.put("data", base64(new byte[88])), "characters of base64");
    array(
        file, "a byte too many", y -> y.put("data", base64(new byte[97])), "characters of base64");
    array(
        file,
        "padding in the place of a byte",
        y -> y.put("data", base64(new byte[95])),
        "has 95 bytes; 96 are expected");
    array(file, "a list of numbers", y -> y.putArray("data").add(1), "no text");
    array(
        file,
        "white space in base64",
        y -> y.put("data", base64(new byte[93]) + "\n   "),
        "is not base64");
    array(
        file,
        "the other alphabet",
        y -> y.put("data", "-_" + base64(new byte[96]).substring(2)),
        "is not base64");
    array(file, "stars", y -> y.put("data", "*".repeat(128)), "is not base64");
    array(
        file,
        "padding in the middle",
        y -> y.put("data", "AA==" + base64(new byte[93])),
        "is not base64");
    refuted(
        "bits of no byte in the end",
        changed(
            file,
            json -> {
              ObjectNode a = at(json, "upper", "network", "a");
              int m = file.upper().network().m();
              String good = a.get("data").asText();
              assertThat(good).as("m = %s", m).endsWith("=");
              int last = good.indexOf('=') - 1;
              char other = (char) (good.charAt(last) + 1);
              a.put("data", good.substring(0, last) + other + good.substring(last + 1));
            }),
        "bits of no byte");
    refuted(
        "base64 without padding",
        changed(
            file,
            json -> {
              ObjectNode a = at(json, "upper", "network", "a");
              a.put("data", a.get("data").asText().replace("=", ""));
            }),
        "characters of base64");
    refuted(
        "a network of a billion neurons",
        changed(
            file, json -> at(json, "upper", "network", "U").set("shape", shape(1_000_000_000, 3))),
        "shape has 1000000000");
    refuted(
        "a network of another width",
        changed(file, json -> at(json, "upper", "network").set("a", array(new double[] {1}, 1))),
        "network.a.shape has 1");
    refuted(
        "a product of sizes that overflows to the right one",
        changed(
            file, json -> at(json, "data", "X").set("shape", shape(1_824_726_041, 1_263_665_316))),
        "shape has 1824726041");
  }

  private static void leaveOpen(CertificateFile file) {
    String escapes = "\\/".repeat(2_000_000);
    refuted("an escape too many", withNote(file, escapes + "\\n"), "more than 2000000 escapes");
    CORPUS.add(
        new Spoilt(
            "as many escapes as are allowed", withNote(file, escapes), Conclusion.VERIFIED, ""));
    inconclusive(
        "another version", changed(file, json -> json.put("format", "gapcert/2")), "'gapcert/2'");
    inconclusive(
        "another version with other members",
        changed(
            file,
            json -> {
              json.put("format", "gapcert/2").put("extra", 1);
              json.remove("lower");
            }),
        "'gapcert/2'");
    inconclusive(
        "another rung",
        changed(
            file,
            json ->
                at(json, "lower", "witness", "plus").put("rung", "enumeration").put("extra", 1)),
        "'enumeration' is not known");
    inconclusive(
        "no data",
        CertificateFileJson.write(Honest.withoutData(file)),
        "only the hash of its data");
  }

  @Test
  void givesUpBeforeAHostileTreeKeepsItBusy() {
    // Given: five hundred thousand rows, and a tree of as many bytes as are allowed
    int n = 500_000;
    ObjectNode json = tree(of(honestCone(), Rung.CONE_BNB));
    at(json, "problem").put("n", n).put("d", 3);
    double[] x = new double[3 * n];
    double[] y = new double[n];
    Arrays.fill(x, 1);
    Arrays.fill(y, 1);
    at(json, "data").set("X", array(x, n, 3));
    at(json, "data").set("y", array(y, n));
    at(json, "data").put("sha256", DataHash.sha256(n, 3, x, y));
    at(json, "lower").set("dual", array(y, n));
    for (byte busy : new byte[] {2, 3}) { // steps, and splits
      changeTree(at(json, "lower", "witness", "plus"), tree -> filled(new byte[6_000_000], busy));

      // When
      Judgement judgement =
          new CertificateChecker(null, CertificateChecker.DEFAULT_MAX_WORK)
              .judge(CertificateFileJson.read(json.toString().getBytes(StandardCharsets.UTF_8)));

      // Then
      assertThat(judgement.conclusion()).isEqualTo(Conclusion.INCONCLUSIVE);
      assertThat(judgement.reason()).contains("--max-work");
    }
  }

  private static List<CertificateFile> honestCone() {
    return Honest.certificates(Honest.problem(6, 3, 1, 1, 1, 0.1), 1e-2);
  }

  private static CertificateFile of(List<CertificateFile> files, Rung rung) {
    return files.stream()
        .filter(file -> file.lower().evidence().rung() == rung)
        .findFirst()
        .orElseThrow();
  }

  private static void refuted(String name, byte[] file, String reason) {
    CORPUS.add(new Spoilt(name, file, Conclusion.REFUTED, reason));
  }

  private static void inconclusive(String name, byte[] file, String reason) {
    CORPUS.add(new Spoilt(name, file, Conclusion.INCONCLUSIVE, reason));
  }

  /** The witness for nu changed. */
  private static void witness(
      CertificateFile file, String name, Consumer<ObjectNode> change, String reason) {
    refuted(
        name, changed(file, json -> change.accept(at(json, "lower", "witness", "plus"))), reason);
  }

  /** The targets changed. */
  private static void array(
      CertificateFile file, String name, Consumer<ObjectNode> change, String reason) {
    refuted("y: " + name, changed(file, json -> change.accept(at(json, "data", "y"))), reason);
  }

  private static void text(String json, String name, String from, String to, String reason) {
    assertThat(json).as(name).contains(from);
    int place = json.indexOf(from);
    refuted(
        name,
        (json.substring(0, place) + to + json.substring(place + from.length()))
            .getBytes(StandardCharsets.UTF_8),
        reason);
  }

  /** A text in the provenance, written as it is. */
  private static byte[] withNote(CertificateFile file, String note) {
    return new String(
            changed(file, json -> json.set("provenance", JSON.createObjectNode().put("note", "@"))),
            StandardCharsets.UTF_8)
        .replace("@", note)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] replaced(byte[] file, String from, byte[] to) {
    byte[] result = file.clone();
    int place = new String(file, StandardCharsets.ISO_8859_1).indexOf(from);
    assertThat(place).isPositive();
    System.arraycopy(to, 0, result, place, to.length);
    return result;
  }

  private static ObjectNode tree(CertificateFile file) {
    try {
      return (ObjectNode) JSON.readTree(CertificateFileJson.write(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] changed(CertificateFile file, Consumer<ObjectNode> change) {
    ObjectNode json = tree(file);
    change.accept(json);
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static ObjectNode at(ObjectNode json, String... names) {
    ObjectNode node = json;
    for (String name : names) {
      node = (ObjectNode) node.get(name);
    }
    return node;
  }

  private static void changeArray(ObjectNode array, Consumer<double[]> change) {
    byte[] bytes = Base64.getDecoder().decode(array.get("data").asText());
    double[] values = new double[bytes.length / Double.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(values);
    change.accept(values);
    array.put("data", base64(bytes(values)));
  }

  private static void changeTree(ObjectNode witness, UnaryOperator<byte[]> change) {
    byte[] tree = Base64.getDecoder().decode(witness.get("tree").asText());
    witness.put("tree", base64(change.apply(tree)));
  }

  private static byte[] filled(byte[] tree, byte with) {
    byte[] result = tree.clone();
    Arrays.fill(result, with);
    return result;
  }

  private static ObjectNode array(double[] values, int... sizes) {
    ObjectNode array = JSON.createObjectNode().put("dtype", "<f8");
    array.set("shape", shape(sizes));
    return array.put("data", base64(bytes(values)));
  }

  private static ArrayNode shape(int... sizes) {
    ArrayNode shape = JSON.createArrayNode();
    for (int size : sizes) {
      shape.add(size);
    }
    return shape;
  }

  private static byte[] bytes(double[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    return bytes.array();
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
