package io.gapstream.certificate;

import io.gapstream.contracts.CertificateFile;
import io.gapstream.contracts.Limits;
import io.gapstream.contracts.LowerEvidence;
import io.gapstream.contracts.NetworkWeights;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.Witness;
import io.gapstream.numerics.verify.Verifier;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What checking a claim takes at most, about, told from the sizes of its evidence before anything
 * is computed or reserved. In doubles, which do not overflow here.
 *
 * @param operations multiplications, each with its addition; a processor does about 1e9 a second
 * @param bytes that the verifier holds at once, beside the data and the evidence
 */
public record Work(double operations, double bytes) {

  /** Multiplications that checking one claim or one file may take unless told otherwise. */
  public static final double DEFAULT_MAX_OPERATIONS = 1e12;

  /** Replaying the steps of a tree that a writer sends: about ten seconds. */
  private static final double SENT_STEPS = 2e10;

  /** The most that replaying such a tree may take, so that two of them are below the default. */
  private static final double SENT_TREE = 0.4 * DEFAULT_MAX_OPERATIONS;

  /** Factorisations of one matrix, with smaller and smaller margins. */
  private static final double ATTEMPTS = 5;

  /** The same for a Gram matrix. */
  private static final double GRAM_ATTEMPTS = 16;

  /** Over pairs of rows, when columns are found along them. */
  private static final double PASSES = 6;

  /** Multiplications for each entry of a matrix in the refinement of a solution: 60 steps. */
  private static final double REFINEMENT = 150;

  /**
   * Splits at which the rows are gone through again: every fifth generation, and most cones of a
   * tree are of its last.
   */
  private static final double REVISITS = 0.52;

  /** Gathered columns of the rows in a tree: what is kept for older cones is less than as much. */
  private static final double ROW_COPIES = 12;

  /** A judged file's claims. */
  static Work of(CertificateFile file) {
    int n = file.problem().n();
    int d = file.problem().d();
    return ofUpper(n, file.upper().network())
        .then(ofLower(n, d, file.lower().value(), file.lower().evidence()));
  }

  /** The check of a claim from below; evidence is looked at where the claim is above 0. */
  static Work ofLower(int n, int d, double claimed, LowerEvidence evidence) {
    if (claimed <= 0) {
      return new Work(0, 0);
    }
    Work plus = of(n, d, evidence.plus());
    Work minus = of(n, d, evidence.minus());
    return new Work(2.0 * n, 16.0 * n * (d + 2))
        .beside(
            order(n, d) <= Verifier.SIDE_BY_SIDE_COLUMNS ? plus.beside(minus) : plus.then(minus));
  }

  /** The check of a claim from above. */
  static Work ofUpper(int n, NetworkWeights network) {
    return new Work(
        n * (network.d() + 2.0) * (network.m() + 1.0), 16.0 * (n + network.m() * network.d()));
  }

  /** One after the other. */
  private Work then(Work other) {
    return new Work(operations + other.operations, Math.max(bytes, other.bytes));
  }

  /** Both at once. */
  private Work beside(Work other) {
    return new Work(operations + other.operations, bytes + other.bytes);
  }

  /**
   * Why this is too much; null when it is not.
   *
   * @param fix ends the reason, for example "allow more with --max-work"
   */
  public @Nullable String excess(double maxOperations, String fix) {
    return operations <= maxOperations
        ? null
        : String.format(
            Locale.ROOT,
            "The check may take %.1e operations and %.1e are allowed; %s.",
            operations,
            maxOperations,
            fix);
  }

  /** Why this does not fit into so many bytes; null when it does. */
  public @Nullable String excessBytes(double maxBytes, String fix) {
    return bytes <= maxBytes
        ? null
        : String.format(
            Locale.ROOT,
            "The check may hold %.0f MB at once and %.0f MB are allowed; %s.",
            Math.ceil(bytes / 1e6),
            Math.floor(maxBytes / 1e6),
            fix);
  }

  /**
   * The largest tree that a writer may send: it fits into a message, its steps are replayed in
   * about ten seconds, and whatever it holds the default limit allows two of them.
   */
  public static long mostTreeBytes(int n, int d) {
    double ofSteps = SENT_STEPS / step(n, d) * (d + 2);
    double ofSplits = SENT_TREE / (0.5 * (split(n, d) + leaf(d)));
    return (long) Math.max(1, Math.min(Limits.MAX_TREE_BYTES, Math.min(ofSteps, ofSplits)));
  }

  private static Work of(double n, double d, Witness witness) {
    if (witness instanceof Witness.ConeTree tree) {
      return new Work(tree(n, d, tree.tree().bytes()), 8 * n * d * ROW_COPIES + 1e5 * d);
    }
    if (witness instanceof Witness.Quartic quartic) {
      double order = d + d * (d + 1) / 2;
      return new Work(
          2 * n * d * d * d * d / 24
              + 2 * n * d * d * d
              + order * order * (2 + GRAM_ATTEMPTS * order / 6),
          32 * d * d * d * (d + 1) + 48 * n + 24.0 * quartic.gram().size());
    }
    if (witness instanceof Witness.Pairs pairs) {
      double order = order(n, d);
      double count = pairs.pairs().size() / 3.0;
      double size = entries(pairs.metric());
      return new Work(
          fewerColumns(n, d)
              + 2 * order * order * (n + count)
              + 2 * size * (n + d)
              + form(n)
              + form(order),
          fewerColumnsBytes(n, d)
              + 32 * order * order
              + 16 * size
              + 24 * n * n
              + 8 * n * (d + 8)
              + 48 * count);
    }
    if (witness instanceof Witness.Quadratic quadratic) {
      double order = order(n, d);
      double size = entries(quadratic.metric());
      return new Work(
          fewerColumns(n, d) + 2 * n * order * order + 2 * size * (n + d) + form(order),
          fewerColumnsBytes(n, d) + 24 * order * order + 16 * size + 64 * n);
    }
    return new Work(4 * n * d, 8 * (3 * n + d));
  }

  /** Of the matrices in u. */
  private static double order(double n, double d) {
    return d > Verifier.MOST_COLUMNS ? Math.min(n, d) : d;
  }

  /** What finding columns along the rows takes, where they are fewer, and measuring them. */
  private static double fewerColumns(double n, double d) {
    return d > n ? PASSES * n * n * d : 0;
  }

  /** The columns, and the rows in them. */
  private static double fewerColumnsBytes(double n, double d) {
    return d > n ? 24 * n * d + 24 * n * n : 0;
  }

  /** The maximum of a quadratic form of this order. */
  private static double form(double order) {
    return ATTEMPTS * order * order * (order / 6 + REFINEMENT);
  }

  private static double entries(@Nullable NumericArray metric) {
    return metric == null ? 0 : metric.size();
  }

  /**
   * Replays a tree without its numbers: a split is a byte, a step d + 2, a leaf one or one and its
   * bits. Whatever the bytes stand for, a verifier that goes on to the next cone reads the same.
   */
  private static double tree(double n, double d, byte[] tree) {
    int ofStep = (int) d + 2;
    int ofLeaf = 1 + ((int) d + 7) / 8;
    double total = 0;
    double leaves = 0;
    for (long at = 0; at < tree.length; ) {
      int code = tree[(int) at];
      if (code == 2) {
        total += step(n, d);
        at += ofStep;
      } else if (code == 0 || code == 1) {
        // Bits that leave generators out may make it try once for each.
        total += leaf(d) * (code == 0 ? 1 : 1 + d / 3);
        leaves++;
        at += code == 0 ? 1 : ofLeaf;
      } else {
        total += split(n, d);
        at++;
      }
    }
    double orthants = Math.min(Math.scalb(1.0, (int) d), leaves + 1);
    return total + orthants * (step(n, d) + d * d) + 4 * n * d;
  }

  /** A pass over the rows, and their sum. */
  private static double step(double n, double d) {
    return 2 * n * d + 2 * d * d;
  }

  /** A pass over the rows, and now and then one for each generator. */
  private static double split(double n, double d) {
    return n * d + REVISITS * n * d * (d + 2) + 8 * d;
  }

  /** An orthogonalisation, twice for accuracy. */
  private static double leaf(double d) {
    return 2 * d * d * (d + 2) + 20 * d;
  }
}
