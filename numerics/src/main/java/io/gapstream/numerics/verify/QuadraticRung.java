package io.gapstream.numerics.verify;

import io.gapstream.numerics.bound.Witness;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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
 * <p>{@code A} is proved to have {@code lambda_min(A) >= delta > 0} by a Cholesky factorisation of
 * {@code A - (delta + errors) I} that runs to its end (Rump, Verification of positive definiteness,
 * BIT 46, 2006). The maximum is then bounded from an approximate solution w of {@code 2 A w = c}:
 * for every u, {@code c.u - u'Au <= c.w - w'Aw + ||c - 2Aw||^2 / (4 delta)}.
 */
final class QuadraticRung {

  /** Rows that are added up before their sum is added to the total, which keeps the error small. */
  private static final int BLOCK = 256;

  /**
   * More than everything that underflow can cost: each product loses at most 2^-1075, is multiplied
   * by no more than 2^400 afterwards, and there are fewer than 2^60 of them.
   */
  private static final double UNDERFLOW = 0x1p-600;

  private static final double LEAST_MU = 0x1p-200;
  private static final double MOST = 0x1p200;

  private static final double[] DELTAS = {0x1p-16, 0x1p-24, 0x1p-30, 0x1p-36, 0x1p-42};

  private final int n;
  private final int d;
  private final double[] x;

  /** The dual vector with its sign. */
  private final double[] nu;

  private final double lambda;

  /** {@code S = W W'}: {@code d x rank}, row-major; empty for the identity. */
  private final double[] metric;

  /** At least {@code ||W||_F^2}; 1 for the identity. */
  private final double metricSize;

  /**
   * Row i adds {@code linear[i] x_i} to c, {@code quadratic[i] x_i x_i'} to Q and {@code kink[i]
   * x_i x_i'} to -B.
   */
  private final double[] linear;

  private final double[] quadratic;
  private final double[] kink;

  private QuadraticRung(ScaledDual scaled, double[] nu, double[] metric, double lambda) {
    this.n = scaled.n;
    this.d = scaled.d;
    this.x = scaled.x;
    this.nu = nu;
    this.lambda = lambda;
    this.linear = new double[n];
    this.quadratic = new double[n];
    this.kink = new double[n];
    this.metric = metric;
    double size = metric.length == 0 ? 1 : Rounding.normUp(metric);
    this.metricSize = Rounding.multiplyUp(size, size);
  }

  static TauBound bound(ScaledDual scaled, int sign, Witness.Quadratic witness) {
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
    double[] metric = scaledMetric(witness.metric(), scaled.d);
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
    QuadraticRung rung = new QuadraticRung(scaled, nu, metric, lambda);
    double[] reach = rung.metricNormsUp(norms);
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

  /**
   * A matrix W with entries below 2 whose {@code S = W W'} serves as well as that of the witness: a
   * multiple of S gives the same bound, and what rounding the tiny entries makes of S is as good.
   * Null when the witness has no such matrix.
   */
  private static double @Nullable [] scaledMetric(double[] metric, int d) {
    double largest = 0;
    for (double entry : metric) {
      if (!Double.isFinite(entry)) {
        return null;
      }
      largest = Math.max(largest, Math.abs(entry));
    }
    if (metric.length % d != 0) {
      return null;
    }
    double[] scaled = metric.clone();
    for (int k = 0; k < scaled.length && largest > 0; k++) {
      scaled[k] = Math.scalb(scaled[k], -Math.getExponent(largest));
    }
    return scaled;
  }

  /**
   * At least {@code ||S x_i||} for every row. With {@code p = W'x} the computed p and W p are off
   * by at most {@code gamma_d |W|'|x|} and {@code gamma_rank |W||p|}, so what is computed of W W'x
   * is off by at most {@code (gamma_d + gamma_rank) ||W||_F^2 ||x||} and terms of second order.
   */
  private double[] metricNormsUp(double[] norms) {
    if (metric.length == 0) {
      return norms;
    }
    int rank = metric.length / d;
    double relative = Rounding.multiplyUp(Rounding.gamma(d + rank + 8L), metricSize);
    double[] result = new double[n];
    double[] p = new double[rank];
    double[] image = new double[d];
    for (int i = 0; i < n; i++) {
      Arrays.fill(p, 0);
      for (int k = 0; k < d; k++) {
        for (int j = 0; j < rank; j++) {
          p[j] += metric[k * rank + j] * x[i * d + k];
        }
      }
      for (int k = 0; k < d; k++) {
        double sum = 0;
        for (int j = 0; j < rank; j++) {
          sum += metric[k * rank + j] * p[j];
        }
        image[k] = sum;
      }
      double error = Rounding.addUp(Rounding.multiplyUp(relative, norms[i]), UNDERFLOW);
      result[i] = Rounding.addUp(Rounding.normUp(image), error);
    }
    return result;
  }

  private TauBound complete(double constant, double[] norms) {
    // Each coefficient carries at most six roundings of values no larger than |nu_i| and its own
    // magnitude; each sum over rows is taken in blocks, which are then added.
    int rank = metric.length / d;
    double gamma = Rounding.gamma(BLOCK + n / BLOCK + d + rank + 32L);
    double[] c = new double[d];
    double[] cError = new double[d];
    linearPart(c, cError, gamma);
    double cRadius = Rounding.addUp(Rounding.normUp(cError), UNDERFLOW);

    double[] a = matrix();
    double trace = lambda;
    for (int i = 0; i < n; i++) {
      trace += (Math.abs(quadratic[i]) + Math.abs(kink[i]) * metricSize) * norms[i] * norms[i];
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

    double best = Double.NaN;
    for (double factor : DELTAS) {
      double delta = Rounding.multiplyDown(factor, lambda);
      double shift = Rounding.addUp(Rounding.addUp(delta, aRadius), choleskyError(trace));
      double[] factorisation = cholesky(a, shift);
      if (delta > 0 && factorisation != null) {
        double maximum = maximumUp(a, factorisation, c, cRadius, aRadius, delta);
        if (best <= maximum) {
          break; // A smaller delta makes w better and the remainder's divisor smaller.
        }
        best = maximum;
      }
    }
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
    double[] product = timesMetric(sum(kink));
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

  /** {@code B S = (B W) W'}. */
  private double[] timesMetric(double[] b) {
    if (metric.length == 0) {
      return b;
    }
    int rank = metric.length / d;
    double[] bw = new double[d * rank];
    double[] product = new double[d * d];
    for (int k = 0; k < d; k++) {
      for (int l = 0; l < d; l++) {
        for (int j = 0; j < rank; j++) {
          bw[k * rank + j] += b[k * d + l] * metric[l * rank + j];
        }
      }
      for (int l = 0; l < d; l++) {
        double sum = 0;
        for (int j = 0; j < rank; j++) {
          sum += bw[k * rank + j] * metric[l * rank + j];
        }
        product[k * d + l] = sum;
      }
    }
    return product;
  }

  /**
   * If the floating-point Cholesky factorisation of a symmetric B ends, then {@code lambda_min(B)
   * >= -gamma_{d+1} / (1 - gamma_{d+1}) tr(B)}; the trace of B is at most d times that of lambda I
   * plus that of |Q|.
   */
  private double choleskyError(double trace) {
    return Rounding.addUp(
        Rounding.multiplyUp(Rounding.gamma(d + 1L), Rounding.multiplyUp(2.0 * d, trace)),
        UNDERFLOW);
  }

  /** The lower factor of {@code a - shift I}, or null when a pivot is not positive. */
  private double @Nullable [] cholesky(double[] a, double shift) {
    double[] l = new double[d * d];
    for (int j = 0; j < d; j++) {
      double pivot = Math.nextDown(a[j * d + j] - shift);
      for (int k = 0; k < j; k++) {
        pivot -= l[j * d + k] * l[j * d + k];
      }
      if (!(pivot > 0)) {
        return null;
      }
      double root = Math.sqrt(pivot);
      l[j * d + j] = root;
      for (int i = j + 1; i < d; i++) {
        double sum = a[i * d + j];
        for (int k = 0; k < j; k++) {
          sum -= l[i * d + k] * l[j * d + k];
        }
        l[i * d + j] = sum / root;
      }
    }
    return l;
  }

  /** At least the maximum of {@code c.u - u'Au} over all u. */
  private double maximumUp(
      double[] a, double[] factor, double[] c, double cRadius, double aRadius, double delta) {
    double[] w = solve(factor, c);
    double[] residual = new double[d];
    // A few steps of iterative refinement, since the factor is of a shifted matrix.
    for (int step = 0; step < 60; step++) {
      double before = Rounding.dotUp(residual, residual);
      residual(a, c, w, residual);
      double after = Rounding.dotUp(residual, residual);
      if (after == 0 || step > 0 && after >= before * 0.9) {
        break;
      }
      double[] correction = solve(factor, residual);
      for (int k = 0; k < d; k++) {
        w[k] += correction[k];
      }
    }
    for (double entry : w) {
      if (!Double.isFinite(entry)) {
        return Double.POSITIVE_INFINITY;
      }
    }
    double wNorm = Rounding.normUp(w);
    double[] product = new double[d];
    double productError = 0;
    double[] row = new double[d];
    for (int k = 0; k < d; k++) {
      System.arraycopy(a, k * d, row, 0, d);
      double upper = Rounding.dotUp(row, w);
      double lower = Rounding.dotDown(row, w);
      product[k] = lower + 0.5 * (upper - lower);
      productError = Math.max(productError, Rounding.addUp(upper - lower, Math.ulp(upper)));
    }
    // ||A w - product|| from the rounding of each entry and from the error of A.
    double spread =
        Rounding.addUp(
            Rounding.multiplyUp(Rounding.sqrtUp(d), productError),
            Rounding.multiplyUp(aRadius, wNorm));

    double linearTerm = Rounding.addUp(Rounding.dotUp(c, w), Rounding.multiplyUp(cRadius, wNorm));
    double quadraticTerm =
        Rounding.subtractDown(Rounding.dotDown(w, product), Rounding.multiplyUp(spread, wNorm));
    double[] rest = new double[d];
    for (int k = 0; k < d; k++) {
      double difference = c[k] - 2 * product[k];
      rest[k] = Math.nextUp(Math.abs(difference));
    }
    double gradient =
        Rounding.addUp(
            Rounding.normUp(rest), Rounding.addUp(cRadius, Rounding.multiplyUp(2, spread)));
    double remainder =
        Math.nextUp(Rounding.multiplyUp(gradient, gradient) / Rounding.multiplyDown(4, delta));
    return Rounding.addUp(Math.nextUp(linearTerm - quadraticTerm), remainder);
  }

  /** {@code c - 2 A w} in plain floating point. */
  private void residual(double[] a, double[] c, double[] w, double[] out) {
    for (int k = 0; k < d; k++) {
      double sum = 0;
      for (int l = 0; l < d; l++) {
        sum += a[k * d + l] * w[l];
      }
      out[k] = c[k] - 2 * sum;
    }
  }

  /** About {@code 1/2 (L L')^{-1} b}. */
  private double[] solve(double[] l, double[] b) {
    double[] w = new double[d];
    for (int k = 0; k < d; k++) {
      double sum = 0.5 * b[k];
      for (int j = 0; j < k; j++) {
        sum -= l[k * d + j] * w[j];
      }
      w[k] = sum / l[k * d + k];
    }
    for (int k = d - 1; k >= 0; k--) {
      double sum = w[k];
      for (int j = k + 1; j < d; j++) {
        sum -= l[j * d + k] * w[j];
      }
      w[k] = sum / l[k * d + k];
    }
    return w;
  }
}
