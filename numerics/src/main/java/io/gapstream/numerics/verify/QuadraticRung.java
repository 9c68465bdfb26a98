package io.gapstream.numerics.verify;

import io.gapstream.numerics.Pace;
import io.gapstream.numerics.bound.Witness;
import java.util.Arrays;

/**
 * Rung {@code quadratic} with every rounding error bounded. With {@code P = {i: nu_i > 0}}, {@code
 * N = {i: nu_i < 0}}, any symmetric S and any {@code rho_i >= ||S x_i||},
 *
 * <pre>tau_+(nu) <= 1/4 sum_P nu_i mu_i + lambda + max over u of (c.u - u' A u),
 * A = lambda I - Q,
 * c = 1/2 X' nu - 1/2 sum_N (1 - theta_i) sigma_i |nu_i| x_i,
 * Q = 1/4 sum_P (nu_i / mu_i) x_i x_i' - 1/2 (B S + S B),
 * B = 1/2 sum_N theta_i (|nu_i| / rho_i) x_i x_i'.</pre>
 *
 * <p>Proof: {@code (t)_+ = (t + |t|)/2}; {@code |t| <= (t^2/mu + mu)/2}; with {@code t = x_i.u} and
 * {@code ||u|| <= 1}, {@code -|t| <= -t (S x_i.u)/rho_i} and {@code -|t| <= -sigma t}, since the
 * factors of t are at most 1 in magnitude; then {@code c.u + u'Qu <= lambda + c.u - u'(lambda I -
 * Q)u} for {@code ||u|| <= 1}.
 *
 * <p>{@link FormMaximum} bounds the maximum.
 */
final class QuadraticRung {

  /** Rows that are added up before their sum is added to the total, which keeps the error small. */
  private static final int BLOCK = 256;

  /**
   * More than everything that underflow can cost: each product loses at most 2^-1075, is multiplied
   * by no more than 2^400 afterwards, and there are fewer than 2^60 of them.
   */
  static final double UNDERFLOW = 0x1p-600;

  static final double LEAST_MU = 0x1p-200;
  static final double MOST = 0x1p200;

  private final int n;
  private final int d;
  private final double[] x;

  /** The dual vector with its sign. */
  private final double[] nu;

  private final double lambda;

  private final Metric metric;
  private final Pace pace;

  /**
   * Row i adds {@code linear[i] x_i} to c, {@code quadratic[i] x_i x_i'} to Q and {@code kink[i]
   * x_i x_i'} to -B.
   */
  private final double[] linear;

  private final double[] quadratic;
  private final double[] kink;

  private QuadraticRung(ScaledDual scaled, double[] nu, Metric metric, double lambda, Pace pace) {
    this.pace = pace;
    this.n = scaled.n;
    this.d = scaled.d;
    this.x = scaled.x;
    this.nu = nu;
    this.lambda = lambda;
    this.linear = new double[n];
    this.quadratic = new double[n];
    this.kink = new double[n];
    this.metric = metric;
  }

  static TauBound bound(ScaledDual scaled, int sign, Witness.Quadratic witness, Pace pace) {
    double[] nu = new double[scaled.n];
    int positive = 0;
    int negative = 0;
    for (int i = 0; i < scaled.n; i++) {
      nu[i] = sign * scaled.nu[i];
      positive += nu[i] > 0 ? 1 : 0;
      negative += nu[i] < 0 ? 1 : 0;
    }
    if (witness.mu().length != positive
        || witness.theta().length != negative
        || witness.sigma().length != negative) {
      return TauBound.nothing(
          "there are %d mu, %d theta and %d sigma; %d rows have a positive and %d a negative sign.",
          witness.mu().length, witness.theta().length, witness.sigma().length, positive, negative);
    }
    Metric metric = Metric.of(witness.metric(), scaled.d);
    if (metric == null) {
      return TauBound.nothing(
          "the metric has %d entries and the data have %d columns; it must have a row of finite"
              + " numbers for each column.",
          witness.metric().length, scaled.d);
    }
    Double lambda = Double.isFinite(witness.lambda()) ? scaled.scaleLambda(witness.lambda()) : null;
    if (lambda == null || !(lambda >= 0 && lambda <= MOST)) {
      return TauBound.nothing(
          "lambda is %s; it must not be negative and must be in proportion to X and nu.",
          witness.lambda());
    }
    double[] norms = rowNormsUp(scaled);
    QuadraticRung rung = new QuadraticRung(scaled, nu, metric, lambda, pace);
    double[] reach = metric.normsUp(scaled.x, norms, pace);
    double[] weights = new double[positive];
    double[] mus = new double[positive];
    int p = 0;
    int q = 0;
    for (int i = 0; i < scaled.n; i++) {
      if (nu[i] > 0) {
        Double mu = Double.isFinite(witness.mu()[p]) ? scaled.scaleMu(witness.mu()[p]) : null;
        if (mu == null || !(mu >= LEAST_MU && mu <= MOST)) {
          return TauBound.nothing(
              "mu is %s at position %d; it must be above 0 and in proportion to X.",
              witness.mu()[p], p);
        }
        weights[p] = nu[i];
        mus[p] = mu;
        rung.linear[i] = 0.5 * nu[i];
        rung.quadratic[i] = 0.25 * (nu[i] / mu);
        p++;
      } else if (nu[i] < 0) {
        double theta = witness.theta()[q];
        double sigma = witness.sigma()[q];
        if (!(theta >= 0 && theta <= 1) || !(sigma >= -1 && sigma <= 1)) {
          return TauBound.nothing(
              "theta is %s and sigma is %s at position %d; they must be in [0, 1] and [-1, 1].",
              theta, sigma, q);
        }
        rung.linear[i] = 0.5 * nu[i] * (1 + (1 - theta) * sigma);
        rung.kink[i] = reach[i] < LEAST_MU ? 0 : 0.5 * theta * (nu[i] / reach[i]);
        q++;
      }
    }
    double constant = Rounding.multiplyUp(0.25, Rounding.dotUp(weights, mus));
    return rung.complete(Rounding.addUp(constant, lambda), norms);
  }

  /** At least {@code ||x_i||} for every row. */
  static double[] rowNormsUp(ScaledDual scaled) {
    double[] norms = new double[scaled.n];
    double[] row = new double[scaled.d];
    for (int i = 0; i < scaled.n; i++) {
      System.arraycopy(scaled.x, i * scaled.d, row, 0, scaled.d);
      double magnitude = 0;
      for (double entry : row) {
        magnitude = Math.max(magnitude, Math.abs(entry));
      }
      norms[i] = magnitude == 0 ? 0 : Rounding.normUp(row);
    }
    return norms;
  }

  private TauBound complete(double constant, double[] norms) {
    // Each coefficient carries at most six roundings of values no larger than |nu_i| and its own
    // magnitude; each sum over rows is taken in blocks, which are then added.
    double gamma = Rounding.gamma(BLOCK + n / BLOCK + metric.depth() + 32L);
    double[] c = new double[d];
    double[] cError = new double[d];
    linearPart(c, cError, gamma);
    double cRadius = Rounding.addUp(Rounding.normUp(cError), UNDERFLOW);

    double[] a = matrix();
    double trace = lambda;
    for (int i = 0; i < n; i++) {
      trace += (Math.abs(quadratic[i]) + Math.abs(kink[i]) * metric.size()) * norms[i] * norms[i];
    }
    // The error of a sum of q_i x_i x_i' is at most gamma sum_i |q_i| |x_i| |x_i|' entrywise; that
    // matrix is positive semidefinite, so its norm is at most its trace. B's error is multiplied by
    // S, and the two products with W and W' add at most (gamma_d + gamma_rank) |B| |W| |W|', of
    // norm
    // at most tr(B) ||W||_F^2. The sums are rounded once more.
    double aRadius =
        Rounding.addUp(
            Rounding.multiplyUp(Rounding.multiplyUp(gamma, trace), 1 + Rounding.gamma(n)),
            UNDERFLOW);

    double best = FormMaximum.up(d, a, aRadius, 2.0 * d * trace, c, cRadius, lambda, pace);
    return Double.isNaN(best)
        ? TauBound.nothing("lambda I - Q is not positive definite by a margin that can be proved.")
        : new TauBound.AtMost(Rounding.addUp(constant, best));
  }

  /** c and, entrywise, a bound on its error. */
  private void linearPart(double[] c, double[] error, double gamma) {
    double[] block = new double[d];
    for (int from = 0; from < n; from += BLOCK) {
      Arrays.fill(block, 0);
      for (int i = from; i < Math.min(n, from + BLOCK); i++) {
        for (int k = 0; k < d; k++) {
          block[k] += linear[i] * x[i * d + k];
          error[k] += Math.abs(nu[i] * x[i * d + k]);
        }
      }
      for (int k = 0; k < d; k++) {
        c[k] += block[k];
      }
    }
    // |linear_i| <= |nu_i|, so the sum of |nu_i x_ik| bounds the sum of the terms' magnitudes.
    for (int k = 0; k < d; k++) {
      error[k] = Rounding.multiplyUp(Rounding.multiplyUp(gamma, error[k]), 1 + Rounding.gamma(n));
    }
  }

  /** {@code lambda I - Q}, {@code d x d}, full storage. */
  private double[] matrix() {
    double[] q = sum(quadratic);
    double[] product = metric.times(sum(kink), pace);
    double[] a = new double[d * d];
    for (int k = 0; k < d; k++) {
      for (int l = 0; l < k; l++) {
        a[k * d + l] = -q[k * d + l] - 0.5 * (product[k * d + l] + product[l * d + k]);
        a[l * d + k] = a[k * d + l];
      }
      a[k * d + k] = lambda - q[k * d + k] - product[k * d + k];
    }
    return a;
  }

  /** {@code sum_i weight_i x_i x_i'}, {@code d x d}, full storage. */
  private double[] sum(double[] weight) {
    double[] sum = new double[d * d];
    double[] block = new double[d * d];
    for (int from = 0; from < n; from += BLOCK) {
      Arrays.fill(block, 0);
      for (int i = from; i < Math.min(n, from + BLOCK); i++) {
        pace.count((long) d * d / 2);
        for (int k = 0; k < d; k++) {
          double factor = weight[i] * x[i * d + k];
          if (factor != 0) {
            for (int l = 0; l <= k; l++) {
              block[k * d + l] += factor * x[i * d + l];
            }
          }
        }
      }
      for (int k = 0; k < d; k++) {
        for (int l = 0; l <= k; l++) {
          sum[k * d + l] += block[k * d + l];
        }
      }
    }
    for (int k = 0; k < d; k++) {
      for (int l = 0; l < k; l++) {
        sum[l * d + k] = sum[k * d + l];
      }
    }
    return sum;
  }
}
