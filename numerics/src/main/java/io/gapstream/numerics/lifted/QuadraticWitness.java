package io.gapstream.numerics.lifted;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;
import io.gapstream.numerics.bound.Witness;
import io.gapstream.numerics.optim.Lbfgs;
import java.util.Arrays;

/**
 * Good multipliers of rung {@code quadratic} for a given dual vector and sign: maximises the lifted
 * form of {@code tau_+} over a {@link LiftedFactor}, reads mu, theta, sigma and the metric off its
 * optimum, and lambda off a trust-region problem; docs/mathematics.md, section 3.2.
 */
final class QuadraticWitness {

  private static final int MEMORY = 10;

  private final int n;
  private final int d;
  private final double[] x;
  private final LiftedFactor factor;

  QuadraticWitness(int n, int d, double[] x, LiftedFactor factor) {
    this.n = n;
    this.d = d;
    this.x = x;
    this.factor = factor;
  }

  /**
   * @param tau at least {@code tau_+} up to rounding
   */
  record Found(Witness.Quadratic witness, double tau) {}

  /**
   * Finds multipliers.
   *
   * @param nu n, with its sign. Not modified.
   * @param start a point of the factor. Modified.
   * @param width smooths the maximum
   * @throws io.gapstream.numerics.TimeUpException if the deadline's grace ends first
   */
  Found find(double[] nu, double[] start, double width, int maxIterations, Deadline deadline) {
    double[] byUpper = new double[n];
    double[] byLower = new double[n];
    for (int i = 0; i < n; i++) {
      byUpper[i] = Math.max(0, nu[i]);
      byLower[i] = Math.min(0, nu[i]);
    }
    double[] upperWeight = new double[n];
    double[] lowerWeight = new double[n];
    new Lbfgs(MEMORY, maxIterations, 1e-8, deadline)
        .minimize(
            (point, gradient) -> {
              factor.forward(point, 0, width);
              double value = 0;
              for (int i = 0; i < n; i++) {
                value += byUpper[i] * factor.upper(i) + byLower[i] * factor.lower(i);
              }
              double t = factor.t();
              for (int i = 0; i < n; i++) {
                upperWeight[i] = -byUpper[i] / t;
                lowerWeight[i] = -byLower[i] / t;
              }
              Arrays.fill(gradient, 0);
              factor.backward(upperWeight, lowerWeight, value / t / t, point, 0, gradient);
              return -value / t;
            },
            start);
    factor.forward(start, 0, width);
    return read(nu, deadline);
  }

  /** Turns the factor's last point into multipliers. */
  private Found read(double[] nu, Deadline deadline) {
    Pace pace = new Pace(deadline);
    int positive = 0;
    int negative = 0;
    for (double value : nu) {
      positive += value > 0 ? 1 : 0;
      negative += value < 0 ? 1 : 0;
    }
    double[] mu = new double[positive];
    double[] theta = new double[negative];
    double[] sigma = new double[negative];
    double[] metric = factor.metric();
    double[] scales = Metrics.norms(n, d, x, metric, pace);
    double[] c = new double[d];
    double[] q = new double[d * d];
    double[] kinks = new double[d * d]; // sum_N 1/2 theta_i (nu_i / ||S x_i||) x_i x_i'
    double constant = 0;
    int p = 0;
    int m = 0;
    for (int i = 0; i < n; i++) {
      double linear;
      double curved;
      double[] to;
      if (nu[i] > 0) {
        mu[p] = factor.mu(i);
        linear = 0.5 * nu[i];
        curved = 0.25 * nu[i] / mu[p];
        constant += 0.25 * nu[i] * mu[p];
        to = q;
        p++;
      } else if (nu[i] < 0) {
        theta[m] = factor.theta(i);
        sigma[m] = factor.sigma(i);
        linear = 0.5 * nu[i] * (1 + (1 - theta[m]) * sigma[m]);
        curved = scales[i] == 0 ? 0 : 0.5 * theta[m] * nu[i] / scales[i];
        to = kinks;
        m++;
      } else {
        continue;
      }
      pace.count((long) d * d / 2);
      for (int k = 0; k < d; k++) {
        double entry = x[i * d + k];
        c[k] += linear * entry;
        for (int l = 0; l <= k; l++) {
          to[k * d + l] += curved * entry * x[i * d + l];
        }
      }
    }
    mirror(q);
    mirror(kinks);
    Metrics.addSymmetricProduct(d, kinks, metric, q, pace);
    TrustRegion.Minimum minimum = new TrustRegion(d).minimize(q, c, deadline);
    return new Found(
        new Witness.Quadratic(mu, theta, sigma, metric, minimum.lambda()),
        constant + minimum.value());
  }

  /** Copies the lower triangle to the upper one. */
  private void mirror(double[] a) {
    for (int k = 0; k < d; k++) {
      for (int l = 0; l < k; l++) {
        a[l * d + k] = a[k * d + l];
      }
    }
  }
}
