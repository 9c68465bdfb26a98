package io.gapstream.certificate;

import io.gapstream.contracts.CertificateFile;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.Witness;
import io.gapstream.numerics.verify.Verifier;
import org.jspecify.annotations.Nullable;

/**
 * Multiplications and additions that checking a file takes at most, about, by its sizes alone. In
 * doubles, which do not overflow here.
 */
final class Work {

  /** Factorisations of one matrix, with smaller and smaller margins. */
  private static final double ATTEMPTS = 5;

  /** The same for a Gram matrix. */
  private static final double GRAM_ATTEMPTS = 16;

  /** Over pairs of rows, when columns are found along them. */
  private static final double PASSES = 6;

  private final double n;
  private final double d;

  private Work(double n, double d) {
    this.n = n;
    this.d = d;
  }

  static double of(CertificateFile file) {
    Work work = new Work(file.problem().n(), file.problem().d());
    double total = work.n * (work.d + 2) * (file.upper().network().m() + 1.0);
    if (file.lower().value() > 0) {
      total += work.of(file.lower().witness().plus()) + work.of(file.lower().witness().minus());
    }
    return total;
  }

  private double of(Witness witness) {
    if (witness instanceof Witness.ConeTree tree) {
      // A cone costs a byte at least: a leaf an elimination, and every other one a pass over the
      // rows; so do the steps, whose bytes are more, and the orthants.
      double leaf = 2 * d * d * (d + 2);
      double bytes = tree.tree().size();
      double orthants = Math.min(Math.scalb(1.0, (int) d), bytes + 1);
      return bytes * (n * (d + 1) + leaf) + orthants * 4 * n * d;
    }
    if (witness instanceof Witness.Quartic) {
      double order = d + d * (d + 1) / 2;
      return 2 * n * d * d * d * d / 24
          + 2 * n * d * d * d
          + order * order * (2 + GRAM_ATTEMPTS * order / 6);
    }
    if (witness instanceof Witness.Pairs pairs) {
      double order = order();
      double count = pairs.pairs().size() / 3.0;
      return fewerColumns()
          + 2 * order * order * (n + count)
          + metric(pairs.metric())
          + ATTEMPTS * (n * n * (n / 6 + 60) + order * order * (order / 6 + 60));
    }
    if (witness instanceof Witness.Quadratic quadratic) {
      double order = order();
      return fewerColumns()
          + 2 * n * order * order
          + metric(quadratic.metric())
          + ATTEMPTS * order * order * (order / 6 + 60);
    }
    return 3 * n * d;
  }

  /** Of the matrices in u. */
  private double order() {
    return d > Verifier.MOST_COLUMNS ? Math.min(n, d) : d;
  }

  /** What finding columns along the rows takes, where they are fewer, and measuring them. */
  private double fewerColumns() {
    return d > n ? PASSES * n * n * d : 0;
  }

  private double metric(@Nullable NumericArray metric) {
    return metric == null ? 0 : 2 * metric.size() * (n + d);
  }
}
