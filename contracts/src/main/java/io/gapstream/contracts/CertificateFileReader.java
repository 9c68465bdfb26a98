package io.gapstream.contracts;

import io.gapstream.contracts.CertificateFile.BothSigns;
import io.gapstream.contracts.CertificateFile.DataSection;
import io.gapstream.contracts.CertificateFile.LowerClaim;
import io.gapstream.contracts.CertificateFile.ProblemStatement;
import io.gapstream.contracts.CertificateFile.UpperClaim;
import io.gapstream.contracts.CertificateFileJson.Reading;
import io.gapstream.contracts.StrictJson.Elements;
import io.gapstream.contracts.StrictJson.Members;
import io.gapstream.contracts.StrictJson.Text;
import io.gapstream.contracts.StrictJson.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From strict JSON to a certificate: the format first, then the shape of everything that is known,
 * then the rungs. Every length is compared with what it has to be before anything is reserved for
 * it.
 */
final class CertificateFileReader {

  /** A range for each number of a shape. */
  private record Extent(String name, long least, long most) {

    static Extent exactly(String name, long size) {
      return new Extent(name, size, size);
    }

    static Extent upTo(String name, long most) {
      return new Extent(name, 0, most);
    }
  }

  private final byte[] json;
  private @Nullable String unknownRung;

  CertificateFileReader(byte[] json) {
    this.json = json;
  }

  Reading read() {
    Value root = StrictJson.parse(json);
    Check.that(root instanceof Members, "The file is no JSON object.");
    Map<String, Value> file = ((Members) root).byName();
    String format = text(Check.present(file.get("format"), "format"), "format");
    if (!format.equals(CertificateFile.FORMAT)) {
      return new Reading.Unknown(
          "The format is '"
              + CertificateFileJson.printable(Check.clip(format, 100))
              + "'; '"
              + CertificateFile.FORMAT
              + "' is known.");
    }
    names(file, "", List.of("format", "problem", "data", "lower", "upper"), List.of("provenance"));
    if (file.containsKey("provenance")) {
      Check.that(file.get("provenance") instanceof Members, "provenance is no object.");
    }
    ProblemStatement problem = problem(members(file, "problem", ""));
    DataSection data = data(members(file, "data", ""), problem);
    LowerClaim lower = lower(members(file, "lower", ""), problem);
    UpperClaim upper = upper(members(file, "upper", ""), problem);
    return lower == null
        ? new Reading.Unknown("The rung '" + unknownRung + "' is not known.")
        : new Reading.Whole(new CertificateFile(problem, data, lower, upper, null));
  }

  private ProblemStatement problem(Map<String, Value> problem) {
    names(
        problem,
        "problem.",
        List.of("n", "d", "beta", "loss", "penalty", "width"),
        List.<String>of());
    constant(problem, "loss", CertificateFile.LOSS);
    constant(problem, "penalty", CertificateFile.PENALTY);
    constant(problem, "width", CertificateFile.WIDTH);
    long n = whole(problem.get("n"), "problem.n");
    long d = whole(problem.get("d"), "problem.d");
    Check.count(n, 1, Limits.MAX_ROWS, "problem.n");
    Check.count(d, 1, Limits.MAX_COLUMNS, "problem.d");
    return new ProblemStatement((int) n, (int) d, number(problem.get("beta"), "problem.beta"));
  }

  private void constant(Map<String, Value> problem, String name, String expected) {
    String value = text(problem.get(name), "problem." + name);
    Check.that(
        value.equals(expected), "problem.%s is '%s'; it must be '%s'.", name, value, expected);
  }

  private DataSection data(Map<String, Value> data, ProblemStatement problem) {
    names(data, "data.", List.of("sha256"), List.of("X", "y"));
    return new DataSection(
        text(data.get("sha256"), "data.sha256"),
        data.containsKey("X")
            ? array(
                data.get("X"),
                "data.X",
                Extent.exactly("n", problem.n()),
                Extent.exactly("d", problem.d()))
            : null,
        data.containsKey("y")
            ? array(data.get("y"), "data.y", Extent.exactly("n", problem.n()))
            : null);
  }

  /** Null when a rung is not known. */
  private @Nullable LowerClaim lower(Map<String, Value> lower, ProblemStatement problem) {
    names(lower, "lower.", List.of("value", "dual", "scale", "witness"), List.<String>of());
    double value = number(lower.get("value"), "lower.value");
    NumericArray dual = array(lower.get("dual"), "lower.dual", Extent.exactly("n", problem.n()));
    double scale = number(lower.get("scale"), "lower.scale");
    Check.nonNegative(scale, "lower.scale");
    Map<String, Value> witness = members(lower, "witness", "lower.");
    names(witness, "lower.witness.", List.of("plus", "minus"), List.<String>of());
    Witness plus = witness(members(witness, "plus", "lower.witness."), "plus", problem);
    Witness minus = witness(members(witness, "minus", "lower.witness."), "minus", problem);
    if (plus != null) { // of two witnesses, the one whose rung is known
      LowerEvidence.requireFits(plus, dual, 1, problem.d());
    }
    if (minus != null) {
      LowerEvidence.requireFits(minus, dual, -1, problem.d());
    }
    return plus == null || minus == null
        ? null
        : new LowerClaim(value, dual, scale, new BothSigns(plus, minus));
  }

  /** Null when the rung is not known; then nothing else of it is looked at. */
  private @Nullable Witness witness(
      Map<String, Value> witness, String sign, ProblemStatement problem) {
    String place = "lower.witness." + sign + ".";
    String rung = text(Check.present(witness.get("rung"), place + "rung"), place + "rung");
    int n = problem.n();
    int d = problem.d();
    switch (rung) {
      case "cone-bnb" -> {
        Check.count(d, 1, Limits.MAX_TREE_COLUMNS, "d with rung cone-bnb");
        names(witness, place, List.of("rung", "bound", "tree"), List.<String>of());
        return new Witness.ConeTree(
            number(witness.get("bound"), place + "bound"),
            ByteSequence.of(bytes(witness.get("tree"), place + "tree", 0, Limits.MAX_TREE_BYTES)));
      }
      case "quartic" -> {
        Check.count(d, 1, Limits.MAX_QUARTIC_COLUMNS, "d with rung quartic");
        names(
            witness, place, List.of("rung", "touch", "slope", "offset", "gram"), List.<String>of());
        long order = d + d * (d + 1L) / 2;
        return new Witness.Quartic(
            rows(witness, "touch", place, n),
            rows(witness, "slope", place, n),
            rows(witness, "offset", place, n),
            array(
                witness.get("gram"),
                place + "gram",
                Extent.exactly("q (q + 1) / 2", order * (order + 1) / 2)));
      }
      case "pairs" -> {
        Check.count(n, 1, Limits.MAX_PAIRS_ROWS, "n with rung pairs");
        names(
            witness,
            place,
            List.of("rung", "squares", "anchors", "theta", "sigma", "pairs", "lambda"),
            List.of("metric"));
        Extent everyRow = Extent.exactly("n", n);
        NumericArray squares = array(witness.get("squares"), place + "squares", everyRow);
        NumericArray anchors = array(witness.get("anchors"), place + "anchors", everyRow);
        NumericArray theta = array(witness.get("theta"), place + "theta", everyRow);
        NumericArray sigma = array(witness.get("sigma"), place + "sigma", everyRow);
        NumericArray pairs =
            array(
                witness.get("pairs"),
                place + "pairs",
                Extent.upTo("k", Limits.MAX_PAIRS),
                Extent.exactly("3", 3));
        return new Witness.Pairs(
            squares,
            anchors,
            theta,
            sigma,
            pairs,
            metric(witness, place, d),
            number(witness.get("lambda"), place + "lambda"));
      }
      case "quadratic" -> {
        names(witness, place, List.of("rung", "mu", "theta", "sigma", "lambda"), List.of("metric"));
        return new Witness.Quadratic(
            rows(witness, "mu", place, n),
            rows(witness, "theta", place, n),
            rows(witness, "sigma", place, n),
            metric(witness, place, d),
            number(witness.get("lambda"), place + "lambda"));
      }
      case "triangle" -> {
        names(witness, place, List.of("rung"), List.<String>of());
        return new Witness.Triangle();
      }
      default -> {
        if (unknownRung == null) {
          unknownRung = CertificateFileJson.printable(Check.clip(rung, 100));
        }
        return null;
      }
    }
  }

  private NumericArray rows(Map<String, Value> witness, String name, String place, int n) {
    return array(witness.get(name), place + name, Extent.upTo("rows of one sign", n));
  }

  private @Nullable NumericArray metric(Map<String, Value> witness, String place, int d) {
    Value metric = witness.get("metric");
    return metric == null || metric.equals(new StrictJson.Word("null"))
        ? null
        : array(metric, place + "metric", Extent.exactly("d", d), new Extent("columns", 1, d + 1L));
  }

  private UpperClaim upper(Map<String, Value> upper, ProblemStatement problem) {
    names(upper, "upper.", List.of("value", "network"), List.<String>of());
    double value = number(upper.get("value"), "upper.value");
    Map<String, Value> network = members(upper, "network", "upper.");
    names(network, "upper.network.", List.of("U", "a"), List.<String>of());
    NumericArray u =
        array(
            network.get("U"),
            "upper.network.U",
            Extent.upTo("m", Limits.MAX_NETWORK_VALUES / (problem.d() + 1L)),
            Extent.exactly("d", problem.d()));
    NumericArray a = array(network.get("a"), "upper.network.a", Extent.exactly("m", u.shape()[0]));
    return new UpperClaim(value, new NetworkWeights(u, a));
  }

  private NumericArray array(@Nullable Value value, String place, Extent... extents) {
    Map<String, Value> array = asMembers(value, place);
    names(array, place + ".", List.of("dtype", "shape", "data"), List.<String>of());
    String dtype = text(array.get("dtype"), place + ".dtype");
    Check.that(
        dtype.equals(NumericArray.DTYPE),
        "%s.dtype is '%s'; it must be '%s'.",
        place,
        dtype,
        NumericArray.DTYPE);
    Value shape = Check.present(array.get("shape"), place + ".shape");
    Check.that(
        shape instanceof Elements list && list.values().size() == extents.length,
        "%s.shape must be a list of %s.",
        place,
        extents.length);
    List<Value> sizes = ((Elements) shape).values();
    long count = 1;
    for (int k = 0; k < extents.length; k++) {
      Extent extent = extents[k];
      long rowsOrColumns = whole(sizes.get(k), place + ".shape");
      Check.that(
          rowsOrColumns >= extent.least() && rowsOrColumns <= extent.most(),
          extent.least() == extent.most()
              ? "%s.shape has %s where %s must stand, which is %4$s."
              : "%s.shape has %s where %s must stand, which is from %s to %s.",
          place,
          rowsOrColumns,
          extent.name(),
          extent.least(),
          extent.most());
      // No extent is above 2^52 where another one stands beside it: they are bounded by limits.
      count *= rowsOrColumns;
    }
    // Compared with the text's length before anything is reserved.
    long size = Double.BYTES * count;
    byte[] bytes = bytes(array.get("data"), place + ".data", size, size);
    double[] values = new double[(int) count];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(values);
    try {
      return extents.length == 1
          ? NumericArray.vector(values)
          : NumericArray.matrix(
              (int) whole(sizes.get(0), place), (int) whole(sizes.get(1), place), values);
    } catch (InvalidMessageException e) {
      throw new InvalidMessageException(place + ": " + e.getMessage(), e);
    }
  }

  /** Base64 in its only canonical form, of so many bytes. */
  private byte[] bytes(@Nullable Value value, String place, long least, long most) {
    Check.that(value instanceof Text, "%s is missing or no text.", place);
    Text text = (Text) Check.present(value, place);
    byte[] base64 = null;
    long length = text.to() - text.from();
    if (text.escaped()) {
      base64 = StrictJson.read(json, text).getBytes(StandardCharsets.UTF_8);
      length = base64.length;
    }
    String expected = least == most ? Long.toString(most) : "at most " + most;
    Check.that(
        length >= characters(least) && length <= characters(most),
        "%s has %s characters of base64; %s bytes are expected.",
        place,
        length,
        expected);
    ByteBuffer encoded =
        base64 == null
            ? ByteBuffer.wrap(json, text.from(), (int) length).slice()
            : ByteBuffer.wrap(base64);
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(encoded.duplicate()).array();
    } catch (IllegalArgumentException e) {
      throw new InvalidMessageException(place + " is not base64: " + e.getMessage(), e);
    }
    Check.that(
        bytes.length >= least && bytes.length <= most,
        "%s has %s bytes; %s are expected.",
        place,
        bytes.length,
        expected);
    requireCanonical(encoded, bytes, place);
    return bytes;
  }

  /** Characters of so many bytes, padding included. */
  private static long characters(long bytes) {
    return 4 * ((bytes + 2) / 3);
  }

  /** Java's decoder is content without padding, and with bits in the end that count for nothing. */
  private static void requireCanonical(ByteBuffer encoded, byte[] bytes, String place) {
    int rest = bytes.length - Math.max(0, (bytes.length - 1) / 3 * 3);
    byte[] end =
        Base64.getEncoder().encode(Arrays.copyOfRange(bytes, bytes.length - rest, bytes.length));
    byte[] written = new byte[end.length];
    boolean same = encoded.remaining() == characters(bytes.length);
    if (same) {
      encoded.duplicate().position(encoded.limit() - end.length).get(written);
      same = Arrays.equals(end, written);
    }
    Check.that(same, "%s is base64 that is not padded, or has bits of no byte in its end.", place);
  }

  private static void names(
      Map<String, Value> members, String place, List<String> required, List<String> optional) {
    for (String name : required) {
      Check.present(members.get(name), place + name);
    }
    for (String name : members.keySet()) {
      Check.that(
          required.contains(name) || optional.contains(name),
          "%s%s is not a name of this format.",
          place,
          name);
    }
  }

  private static Map<String, Value> members(Map<String, Value> outer, String name, String place) {
    return asMembers(outer.get(name), place + name);
  }

  private static Map<String, Value> asMembers(@Nullable Value value, String place) {
    Check.that(value instanceof Members, "%s is missing or no object.", place);
    return ((Members) Check.present(value, place)).byName();
  }

  private String text(@Nullable Value value, String place) {
    Check.that(value instanceof Text, "%s is missing or no text.", place);
    return StrictJson.read(json, (Text) Check.present(value, place));
  }

  private static double number(@Nullable Value value, String place) {
    Check.that(value instanceof StrictJson.Number, "%s is missing or no number.", place);
    return ((StrictJson.Number) Check.present(value, place)).value();
  }

  private static long whole(@Nullable Value value, String place) {
    double number = number(value, place);
    Check.that(
        number == Math.rint(number) && Math.abs(number) <= 0x1p53,
        "%s is %s; it must be a whole number.",
        place,
        number);
    return (long) number;
  }
}
