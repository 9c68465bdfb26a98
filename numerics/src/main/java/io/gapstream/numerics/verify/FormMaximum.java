package io.gapstream.numerics.verify;

import io.gapstream.numerics.Pace;
import org.jspecify.annotations.Nullable;

/**
 * The maximum of {@code c.u - u'Au} over all u, bounded from above. A is proved to have {@code
 * lambda_min(A) >= delta > 0} by a Cholesky factorisation of {@code A - (delta + errors) I} that
 * runs to its end (Rump, Verification of positive definiteness, BIT 46, 2006). The maximum is then
 * bounded from an approximate solution w of {@code 2 A w = c}: for every u, {@code c.u - u'Au <=
 * c.w - w'Aw + ||c - 2Aw||^2 / (4 delta)}.
 */
final class FormMaximum {

  private static final double[] DELTAS = {0x1p-16, 0x1p-24, 0x1p-30, 0x1p-36, 0x1p-42};

  private final int d;
  private final Pace pace;

  private FormMaximum(int d, Pace pace) {
    this.d = d;
    this.pace = pace;
  }

  /**
   * At least the maximum; NaN when A is not positive definite by a margin that can be proved.
   *
   * @param a {@code d x d}, symmetric, full storage. Not modified.
   * @param aRadius at least the spectral norm of what separates {@code a} from A
   * @param trace at least the trace of {@code a}
   * @param c d. Not modified.
   * @param cRadius at least the norm of the error of c
   * @param size the margins tried are shares of it
   * @param pace of whoever waits for the result
   */
  static double up(
      int d,
      double[] a,
      double aRadius,
      double trace,
      double[] c,
      double cRadius,
      double size,
      Pace pace) {
    FormMaximum form = new FormMaximum(d, pace);
    double best = Double.NaN;
    for (double factor : DELTAS) {
      double delta = Rounding.multiplyDown(factor, size);
      double shift = Rounding.addUp(Rounding.addUp(delta, aRadius), form.choleskyError(trace));
      double[] factorisation = form.cholesky(a, shift);
      if (delta > 0 && factorisation != null) {
        double maximum = form.maximumUp(a, factorisation, c, cRadius, aRadius, delta);
        if (best <= maximum) {
          break; // A smaller delta makes w better and the remainder's divisor smaller.
        }
        best = maximum;
      }
    }
    return best;
  }

  /**
   * If the floating-point Cholesky factorisation of a symmetric B ends, in whatever order its sums
   * are taken, then {@code lambda_min(B) >= -gamma_{d+1} / (1 - gamma_{d+1}) tr(B)}, less {@code 3
   * d (2 d + max B_kk) 2^-1074} for what underflows: far below {@link QuadraticRung#UNDERFLOW}, as
   * {@code d <= 5000} and {@code B_kk < 2^260}.
   */
  private double choleskyError(double trace) {
    return Rounding.addUp(
        Rounding.multiplyUp(Rounding.gamma(d + 1L), trace), QuadraticRung.UNDERFLOW);
  }

  /** The lower factor of {@code a - shift I}, or null when a pivot is not positive. */
  private double @Nullable [] cholesky(double[] a, double shift) {
    double[] l = new double[d * d];
    for (int j = 0; j < d; j++) {
      pace.count((long) (d - j) * j);
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
      pace.count(2L * d * d);
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
