package io.gapstream.contracts;

import org.jspecify.annotations.Nullable;

/**
 * What proves a lower bound {@code s (y . nu) - 1/2 s^2 ||nu||^2}; see docs/mathematics.md.
 *
 * @param dual {@code nu}, n
 * @param scale {@code s}, 0 or above; {@code s T <= beta} is to hold
 * @param plus proves {@code T >= tau_+(nu)}
 * @param minus proves {@code T >= tau_+(-nu)}; its rows with positive sign are those of {@code -nu}
 */
public record LowerEvidence(NumericArray dual, double scale, Witness plus, Witness minus) {

  /** Checks that everything is there. */
  public LowerEvidence {
    Check.present(dual, "lower.dual").require("lower.dual", dual.size());
    Check.count(dual.size(), 1, Limits.MAX_ROWS, "rows of lower.dual");
    Check.nonNegative(scale, "lower.scale");
    Check.present(plus, "lower.plus");
    Check.present(minus, "lower.minus");
  }

  /**
   * Refuses evidence that does not belong to {@code n x d} data: the lengths and limits that the
   * data and the signs of nu decide. Messages and certificate files are held to the same, so that
   * what is accepted from one can always be written to the other.
   *
   * @throws InvalidMessageException if something does not fit; the reason says what
   */
  public void requireFits(int n, int d) {
    dual.require("lower.dual", n);
    requireFits(plus, dual, 1, d);
    requireFits(minus, dual, -1, d);
  }

  /**
   * The same for one witness.
   *
   * @param sign 1 for the witness of {@code nu}, -1 for that of {@code -nu}
   */
  static void requireFits(Witness witness, NumericArray dual, int sign, int d) {
    String place = sign > 0 ? "lower.plus." : "lower.minus.";
    int above = 0;
    int below = 0;
    for (double entry : dual.values()) {
      above += sign * entry > 0 ? 1 : 0;
      below += sign * entry < 0 ? 1 : 0;
    }
    if (witness instanceof Witness.ConeTree) {
      Check.count(d, 1, Limits.MAX_TREE_COLUMNS, "d with rung cone-bnb");
    } else if (witness instanceof Witness.Quartic quartic) {
      Check.count(d, 1, Limits.MAX_QUARTIC_COLUMNS, "d with rung quartic");
      long order = d + d * (d + 1L) / 2;
      requireLength(quartic.touch(), above, place + "touch");
      requireLength(quartic.slope(), below, place + "slope");
      requireLength(quartic.offset(), below, place + "offset");
      requireLength(quartic.gram(), order * (order + 1) / 2, place + "gram");
    } else if (witness instanceof Witness.Pairs pairs) {
      requireLength(pairs.squares(), dual.size(), place + "squares");
      requireRows(pairs.metric(), d, place);
    } else if (witness instanceof Witness.Quadratic quadratic) {
      requireLength(quadratic.mu(), above, place + "mu");
      requireLength(quadratic.theta(), below, place + "theta");
      requireLength(quadratic.sigma(), below, place + "sigma");
      requireRows(quadratic.metric(), d, place);
    }
  }

  private static void requireLength(NumericArray vector, long length, String field) {
    Check.that(
        vector.size() == length,
        "%s has %s numbers; with these data and this dual vector it must have %s.",
        field,
        vector.size(),
        length);
  }

  private static void requireRows(@Nullable NumericArray metric, int d, String place) {
    Check.that(
        metric == null || metric.shape()[0] == d,
        "%smetric has %s rows; the data have %s columns, and each needs one.",
        place,
        metric == null ? 0 : metric.shape()[0],
        d);
  }

  /** The lesser of the two rungs: what the bound rests on. */
  public Rung rung() {
    return plus.rung().compareTo(minus.rung()) >= 0 ? plus.rung() : minus.rung();
  }
}
