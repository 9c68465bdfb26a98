package io.gapstream.numerics.quartic;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;
import io.gapstream.numerics.bound.Witness;

/**
 * The moments of the neurons of one sign, with the bounds that they imply for every row. A row has
 * a weight, positive where its upper bound counts and negative where its lower bound does; the sum
 * of weights times bounds is what a dual vector gains from these neurons at most.
 *
 * <p>Holds work space, so it is for one thread.
 */
final class MomentSide {

  private static final int MOMENTS = RowBounds.MOMENTS;

  private final Pace pace;
  private final Moments moments;
  private final UnitRows rows;
  private final int n;
  private final int d;
  private final MomentBarrier barrier;
  private final GramRepair repair;
  private final PowerSums powers;
  private final double[][] square;
  private final RowBounds bounds = new RowBounds();
  private final double[] m = new double[MOMENTS];
  private final double[] full;
  private final double[] weighted;

  /** Monomials of one row up to degree four, and up to degree eight. */
  private final double[][] low = new double[Moments.DEGREE + 1][];

  private final double[][] values = new double[2 * Moments.DEGREE + 1][];
  private final double[] touch;
  private final double[] slope;
  private final double[] offset;

  /** {@code r_i} times the bounds of the rows, n. */
  final double[] upper;

  final double[] lower;

  /** {@code n x 5}: derivatives by the row's moments of the bound that counts, over {@code r_i}. */
  final double[] gradients;

  /**
   * @param deadline ends whatever takes long once its grace is over
   */
  MomentSide(Moments moments, UnitRows rows, Deadline deadline) {
    pace = new Pace(deadline);
    this.moments = moments;
    this.rows = rows;
    n = rows.n;
    d = rows.d;
    barrier = new MomentBarrier(moments);
    repair = new GramRepair(moments);
    powers = new PowerSums(moments, true);
    square = new double[moments.fullSize][moments.fullSize];
    full = new double[moments.fullSize];
    weighted = new double[moments.fullSize];
    for (int k = 0; k < values.length; k++) {
      values[k] = new double[moments.monomials.count(k)];
    }
    System.arraycopy(values, 0, low, 0, low.length);
    touch = new double[n];
    slope = new double[n];
    offset = new double[n];
    upper = new double[n];
    lower = new double[n];
    gradients = new double[MOMENTS * n];
  }

  /** {@code m_0}: the sum of the neurons' sizes. */
  double mass() {
    return full[0];
  }

  /**
   * Computes the bounds of all rows.
   *
   * @param y holds the moments' coordinates from {@code from} on. Not modified.
   * @return the barrier {@code -log det M}; where it is infinite nothing else is computed
   */
  double forward(double[] y, int from) {
    moments.expand(y, from, full);
    double value = barrier.value(full);
    if (value == Double.POSITIVE_INFINITY) {
      return value;
    }
    for (int k = 0; k < full.length; k++) {
      weighted[k] = moments.orders[k] * full[k];
    }
    for (int i = 0; i < n; i++) {
      if (rows.norms[i] > 0) {
        pace.count(2L * moments.fullSize);
        moments.monomials.evaluate(rows.directions, i * d, low);
        rowMoments();
        bounds.upper(m);
        upper[i] = rows.norms[i] * bounds.value;
        bounds.lower(m);
        lower[i] = rows.norms[i] * bounds.value;
      }
    }
    return value;
  }

  /** {@code m_0} to {@code m_4} of the row whose monomials were evaluated last. */
  private void rowMoments() {
    for (int k = 0; k < MOMENTS; k++) {
      double[] ofDegree = low[k];
      int at = moments.offset[k];
      double sum = 0;
      for (int j = 0; j < ofDegree.length; j++) {
        sum += weighted[at + j] * ofDegree[j];
      }
      m[k] = sum;
    }
  }

  /**
   * Derivatives, at the point of {@link #forward}, of {@code -sum_i w_i b_i + mass terms - mu log
   * det M}, and second derivatives of that plus {@code squares / 2} times the sum of the squares of
   * all {@code b_i} that count, around their present values.
   *
   * @param sign 1, or -1 for the opposite weights
   * @param weights {@code w_i}, n. Not modified.
   * @param byMass first derivative of the mass terms
   * @param byMassTwice second derivative of the mass terms
   * @param gradient receives the derivatives from {@code from} on. Modified.
   * @param hessian receives the second derivatives from row and column {@code from} on, at and
   *     above the diagonal. Modified.
   */
  void derive(
      int sign,
      double[] weights,
      double squares,
      double byMass,
      double byMassTwice,
      double mu,
      double[] gradient,
      int from,
      double[][] hessian) {
    double[] byFull = new double[moments.fullSize];
    double[] h = new double[MOMENTS * MOMENTS];
    powers.clear();
    for (int i = 0; i < n; i++) {
      double weight = sign * weights[i];
      double r = rows.norms[i];
      if (weight == 0 || r == 0) {
        continue;
      }
      pace.count(3L * moments.monomials.count(2 * Moments.DEGREE));
      moments.monomials.evaluate(rows.directions, i * d, values);
      rowMoments();
      if (weight > 0) {
        bounds.upper(m);
        touch[i] = bounds.touch;
      } else {
        bounds.lower(m);
        slope[i] = bounds.slope;
        offset[i] = bounds.offset;
      }
      for (int k = 0; k < MOMENTS; k++) {
        double byMoment = bounds.gradient[k];
        gradients[MOMENTS * i + k] = byMoment;
        add(-weight * r * byMoment, k, byFull);
        for (int l = 0; l < MOMENTS; l++) {
          h[k * MOMENTS + l] =
              squares * r * r * byMoment * bounds.gradient[l]
                  - weight * r * bounds.hessian[k * MOMENTS + l];
        }
      }
      powers.add(h, values);
    }
    for (int k = 0; k < byFull.length; k++) {
      byFull[k] *= moments.orders[k];
    }
    byFull[0] += byMass;
    barrier.invert();
    barrier.addGradient(mu, byFull);
    moments.pullBack(byFull, gradient, from);
    powers.write(square);
    square[0][0] += byMassTwice;
    barrier.addHessian(mu, square);
    moments.pullBack(square, hessian, from, from);
  }

  /** Adds a factor times the monomials of a degree of the row evaluated last. */
  private void add(double factor, int degree, double[] byFull) {
    double[] ofDegree = low[degree];
    int at = moments.offset[degree];
    for (int j = 0; j < ofDegree.length; j++) {
      byFull[at + j] += factor * ofDegree[j];
    }
  }

  /**
   * @param tau at least {@code tau_+} up to rounding
   */
  record Found(Witness.Quartic witness, double tau) {}

  /**
   * A witness of rung quartic for the weights as a dual vector, from the point of {@link #derive}
   * and the Newton step from it.
   *
   * @param sign 1, or -1 for the opposite weights
   * @param weights n, those of {@link #derive}. Not modified.
   * @param step holds this side's part from {@code from} on. Not modified.
   */
  Found find(int sign, double[] weights, double mu, double[] step, int from) {
    int positive = 0;
    int negative = 0;
    for (double weight : weights) {
      positive += sign * weight > 0 ? 1 : 0;
      negative += sign * weight < 0 ? 1 : 0;
    }
    double[] touches = new double[positive];
    double[] slopes = new double[negative];
    double[] offsets = new double[negative];
    double[] polynomial = new double[moments.fullSize];
    int p = 0;
    int q = 0;
    for (int i = 0; i < n; i++) {
      double weight = sign * weights[i];
      double r = rows.norms[i];
      if (weight > 0) {
        touches[p++] = r > 0 ? touch[i] : 1;
      } else if (weight < 0) {
        slopes[q] = slope[i];
        offsets[q++] = offset[i];
      }
      if (weight != 0 && r > 0) {
        pace.count(2L * moments.fullSize);
        moments.monomials.evaluate(rows.directions, i * d, low);
        for (int k = 0; k < MOMENTS; k++) {
          add(weight * r * gradients[MOMENTS * i + k], k, polynomial);
        }
      }
    }
    for (int k = 0; k < polynomial.length; k++) {
      polynomial[k] *= moments.orders[k];
    }
    double[] stepFull = new double[moments.fullSize];
    moments.expand(step, from, stepFull);
    GramRepair.Repaired repaired = repair.repair(polynomial, barrier.dual(mu, stepFull));
    return new Found(
        new Witness.Quartic(touches, slopes, offsets, repaired.gram()), repaired.tau());
  }
}
