package io.gapstream.numerics.lifted;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;
import io.gapstream.numerics.bound.Witness;

/**
 * Turns the multipliers of the pair relaxation into a witness of rung {@code pairs}, for one sign;
 * docs/mathematics.md, section 3.4. At a solution the matrix of z is only positive semidefinite, so
 * a shift is added to the multipliers of {@code z_i^2 = (x_i.u)^2}: as little as pays.
 */
final class PairWitness {

  private static final double FIRST_SHIFT = 1e-9;
  private static final double STEP = 10;

  /** From the first shift to the largest that makes sense there are nine. */
  private static final int MOST_STEPS = 12;

  private static final double FINEST_STEP = 1.1;

  private final Deadline deadline;
  private final Pace pace;
  private final int n;
  private final int d;
  private final double[] x;
  private final double[] lengths;
  private final double[] nu;
  private final PairMultipliers multipliers;
  private final LiftedFactor moments;
  private final double[] metric;

  private final double[] c;
  private final double[] q;
  private final double[] gram;
  private final double[] h;

  /**
   * @param x {@code n x d}, row-major, with rows of length one or zero. Not modified.
   * @param lengths {@code r_i}, 0 for zero rows. Not modified.
   * @param nu the dual vector with its sign, n. Not modified.
   * @param moments of this sign, at the point of the multipliers
   * @param deadline ends the search once its grace is over
   */
  PairWitness(
      int n,
      int d,
      double[] x,
      double[] lengths,
      double[] nu,
      PairMultipliers multipliers,
      LiftedFactor moments,
      Deadline deadline) {
    this.deadline = deadline;
    this.pace = new Pace(deadline);
    this.n = n;
    this.d = d;
    this.x = x;
    this.lengths = lengths;
    this.nu = nu;
    this.multipliers = multipliers;
    this.moments = moments;
    this.metric = moments.metric();
    this.c = new double[d];
    this.q = new double[d * d];
    this.gram = new double[d * d];
    this.h = new double[n];
    prepare();
  }

  /**
   * @param tau at least {@code tau_+} up to rounding
   */
  record Found(Witness.Pairs witness, double tau) {}

  private record Bound(double value, double lambda) {}

  /** The witness with the best shift. */
  Found find() {
    double largest = 0;
    for (double entry : multipliers.squares()) {
      largest = Math.max(largest, Math.abs(entry));
    }
    double bestShift = FIRST_SHIFT * (largest > 0 ? largest : 1);
    Bound best = bound(bestShift);
    double shift = bestShift;
    for (int step = 0; step < MOST_STEPS && STEP * shift < largest; step++) {
      shift *= STEP;
      Bound bound = bound(shift);
      if (bound.value() < best.value()) {
        best = bound;
        bestShift = shift;
      } else if (best.value() < Double.POSITIVE_INFINITY) {
        break;
      }
    }
    for (double step = Math.sqrt(STEP); step > FINEST_STEP; step = Math.sqrt(step)) {
      for (double nearby : new double[] {bestShift / step, bestShift * step}) {
        Bound bound = bound(nearby);
        if (bound.value() < best.value()) {
          best = bound;
          bestShift = nearby;
          break;
        }
      }
    }
    return new Found(witness(bestShift, best.lambda()), best.value());
  }

  private void prepare() {
    double[] scales = Metrics.norms(n, d, x, metric, pace);
    double[] kinks = new double[d * d];
    for (int i = 0; i < n; i++) {
      double anchor = multipliers.anchors()[i];
      double weight = nu[i] * lengths[i];
      h[i] = 0.5 * weight + anchor;
      double linear = 0.5 * weight - anchor * (1 - moments.theta(i)) * moments.sigma(i);
      double curved = scales[i] == 0 ? 0 : anchor * moments.theta(i) / scales[i];
      addRow(linear, i);
      addOuter(multipliers.squares()[i], i, i, q);
      addOuter(-curved, i, i, kinks);
      addOuter(1, i, i, gram);
    }
    for (int k = 0; k < multipliers.weights().length; k++) {
      int i = multipliers.first()[k];
      int j = multipliers.second()[k];
      addOuter(-0.5 * multipliers.weights()[k], i, j, q);
      addOuter(-0.5 * multipliers.weights()[k], j, i, q);
    }
    Metrics.addSymmetricProduct(d, kinks, metric, q, pace);
  }

  private void addRow(double factor, int i) {
    for (int k = 0; k < d; k++) {
      c[k] += factor * x[i * d + k];
    }
  }

  private void addOuter(double factor, int i, int j, double[] to) {
    if (factor != 0) {
      pace.count((long) d * d);
      for (int k = 0; k < d; k++) {
        double scaled = factor * x[i * d + k];
        for (int l = 0; l < d; l++) {
          to[k * d + l] += scaled * x[j * d + l];
        }
      }
    }
  }

  /** What the multipliers prove with a shift; infinite where the matrix of z is not definite. */
  private Bound bound(double shift) {
    double[] m = new double[n * n];
    for (int i = 0; i < n; i++) {
      m[i * n + i] = multipliers.squares()[i] + shift;
    }
    for (int k = 0; k < multipliers.weights().length; k++) {
      m[multipliers.second()[k] * n + multipliers.first()[k]] -=
          0.5 * Math.abs(multipliers.weights()[k]);
    }
    double[] solution = h.clone();
    double ofZ = 0.25 * inverseForm(m, solution);
    if (!(ofZ < Double.POSITIVE_INFINITY)) {
      return new Bound(Double.POSITIVE_INFINITY, 0);
    }
    double[] shifted = q.clone();
    for (int k = 0; k < d * d; k++) {
      shifted[k] += shift * gram[k];
    }
    TrustRegion.Minimum minimum = new TrustRegion(d).minimize(shifted, c, deadline);
    return new Bound(ofZ + minimum.value(), minimum.lambda());
  }

  /**
   * {@code b'M^{-1}b}; infinite when M is not positive definite.
   *
   * @param m {@code n x n}, of which the upper triangle is read. Modified.
   * @param b n. Modified.
   */
  private double inverseForm(double[] m, double[] b) {
    double sum = 0;
    for (int k = 0; k < n; k++) {
      pace.count((long) (n - k) * (n - k) / 2);
      double pivot = m[k * n + k];
      if (!(pivot > 0)) {
        return Double.POSITIVE_INFINITY;
      }
      sum += b[k] * b[k] / pivot;
      for (int i = k + 1; i < n; i++) {
        double factor = m[k * n + i] / pivot;
        if (factor != 0) {
          b[i] -= factor * b[k];
          for (int j = i; j < n; j++) {
            m[i * n + j] -= factor * m[k * n + j];
          }
        }
      }
    }
    return sum;
  }

  private Witness.Pairs witness(double shift, double lambda) {
    double[] squares = new double[n];
    double[] anchors = new double[n];
    double[] theta = new double[n];
    double[] sigma = new double[n];
    for (int i = 0; i < n; i++) {
      if (lengths[i] > 0) {
        squares[i] = (multipliers.squares()[i] + shift) / lengths[i] / lengths[i];
        anchors[i] = multipliers.anchors()[i] / lengths[i];
        theta[i] = moments.theta(i);
        sigma[i] = moments.sigma(i);
      }
    }
    double[] weights = new double[multipliers.weights().length];
    for (int k = 0; k < weights.length; k++) {
      weights[k] =
          multipliers.weights()[k]
              / lengths[multipliers.first()[k]]
              / lengths[multipliers.second()[k]];
    }
    return new Witness.Pairs(
        squares,
        anchors,
        theta,
        sigma,
        multipliers.first(),
        multipliers.second(),
        weights,
        metric,
        lambda);
  }
}
