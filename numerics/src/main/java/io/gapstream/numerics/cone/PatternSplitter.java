package io.gapstream.numerics.cone;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;
import io.gapstream.numerics.TimeUpException;
import io.gapstream.numerics.gates.Gates;
import io.gapstream.numerics.problem.Problem;
import java.util.Arrays;

/**
 * Splits one pattern's vector after the other by a barrier method.
 *
 * <p>With w of unit length, rows {@code c_i = +-x_i / ||x_i||} (plus where the pattern is active)
 * and {@code q = v + z}, the parts are {@code v = (q + w) / 2} and {@code z = (q - w) / 2}, and the
 * problem is
 *
 * <pre>min f(q) = 1/2 (||q + w|| + ||q - w||)   subject to   c_i . q >= |c_i . w|.</pre>
 *
 * <p>Newton's method minimises {@code t f(q) - sum_i log(c_i . q - |c_i . w|)} for growing t; at
 * its minimum f is within n / t of the least value (Boyd and Vandenberghe, Convex Optimization,
 * 11.2). It starts at a multiple of the sampled direction g, which is inside the cone, and stays
 * strictly inside, so every iterate is a valid split. The method is indifferent to the shape of the
 * cone.
 *
 * <p>Holds work space, so it is for one thread.
 */
final class PatternSplitter {

  private static final double TOLERANCE = 1e-5;
  private static final double T_GROWTH = 20;

  /** Values of t: far more than the tolerance needs, whatever the number of rows. */
  private static final int MOST_ROUNDS = 40;

  private static final int MOST_STEPS_PER_T = 60;
  private static final double SUFFICIENT_DECREASE = 0.1;

  /** Squared Newton decrement of a centred point: it costs f at most this over t, beside n / t. */
  private static final double CENTRED = 1e-2;

  private final Gates gates;
  private final Deadline search;
  private final Pace pace;
  private final int n;
  private final int d;

  /** The rows of X at unit length, {@code n x d}; rows of zeros constrain nothing. */
  private final double[] rows;

  private final double[] c;
  private final double[] limit;
  private final double[] slack;
  private final double[] slackStep;
  private final double[] freshSlack;
  private final double[] w;
  private final double[] q;
  private final double[] step;
  private final double[] candidate;
  private final double[] gradient;
  private double[] hessian = {};
  private final double[] v;
  private final double[] z;
  private int held;
  private long iterations;

  /**
   * @param deadline of all splits
   * @param search ends the search for cheap ones
   */
  PatternSplitter(Problem problem, Gates gates, Deadline deadline, Deadline search) {
    this.search = search;
    this.pace = new Pace(deadline);
    this.gates = gates;
    this.n = problem.n();
    this.d = problem.d();
    this.rows = unitRows(problem);
    this.c = new double[n * d];
    this.limit = new double[n];
    this.slack = new double[n];
    this.slackStep = new double[n];
    this.freshSlack = new double[n];
    this.w = new double[d];
    this.q = new double[d];
    this.step = new double[d];
    this.candidate = new double[d];
    this.gradient = new double[d];
    this.v = new double[d];
    this.z = new double[d];
  }

  private static double[] unitRows(Problem problem) {
    int d = problem.d();
    double[] rows = problem.x().clone();
    for (int i = 0; i < problem.n(); i++) {
      double largest = 0;
      for (int k = i * d; k < (i + 1) * d; k++) {
        largest = Math.max(largest, Math.abs(rows[k]));
      }
      if (largest == 0) {
        continue;
      }
      double squares = 0;
      for (int k = i * d; k < (i + 1) * d; k++) {
        rows[k] /= largest;
        squares += rows[k] * rows[k];
      }
      double norm = Math.sqrt(squares);
      for (int k = i * d; k < (i + 1) * d; k++) {
        rows[k] /= norm;
      }
    }
    return rows;
  }

  /**
   * The part with a positive output weight, for w of unit length. Overwritten by the next split.
   */
  double[] positive() {
    return v;
  }

  /**
   * The part with a negative output weight, for w of unit length. Overwritten by the next split.
   */
  double[] negative() {
    return z;
  }

  /** {@code ||v|| + ||z||} for w of unit length. */
  double cost() {
    return norm(v) + norm(z);
  }

  /** Newton steps of all splits. */
  long iterations() {
    return iterations;
  }

  /**
   * Splits {@code w / norm}.
   *
   * @param all {@code P x d}: the vectors of all patterns. Not modified.
   * @return whether the stopping test was met
   * @throws io.gapstream.numerics.TimeUpException if the deadline's grace ends before there is any
   *     split
   */
  boolean split(int pattern, double[] all, double norm) {
    for (int k = 0; k < d; k++) {
      w[k] = all[pattern * d + k] / norm;
    }
    constrain(pattern);
    if (inOneCone()) {
      return true;
    }
    if (!startAlong(pattern)) {
      // No direction strictly inside was sampled, up to rounding: w and nothing else.
      Arrays.fill(z, 0);
      System.arraycopy(w, 0, v, 0, d);
      return false;
    }
    boolean converged = follow();
    for (int k = 0; k < d; k++) {
      v[k] = 0.5 * (q[k] + w[k]);
      z[k] = 0.5 * (q[k] - w[k]);
    }
    return converged;
  }

  /** Sets the rows {@code c_i} that are not zero, and their limits {@code |c_i . w|}. */
  private void constrain(int pattern) {
    held = 0;
    for (int i = 0; i < n; i++) {
      pace.count(3L * d);
      double sign = gates.isActive(pattern, i) ? 1 : -1;
      double product = 0;
      boolean zero = true;
      for (int k = 0; k < d; k++) {
        double value = sign * rows[i * d + k];
        c[held * d + k] = value;
        product += value * w[k];
        zero &= value == 0;
      }
      if (!zero) {
        limit[held] = product;
        held++;
      }
    }
  }

  /**
   * Whether w or -w lies in the cone; then it is the cheapest split by itself. Limits become
   * magnitudes.
   */
  private boolean inOneCone() {
    boolean plus = true;
    boolean minus = true;
    for (int i = 0; i < held; i++) {
      plus &= limit[i] >= 0;
      minus &= limit[i] <= 0;
      limit[i] = Math.abs(limit[i]);
    }
    for (int k = 0; k < d; k++) {
      v[k] = plus ? w[k] : 0;
      z[k] = !plus && minus ? -w[k] : 0;
    }
    return plus || minus;
  }

  /** Sets q to a multiple of g that is strictly feasible; false when g is not inside the cone. */
  private boolean startAlong(int pattern) {
    double[] g = gates.directions();
    double factor = 0;
    for (int i = 0; i < held; i++) {
      double product = 0;
      for (int k = 0; k < d; k++) {
        product += c[i * d + k] * g[pattern * d + k];
      }
      if (!(product > 0)) {
        return false;
      }
      slackStep[i] = product;
      factor = Math.max(factor, limit[i] / product);
    }
    factor *= 2;
    for (int i = 0; i < held; i++) {
      slack[i] = factor * slackStep[i] - limit[i];
      if (!(slack[i] > 0)) {
        return false;
      }
    }
    for (int k = 0; k < d; k++) {
      q[k] = factor * g[pattern * d + k];
    }
    return true;
  }

  /** Follows the central path from q. */
  private boolean follow() {
    if (search.reached()) {
      return false;
    }
    if (hessian.length == 0) {
      hessian = new double[Math.multiplyExact(d, d)];
    }
    double t = held / objective(0);
    for (int round = 0; round < MOST_ROUNDS; round++) {
      boolean centred = false;
      for (int newton = 0; newton < MOST_STEPS_PER_T && !centred; newton++) {
        if (search.reached()) {
          return false;
        }
        double decrement;
        try {
          decrement = newtonStep(t);
        } catch (TimeUpException e) {
          return false; // every point is a valid split
        }
        iterations++;
        if (Double.isNaN(decrement)) {
          return false;
        }
        centred = decrement < CENTRED || !advance(t, decrement);
      }
      if (held <= TOLERANCE * t * objective(0)) {
        return centred;
      }
      if (!centred) {
        return false;
      }
      t *= T_GROWTH;
    }
    return false;
  }

  /** f at {@code q + share * step}. */
  private double objective(double share) {
    double plus = 0;
    double minus = 0;
    for (int k = 0; k < d; k++) {
      double at = q[k] + share * step[k];
      plus += (at + w[k]) * (at + w[k]);
      minus += (at - w[k]) * (at - w[k]);
    }
    return 0.5 * (Math.sqrt(plus) + Math.sqrt(minus));
  }

  /** Sets the Newton step at q; returns the squared decrement, NaN when it cannot be computed. */
  private double newtonStep(double t) {
    Arrays.fill(gradient, 0);
    Arrays.fill(hessian, 0);
    addNorm(t, 1);
    addNorm(t, -1);
    for (int i = 0; i < held; i++) {
      pace.count((long) d * d / 2);
      double inverse = 1 / slack[i];
      double square = inverse * inverse;
      int row = i * d;
      for (int k = 0; k < d; k++) {
        gradient[k] -= c[row + k] * inverse;
        double scaled = c[row + k] * square;
        for (int l = 0; l <= k; l++) {
          hessian[k * d + l] += scaled * c[row + l];
        }
      }
    }
    for (int k = 0; k < d; k++) {
      step[k] = -gradient[k];
    }
    if (!Cholesky.solve(d, hessian, step, pace)) {
      return Double.NaN;
    }
    double decrement = 0;
    for (int k = 0; k < d; k++) {
      decrement -= gradient[k] * step[k];
    }
    return decrement;
  }

  /** Adds gradient and Hessian of {@code t / 2 ||q + sign w||}. */
  private void addNorm(double t, double sign) {
    double squares = 0;
    for (int k = 0; k < d; k++) {
      double part = q[k] + sign * w[k];
      squares += part * part;
    }
    double norm = Math.sqrt(squares);
    if (norm == 0) {
      return;
    }
    double weight = 0.5 * t / norm;
    for (int k = 0; k < d; k++) {
      double part = (q[k] + sign * w[k]) / norm;
      gradient[k] += 0.5 * t * part;
      hessian[k * d + k] += weight;
      for (int l = 0; l <= k; l++) {
        hessian[k * d + l] -= weight * part * (q[l] + sign * w[l]) / norm;
      }
    }
  }

  /** Moves along the step by backtracking; false when rounding leaves no decrease to be had. */
  private boolean advance(double t, double decrement) {
    double share = 1;
    for (int i = 0; i < held; i++) {
      double product = 0;
      for (int k = 0; k < d; k++) {
        product += c[i * d + k] * step[k];
      }
      slackStep[i] = product;
      if (slack[i] + share * product <= 0) {
        share = Math.min(share, -0.99 * slack[i] / product);
      }
    }
    double before = objective(0);
    while (share > 1e-14) {
      // As a difference, since the value itself is large beside what a step gains.
      double change = t * (objective(share) - before);
      for (int i = 0; i < held; i++) {
        change -= Math.log1p(share * slackStep[i] / slack[i]);
      }
      if (change <= -SUFFICIENT_DECREASE * share * decrement && accept(share)) {
        return true;
      }
      share *= 0.5;
    }
    return false;
  }

  /**
   * Moves q unless rounding would take it out of the cone. The slack is computed afresh, so that
   * rounding does not pile up.
   */
  private boolean accept(double share) {
    for (int k = 0; k < d; k++) {
      candidate[k] = q[k] + share * step[k];
    }
    for (int i = 0; i < held; i++) {
      double product = 0;
      for (int k = 0; k < d; k++) {
        product += c[i * d + k] * candidate[k];
      }
      freshSlack[i] = product - limit[i];
      if (!(freshSlack[i] > 0)) {
        return false;
      }
    }
    System.arraycopy(candidate, 0, q, 0, d);
    System.arraycopy(freshSlack, 0, slack, 0, held);
    return true;
  }

  private static double norm(double[] values) {
    double squares = 0;
    for (double value : values) {
      squares += value * value;
    }
    return Math.sqrt(squares);
  }
}
