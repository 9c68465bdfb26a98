package io.gapstream.numerics.verify;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;
import io.gapstream.numerics.TimeUpException;
import io.gapstream.numerics.bound.Witness;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Problem;
import java.util.Locale;

/**
 * Derives what the evidence for a bound proves. Nothing about the solver that made the evidence is
 * used, no tolerance enters, and every rounding error is bounded: what is returned as proved is a
 * theorem about the doubles that were given. Evidence may come from an enemy: whatever it holds,
 * the answer is a {@link Finding}, never an exception.
 */
public final class Verifier {

  /**
   * With fewer rows than columns, evidence that proves nothing in as many columns as there are rows
   * is judged in all columns up to this many: full matrices have this order.
   */
  public static final int MOST_COLUMNS = 2000;

  /** With more columns one witness is looked at after the other, since each needs much memory. */
  public static final int SIDE_BY_SIDE_COLUMNS = 1_000;

  private Verifier() {}

  /**
   * The largest lower bound on {@code p*} that the evidence proves: {@code s (y . nu) - 1/2 s^2
   * ||nu||^2}, given that {@code s T <= beta} for the T that the witnesses prove. Bound (L) of
   * docs/mathematics.md.
   *
   * @param dual {@code nu}, n. Not modified.
   * @param scale {@code s}, 0 or above
   * @param plus the witness for {@code T >= tau_+(nu)}
   * @param minus the witness for {@code T >= tau_+(-nu)}
   */
  public static Finding lower(
      Problem problem, double[] dual, double scale, Witness plus, Witness minus) {
    return lower(problem, dual, scale, plus, minus, Deadline.none());
  }

  /**
   * The same within a time.
   *
   * @throws TimeUpException if the deadline's grace ends first: nothing is said about the evidence
   */
  public static Finding lower(
      Problem problem,
      double[] dual,
      double scale,
      Witness plus,
      Witness minus,
      Deadline deadline) {
    Finding finding = LowerBoundVerifier.of(problem).verify(dual, scale, plus, minus, deadline);
    // Fewer columns cost a few roundings, which evidence may lack that uses X to its last digit.
    return finding instanceof Finding.Refuted
            && problem.d() > problem.n()
            && problem.d() <= MOST_COLUMNS
        ? LowerBoundVerifier.inAllColumns(problem).verify(dual, scale, plus, minus, deadline)
        : finding;
  }

  /**
   * The smallest upper bound on {@code p*} that the network proves: the value of (P) at it, rounded
   * up.
   */
  public static Finding upper(Problem problem, Network network) {
    return upper(problem, network, Deadline.none());
  }

  /**
   * The same within a time.
   *
   * @throws TimeUpException if the deadline's grace ends first: nothing is said about the network
   */
  public static Finding upper(Problem problem, Network network, Deadline deadline) {
    if (network.d() != problem.d()) {
      return refuted(
          "The network has %d inputs and the data have %d columns.", network.d(), problem.d());
    }
    double loss = lossUp(problem, network, new Pace(deadline));
    double penalty =
        Rounding.addUp(
            Rounding.dotUp(network.u(), network.u()), Rounding.dotUp(network.a(), network.a()));
    double value =
        Rounding.addUp(
            Rounding.multiplyUp(0.5, loss),
            Rounding.multiplyUp(0.5, Rounding.multiplyUp(problem.beta(), penalty)));
    return value < Double.POSITIVE_INFINITY
        ? new Finding.Proved(value)
        : refuted("The value of (P) at the network overflows.");
  }

  /**
   * At least {@code ||f(X) - y||^2}. With {@code z} the computed {@code x_i . u_j} and {@code e}
   * its error bound, {@code (z)_+} is within e of the exact activation; so the output's error is at
   * most {@code sum_j |a_j| e_j} and that of its own summation.
   */
  private static double lossUp(Problem problem, Network network, Pace pace) {
    int d = problem.d();
    int m = network.m();
    double[] x = problem.x();
    double[] u = network.u();
    double[] a = network.a();
    double gammaInner = Rounding.gamma(d);
    double underflowInner = Rounding.multiplyUp(d, Double.MIN_VALUE);
    double gammaOuter = Rounding.gamma(m);
    double underflowOuter = Rounding.multiplyUp(2.0 * m + 2, Double.MIN_VALUE);
    double[] residual = new double[problem.n()];
    for (int i = 0; i < problem.n(); i++) {
      double output = 0;
      double magnitude = 0;
      double spread = 0;
      for (int j = 0; j < m; j++) {
        pace.count(2L * d);
        double z = 0;
        double zMagnitude = 0;
        for (int k = 0; k < d; k++) {
          double term = x[i * d + k] * u[j * d + k];
          z += term;
          zMagnitude += Math.abs(term);
        }
        double activation = Math.max(z, 0);
        double error = Rounding.addUp(Rounding.multiplyUp(gammaInner, zMagnitude), underflowInner);
        output += a[j] * activation;
        magnitude += Math.abs(a[j]) * activation;
        spread += Math.abs(a[j]) * error;
      }
      double error =
          Rounding.addUp(
              Rounding.addUp(
                  Rounding.multiplyUp(gammaOuter, magnitude),
                  Rounding.multiplyUp(1 + gammaOuter, spread)),
              underflowOuter);
      residual[i] = Rounding.addUp(Math.nextUp(Math.abs(output - problem.y()[i])), error);
    }
    return Rounding.dotUp(residual, residual);
  }

  static Finding.Refuted refuted(String reason, Object... values) {
    return new Finding.Refuted(String.format(Locale.ROOT, reason, values));
  }
}
