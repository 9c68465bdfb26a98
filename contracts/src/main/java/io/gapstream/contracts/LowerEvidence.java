package io.gapstream.contracts;

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

  /** The lesser of the two rungs: what the bound rests on. */
  public Rung rung() {
    return plus.rung().compareTo(minus.rung()) >= 0 ? plus.rung() : minus.rung();
  }
}
