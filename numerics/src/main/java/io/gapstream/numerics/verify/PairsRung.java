package io.gapstream.numerics.verify;

import io.gapstream.numerics.Pace;
import io.gapstream.numerics.bound.Witness;

/**
 * Rung {@code pairs} with every rounding error bounded. For any b, w, {@code a >= 0}, {@code theta}
 * in [0, 1], {@code sigma} in [-1, 1], symmetric S, {@code rho_i >= ||S x_i||} and {@code lambda >=
 * 0},
 *
 * <pre>tau_+(nu) <= lambda + max over u of (c.u - u'Au) + max over z of (h.z - z'Mz),
 * h = 1/2 nu + a,
 * M = diag(b) - 1/2 sum_p |w_p| (e_i e_j' + e_j e_i'),
 * c = sum_i (1/2 nu_i - a_i (1 - theta_i) sigma_i) x_i,
 * A = lambda I - sum_i b_i x_i x_i' + 1/2 sum_p w_p (x_i x_j' + x_j x_i') + 1/2 (B S + S B),
 * B = sum_i a_i (theta_i / rho_i) x_i x_i'.</pre>
 *
 * <p>Proof: let {@code ||u|| <= 1}, {@code t = X u} and {@code z_i = |t_i|}, so that {@code sum_i
 * nu_i (t_i)_+ = 1/2 nu.t + 1/2 nu.z}. To this add {@code b_i (t_i^2 - z_i^2) = 0}, {@code |w_p|
 * z_i z_j - w_p t_i t_j >= 0}, {@code a_i (z_i - t_i l_i) >= 0} with {@code l_i = (1 - theta_i)
 * sigma_i + theta_i (S x_i.u) / rho_i}, which is at most 1 in magnitude, and {@code lambda (1 -
 * ||u||^2) >= 0}; then let u and z be free.
 *
 * <p>Each row is divided by a power of two so that its norm, as far as it is told from 0 in
 * doubles, lies near 1; that is exact, since it makes numbers larger. An entry of nu is multiplied
 * by the same and may then lose up to {@code 2^-1075} below the least normal number: less than
 * {@code n 2^-1074} in all of c and of h, which {@link QuadraticRung#UNDERFLOW} covers. What b, a
 * and w lose does not matter: every b, a and w serve.
 */
final class PairsRung {

  /** More rows than that are refused: M is a full matrix of this order. */
  private static final int MOST_ROWS = 2000;

  private final Pace pace;
  private final int n;
  private final int d;

  /** The rows that are not zero, divided by powers of two; {@code n x d}, row-major. */
  private final double[] x;

  /** The dual vector with its sign, multiplied by the powers of two. */
  private final double[] nu;

  private final double[] norms;

  /** For each row of X its place among those that are not zero, or -1. */
  private final int[] place;

  private final int[] exponents;

  private PairsRung(ScaledDual scaled, int sign, Pace pace) {
    this.pace = pace;
    d = scaled.d;
    double[] allNorms = QuadraticRung.rowNormsUp(scaled);
    place = new int[scaled.n];
    exponents = new int[scaled.n];
    int rows = 0;
    for (int i = 0; i < scaled.n; i++) {
      exponents[i] = Math.getExponent(allNorms[i]);
      place[i] = allNorms[i] > 0 ? rows++ : -1;
    }
    n = rows;
    x = new double[n * d];
    nu = new double[n];
    norms = new double[n];
    for (int i = 0; i < scaled.n; i++) {
      if (place[i] >= 0) {
        for (int k = 0; k < d; k++) {
          x[place[i] * d + k] = Math.scalb(scaled.x[i * d + k], -exponents[i]);
        }
        nu[place[i]] = sign * Math.scalb(scaled.nu[i], exponents[i]);
        norms[place[i]] = Math.scalb(allNorms[i], -exponents[i]);
      }
    }
  }

  static TauBound bound(ScaledDual scaled, int sign, Witness.Pairs witness, Pace pace) {
    int rows = scaled.n;
    int pairs = witness.weights().length;
    if (rows > MOST_ROWS) {
      return TauBound.nothing("there are %d rows; at most %d are checked.", rows, MOST_ROWS);
    }
    if (witness.squares().length != rows
        || witness.anchors().length != rows
        || witness.theta().length != rows
        || witness.sigma().length != rows
        || witness.first().length != pairs
        || witness.second().length != pairs) {
      return TauBound.nothing(
          "there are %d squares, %d anchors, %d theta, %d sigma for %d rows, and %d first and %d"
              + " second rows for %d weights.",
          witness.squares().length,
          witness.anchors().length,
          witness.theta().length,
          witness.sigma().length,
          rows,
          witness.first().length,
          witness.second().length,
          pairs);
    }
    Metric metric = Metric.of(witness.metric(), scaled.d);
    if (metric == null) {
      return TauBound.nothing(
          "the metric has %d entries and the data have %d columns; it must have a row of finite"
              + " numbers for each column.",
          witness.metric().length, scaled.d);
    }
    Double lambda = Double.isFinite(witness.lambda()) ? scaled.scaleLambda(witness.lambda()) : null;
    if (lambda == null || !(lambda >= 0 && lambda <= QuadraticRung.MOST)) {
      return TauBound.nothing(
          "lambda is %s; it must not be negative and must be in proportion to X and nu.",
          witness.lambda());
    }
    return new PairsRung(scaled, sign, pace).bound(scaled, witness, metric, lambda);
  }

  private TauBound bound(ScaledDual scaled, Witness.Pairs witness, Metric metric, double lambda) {
    int pairs = witness.weights().length;
    // A pair adds two terms to an entry, so a sum has up to n + 2 pairs of them, with a few
    // roundings each. Rounding.gamma is 2 (n + pairs + ...) u, which is above gamma_{n + 2 pairs
    // + ...}; the rounding of the sums of magnitudes is taken into account below.
    double gamma = Rounding.gamma((long) n + pairs + metric.depth() + 32);
    double[] reach = metric.normsUp(x, norms, pace);
    double[] q = new double[d * d];
    double[] kinks = new double[d * d];
    double[] c = new double[d];
    double[] cError = new double[d];
    double[] m = new double[n * n];
    double[] h = new double[n];
    double traceOfM = 0;
    double largest = 0;
    double trace = lambda;
    for (int row = 0; row < scaled.n; row++) {
      int i = place[row];
      if (i < 0) {
        continue;
      }
      // Whatever rounding makes of b and a, it is a witness too.
      double b = scaled.scaleRatio(witness.squares()[row], 2 * exponents[row]);
      double a = scaled.scaleDual(witness.anchors()[row], exponents[row]);
      double theta = witness.theta()[row];
      double sigma = witness.sigma()[row];
      if (!(Math.abs(b) <= QuadraticRung.MOST) || !(a >= 0 && a <= QuadraticRung.MOST)) {
        return TauBound.nothing(
            "b is %s and a is %s at row %d; they must be in proportion to X and nu, and a not"
                + " negative.",
            witness.squares()[row], witness.anchors()[row], row);
      }
      if (!(theta >= 0 && theta <= 1) || !(sigma >= -1 && sigma <= 1)) {
        return TauBound.nothing(
            "theta is %s and sigma is %s at row %d; they must be in [0, 1] and [-1, 1].",
            theta, sigma, row);
      }
      double linear = 0.5 * nu[i] - a * ((1 - theta) * sigma);
      double kink = reach[i] < QuadraticRung.LEAST_MU ? 0 : a * (theta / reach[i]);
      for (int k = 0; k < d; k++) {
        c[k] += linear * x[i * d + k];
        cError[k] += (0.5 * Math.abs(nu[i]) + a) * Math.abs(x[i * d + k]);
      }
      addOuter(b, i, i, q);
      addOuter(kink, i, i, kinks);
      trace += (Math.abs(b) + kink * metric.size()) * norms[i] * norms[i];
      m[i * n + i] = b;
      traceOfM += Math.abs(b);
      largest = Math.max(largest, b);
      h[i] = 0.5 * nu[i] + a;
    }
    for (int p = 0; p < pairs; p++) {
      int row = witness.first()[p];
      int column = witness.second()[p];
      if (row >= scaled.n || column < 0 || column >= row || place[row] < 0 || place[column] < 0) {
        return TauBound.nothing(
            "pair %d is of the rows %d and %d; the first must be the larger, and neither zero.",
            p, row, column);
      }
      int i = place[row];
      int j = place[column];
      double w = scaled.scaleRatio(witness.weights()[p], exponents[row] + exponents[column]);
      if (!(Math.abs(w) <= QuadraticRung.MOST) || m[i * n + j] != 0) {
        return TauBound.nothing(
            "the weight is %s at pair %d; it must be in proportion to X and nu, and the pair not"
                + " twice there.",
            witness.weights()[p], p);
      }
      m[i * n + j] = -0.5 * Math.abs(w);
      m[j * n + i] = m[i * n + j];
      addOuter(-0.5 * w, i, j, q);
      addOuter(-0.5 * w, j, i, q);
      trace += Math.abs(w) * norms[i] * norms[j];
    }
    if (n == 0) {
      return new TauBound.AtMost(lambda);
    }
    double cRadius =
        Rounding.addUp(
            Rounding.multiplyUp(
                Rounding.multiplyUp(gamma, Rounding.normUp(cError)), 1 + Rounding.gamma(n)),
            QuadraticRung.UNDERFLOW);
    // A sum of q v w' is off by at most gamma sum |q| |v| |w|', whose norm is at most sum |q| ||v||
    // ||w||; B is multiplied by S.
    double aRadius =
        Rounding.addUp(
            Rounding.multiplyUp(
                Rounding.multiplyUp(gamma, trace), 1 + Rounding.gamma((long) n + pairs)),
            QuadraticRung.UNDERFLOW);
    double[] a = matrix(lambda, q, metric.times(kinks, pace));
    double ofU = FormMaximum.up(d, a, aRadius, 2.0 * d * trace, c, cRadius, lambda, pace);
    if (Double.isNaN(ofU)) {
      return TauBound.nothing("the matrix of u is not definite by a margin that can be proved.");
    }
    double hRadius =
        Rounding.addUp(
            Rounding.multiplyUp(Rounding.gamma(1), Rounding.normUp(h)), QuadraticRung.UNDERFLOW);
    double ofZ =
        FormMaximum.up(n, m, QuadraticRung.UNDERFLOW, 2 * traceOfM, h, hRadius, largest, pace);
    return Double.isNaN(ofZ)
        ? TauBound.nothing("the matrix of z is not definite by a margin that can be proved.")
        : new TauBound.AtMost(Rounding.addUp(Rounding.addUp(ofU, ofZ), lambda));
  }

  /** Adds {@code factor x_i x_j'}. */
  private void addOuter(double factor, int i, int j, double[] to) {
    pace.count((long) d * d);
    for (int k = 0; k < d; k++) {
      double scaled = factor * x[i * d + k];
      if (scaled != 0) {
        for (int l = 0; l < d; l++) {
          to[k * d + l] += scaled * x[j * d + l];
        }
      }
    }
  }

  /** {@code lambda I - Q + 1/2 (B S + S B)}, {@code d x d}, exactly symmetric. */
  private double[] matrix(double lambda, double[] q, double[] product) {
    double[] a = new double[d * d];
    for (int k = 0; k < d; k++) {
      for (int l = 0; l < k; l++) {
        a[k * d + l] =
            0.5 * (product[k * d + l] + product[l * d + k] - q[k * d + l] - q[l * d + k]);
        a[l * d + k] = a[k * d + l];
      }
      a[k * d + k] = lambda - q[k * d + k] + product[k * d + k];
    }
    return a;
  }
}
