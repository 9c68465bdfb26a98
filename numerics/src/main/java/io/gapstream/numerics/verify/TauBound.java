package io.gapstream.numerics.verify;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;
import io.gapstream.numerics.bound.Witness;
import java.util.Locale;

/** What a witness proves about {@code tau_+} of the scaled dual vector. */
sealed interface TauBound {

  /** {@code tau_+ <= value}. */
  record AtMost(double value) implements TauBound {}

  /** The witness proves nothing. */
  record Nothing(String reason) implements TauBound {}

  /**
   * @param sign 1 for {@code tau_+(nu)}, -1 for {@code tau_+(-nu)}
   */
  static TauBound of(ScaledDual scaled, int sign, Witness witness) {
    return of(scaled, sign, witness, new Pace(Deadline.none()));
  }

  /**
   * The same within a time.
   *
   * @param sign 1 for {@code tau_+(nu)}, -1 for {@code tau_+(-nu)}
   * @param pace of whoever waits for the result
   */
  static TauBound of(ScaledDual scaled, int sign, Witness witness, Pace pace) {
    TauBound bound;
    if (witness instanceof Witness.ConeTree tree) {
      bound = ConeTreeRung.bound(scaled, sign, tree, pace);
    } else if (witness instanceof Witness.Pairs pairs) {
      bound = PairsRung.bound(scaled, sign, pairs, pace);
    } else if (witness instanceof Witness.Quadratic quadratic) {
      bound = QuadraticRung.bound(scaled, sign, quadratic, pace);
    } else if (witness instanceof Witness.Quartic quartic) {
      bound = QuarticRung.bound(scaled, sign, quartic, pace);
    } else {
      bound = triangle(scaled);
    }
    return bound instanceof AtMost atMost && !(atMost.value() < Double.POSITIVE_INFINITY)
        ? nothing("the bound overflows.")
        : bound;
  }

  static Nothing nothing(String reason, Object... values) {
    return new Nothing(String.format(Locale.ROOT, reason, values));
  }

  /**
   * {@code tau_+(nu) <= 1/2 ||X' nu|| + 1/2 sum_i |nu_i| r_i}, the same for both signs: {@code
   * (t)_+ = (t + |t|) / 2}.
   */
  private static TauBound triangle(ScaledDual scaled) {
    int d = scaled.d;
    double[] column = new double[scaled.n];
    double[] upper = new double[d];
    for (int k = 0; k < d; k++) {
      for (int i = 0; i < scaled.n; i++) {
        column[i] = scaled.x[i * d + k];
      }
      upper[k] =
          Math.max(
              Math.abs(Rounding.dotUp(column, scaled.nu)),
              Math.abs(Rounding.dotDown(column, scaled.nu)));
    }
    double[] norms = QuadraticRung.rowNormsUp(scaled);
    double[] magnitudes = new double[scaled.n];
    for (int i = 0; i < scaled.n; i++) {
      magnitudes[i] = Math.abs(scaled.nu[i]);
    }
    return new AtMost(
        Rounding.multiplyUp(
            0.5, Rounding.addUp(Rounding.normUp(upper), Rounding.dotUp(magnitudes, norms))));
  }
}
