package io.gapstream.numerics.quartic;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.bound.Witness;
import io.gapstream.numerics.kernels.Cholesky;
import io.gapstream.numerics.kernels.Halves;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.scaling.ScaledProblem;
import io.gapstream.numerics.verify.Finding;
import io.gapstream.numerics.verify.Verifier;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Solves the fourth-moment relaxation by a barrier method and turns its residual into a certified
 * lower bound; docs/mathematics.md, section 3.5. With moments {@code y_1} for positive and {@code
 * y_2} for negative output weights, {@code hi = r (upper_1 - lower_2)} and {@code lo = r (lower_1 -
 * upper_2)}:
 *
 * <pre>min 1/2 sum_i dist(y_i, [lo_i, hi_i])^2 + beta (m_0(y_1) + m_0(y_2))
 *     - mu (log det M(y_1) + log det M(y_2)),   mu -> 0</pre>
 *
 * <p>by Newton's method. The inverses of the moment matrices become the Gram matrices of the
 * witnesses. Nothing is believed: what the {@link Verifier} proves is the bound.
 */
public final class QuarticSolver {

  /** More columns would take too long: a step costs about {@code d^12}. */
  public static final int MAX_COLUMNS = 12;

  /** The solver ends when the barrier costs no more than this share of the value. */
  private static final double TOLERANCE = 1e-4;

  private static final double SHRINK = 0.15;

  /** A Newton decrement, beside the barrier's cost, that is small enough to shrink mu. */
  private static final double CENTRED = 0.05;

  private static final int MAX_ITERATIONS = 200;
  private static final double LEAST_STEP = 1e-8;
  private static final double ARMIJO = 1e-4;
  private static final double LEAST_PIVOT = 1e-14;
  private static final int MOMENTS = RowBounds.MOMENTS;

  private final Problem problem;
  private final ScaledProblem scaling;
  private final Problem scaled;
  private final Consumer<LowerBound> onImprovement;
  private final int n;
  private final int d;

  /** {@code r_i}, and the rows divided by them. */
  private final double[] norms;

  private final double[] unit;

  private final Moments moments;
  private final GramRepair repair;
  private final Side[] sides;
  private final PowerSums cross;
  private final double[] residual;
  private @Nullable LowerBound best;

  /** One sign of the output weights: its moments, barrier and bounds of the rows. */
  private final class Side {
    final MomentBarrier barrier = new MomentBarrier(moments);
    final PowerSums powers = new PowerSums(moments, true);
    final double[] full = new double[moments.fullSize];
    final double[] weighted = new double[moments.fullSize];
    final double[] upper = new double[n];
    final double[] lower = new double[n];
    final double[][] values = new double[2 * Moments.DEGREE + 1][];
    final double[][] low = new double[Moments.DEGREE + 1][];
    final RowBounds bounds = new RowBounds();
    final double[] m = new double[MOMENTS];

    /** {@code n x 5}: derivatives of the bound in use, and the numbers that make it. */
    final double[] gradients = new double[MOMENTS * n];

    final double[] touch = new double[n];
    final double[] slope = new double[n];
    final double[] offset = new double[n];

    Side() {
      for (int k = 0; k < values.length; k++) {
        values[k] = new double[moments.monomials.count(k)];
        if (k < low.length) {
          low[k] = values[k];
        }
      }
    }

    /** Moments of all rows and the bounds from them; false where the barrier is infinite. */
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
        if (norms[i] > 0) {
          rowMoments(i);
          bounds.upper(m);
          upper[i] = norms[i] * bounds.value;
          bounds.lower(m);
          lower[i] = norms[i] * bounds.value;
        }
      }
      return value;
    }

    private void rowMoments(int row) {
      moments.monomials.evaluate(unit, row * d, low);
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

    /** Derivatives by this side's moments: the gradient, and the diagonal block of the Hessian. */
    void derive(int sign, double mu, double[] gradient, int from, double[][] hessian) {
      double[] byFull = new double[moments.fullSize];
      double[] h = new double[MOMENTS * MOMENTS];
      powers.clear();
      for (int i = 0; i < n; i++) {
        double rest = sign * residual[i];
        if (rest == 0 || norms[i] == 0) {
          continue;
        }
        rowMoments(i);
        moments.monomials.evaluate(unit, i * d, values);
        if (rest > 0) {
          bounds.upper(m);
          touch[i] = bounds.touch;
        } else {
          bounds.lower(m);
          slope[i] = bounds.slope;
          offset[i] = bounds.offset;
        }
        double r = norms[i];
        for (int k = 0; k < MOMENTS; k++) {
          double byMoment = bounds.gradient[k];
          gradients[MOMENTS * i + k] = byMoment;
          add(-rest * r * byMoment, k, byFull);
          for (int l = 0; l < MOMENTS; l++) {
            h[k * MOMENTS + l] =
                r * r * byMoment * bounds.gradient[l] - rest * r * bounds.hessian[k * MOMENTS + l];
          }
        }
        powers.add(h, values);
      }
      for (int k = 0; k < byFull.length; k++) {
        byFull[k] *= moments.orders[k];
      }
      byFull[0] += scaled.beta();
      barrier.invert();
      barrier.addGradient(mu, byFull);
      moments.pullBack(byFull, gradient, from);
      double[][] square = new double[moments.fullSize][moments.fullSize];
      powers.write(square);
      barrier.addHessian(mu, square);
      moments.pullBack(square, hessian, from, from);
    }

    private void add(double factor, int degree, double[] byFull) {
      double[] ofDegree = low[degree];
      int at = moments.offset[degree];
      for (int j = 0; j < ofDegree.length; j++) {
        byFull[at + j] += factor * ofDegree[j];
      }
    }

    /** A witness for this side's sign from the point of {@link #derive} and the step from it. */
    Found find(int sign, double mu, double[] step, int from) {
      double[] stepFull = new double[moments.fullSize];
      moments.expand(step, from, stepFull);
      double[] polynomial = new double[moments.fullSize];
      int positive = 0;
      int negative = 0;
      for (int i = 0; i < n; i++) {
        double rest = sign * residual[i];
        positive += rest > 0 ? 1 : 0;
        negative += rest < 0 ? 1 : 0;
      }
      double[] touches = new double[positive];
      double[] slopes = new double[negative];
      double[] offsets = new double[negative];
      int p = 0;
      int q = 0;
      for (int i = 0; i < n; i++) {
        double rest = sign * residual[i];
        if (rest > 0) {
          touches[p++] = norms[i] > 0 ? touch[i] : 1;
        } else if (rest < 0) {
          slopes[q] = slope[i];
          offsets[q++] = offset[i];
        }
        if (rest != 0 && norms[i] > 0) {
          moments.monomials.evaluate(unit, i * d, low);
          for (int k = 0; k < MOMENTS; k++) {
            add(rest * norms[i] * gradients[MOMENTS * i + k], k, polynomial);
          }
        }
      }
      for (int k = 0; k < polynomial.length; k++) {
        polynomial[k] *= moments.orders[k];
      }
      GramRepair.Repaired repaired = repair.repair(polynomial, barrier.dual(mu, stepFull));
      double[] gram = repaired.gram();
      for (int k = 0; k < gram.length; k++) {
        gram[k] = scaling.unscaleTau(gram[k]);
      }
      return new Found(
          new Witness.Quartic(touches, slopes, offsets, gram), scaling.unscaleTau(repaired.tau()));
    }
  }

  /**
   * @param tau at least {@code tau_+} up to rounding
   */
  private record Found(Witness witness, double tau) {}

  private QuarticSolver(Problem problem, Consumer<LowerBound> onImprovement) {
    this.problem = problem;
    this.onImprovement = onImprovement;
    scaling = new ScaledProblem(problem);
    scaled = scaling.problem();
    n = problem.n();
    d = problem.d();
    norms = new double[n];
    unit = new double[n * d];
    for (int i = 0; i < n; i++) {
      double squares = 0;
      for (int k = 0; k < d; k++) {
        squares += scaled.x()[i * d + k] * scaled.x()[i * d + k];
      }
      norms[i] = Math.sqrt(squares);
      for (int k = 0; k < d && norms[i] > 0; k++) {
        unit[i * d + k] = scaled.x()[i * d + k] / norms[i];
      }
    }
    moments = new Moments(d);
    repair = new GramRepair(moments);
    sides = new Side[] {new Side(), new Side()};
    cross = new PowerSums(moments, false);
    residual = new double[n];
  }

  /**
   * Solves the relaxation until it converges or the deadline is reached. A bound is returned in any
   * case; the first one costs next to nothing.
   *
   * @param onImprovement told of every proved bound that is better than the ones before
   * @throws IllegalArgumentException if there are more than {@link #MAX_COLUMNS} columns, or if the
   *     magnitudes of X, y and beta are so far apart that no bound can be written in float64
   */
  public static QuarticResult solve(
      Problem problem, Deadline deadline, Consumer<LowerBound> onImprovement) {
    if (problem.d() > MAX_COLUMNS) {
      throw new IllegalArgumentException(
          "There are "
              + problem.d()
              + " columns; the fourth-moment relaxation takes at most "
              + MAX_COLUMNS
              + ". Use the lifted relaxation.");
    }
    return new QuarticSolver(problem, onImprovement).run(deadline);
  }

  private QuarticResult run(Deadline deadline) {
    consider(new double[n], 0, new Witness.Triangle(), new Witness.Triangle());
    int size = moments.size;
    double[] y = start();
    double value = evaluate(y, 0);
    double mu = value / (2 * moments.order);
    double[] gradient = new double[2 * size];
    double[] step = new double[2 * size];
    double[] next = new double[2 * size];
    boolean converged = value == 0;
    int iterations = 0;
    while (!converged && iterations < MAX_ITERATIONS && !deadline.reached()) {
      double before = evaluate(y, mu);
      newtonStep(mu, gradient, step);
      iterations++;
      certify(mu, step);
      double decrement = 0;
      for (int k = 0; k < step.length; k++) {
        decrement -= gradient[k] * step[k];
      }
      double length = 1;
      double after = Double.POSITIVE_INFINITY;
      while (length > LEAST_STEP) {
        for (int k = 0; k < step.length; k++) {
          next[k] = y[k] + length * step[k];
        }
        after = evaluate(next, mu);
        if (after <= before - ARMIJO * length * decrement) {
          break;
        }
        length /= 2;
      }
      boolean moved = after < before;
      if (moved) {
        System.arraycopy(next, 0, y, 0, y.length);
      }
      if (!moved || decrement < CENTRED * mu * moments.order) {
        value = evaluate(y, 0);
        converged = 2 * mu * moments.order <= TOLERANCE * value;
        mu *= SHRINK;
      }
    }
    return new QuarticResult(
        java.util.Objects.requireNonNull(best), scaling.unscaleValue(value), converged, iterations);
  }

  /** Uniform moments of a size at which the penalty is a quarter of the value at zero, each. */
  private double[] start() {
    double squares = 0;
    for (double value : scaled.y()) {
      squares += value * value;
    }
    double mass = squares / 8 / scaled.beta();
    double[] uniform = moments.uniform();
    double[] y = new double[2 * moments.size];
    for (int k = 0; k < uniform.length; k++) {
      y[k] = mass * uniform[k];
      y[moments.size + k] = y[k];
    }
    return y;
  }

  /** The objective with the barrier; leaves the residual. */
  private double evaluate(double[] y, double mu) {
    double[] barrier = new double[2];
    Halves.run(
        4.0 * n * moments.fullSize,
        () -> barrier[0] = sides[0].forward(y, 0),
        () -> barrier[1] = sides[1].forward(y, moments.size));
    if (barrier[0] + barrier[1] == Double.POSITIVE_INFINITY) {
      return Double.POSITIVE_INFINITY;
    }
    double value = scaled.beta() * (sides[0].full[0] + sides[1].full[0]);
    for (int i = 0; i < n; i++) {
      double target = scaled.y()[i];
      double high = sides[0].upper[i] - sides[1].lower[i];
      double low = sides[0].lower[i] - sides[1].upper[i];
      residual[i] = target > high ? target - high : Math.min(0, target - low);
      value += 0.5 * residual[i] * residual[i];
    }
    return value + mu * (barrier[0] + barrier[1]);
  }

  /** The Newton step at the point of the last evaluation. */
  private void newtonStep(double mu, double[] gradient, double[] step) {
    int size = moments.size;
    double[][] hessian = new double[2 * size][2 * size];
    Arrays.fill(gradient, 0);
    Halves.run(
        1e9,
        () -> sides[0].derive(1, mu, gradient, 0, hessian),
        () -> sides[1].derive(-1, mu, gradient, size, hessian));
    crossBlock(hessian);
    double[] scale = new double[2 * size];
    for (int k = 0; k < scale.length; k++) {
      scale[k] = 1 / Math.sqrt(hessian[k][k]);
      step[k] = -gradient[k] * scale[k];
    }
    for (int k = 0; k < scale.length; k++) {
      for (int l = k; l < scale.length; l++) {
        hessian[k][l] *= scale[k] * scale[l];
      }
    }
    new Cholesky(hessian, LEAST_PIVOT).solve(step);
    for (int k = 0; k < scale.length; k++) {
      step[k] *= scale[k];
    }
  }

  /** Second derivatives by one moment of each side: the output is their difference. */
  private void crossBlock(double[][] hessian) {
    double[] h = new double[MOMENTS * MOMENTS];
    double[][] values = sides[0].values;
    cross.clear();
    for (int i = 0; i < n; i++) {
      if (residual[i] == 0 || norms[i] == 0) {
        continue;
      }
      moments.monomials.evaluate(unit, i * d, values);
      for (int k = 0; k < MOMENTS; k++) {
        for (int l = 0; l < MOMENTS; l++) {
          h[k * MOMENTS + l] =
              -norms[i]
                  * norms[i]
                  * sides[0].gradients[MOMENTS * i + k]
                  * sides[1].gradients[MOMENTS * i + l];
        }
      }
      cross.add(h, values);
    }
    double[][] square = new double[moments.fullSize][moments.fullSize];
    cross.write(square);
    moments.pullBack(square, hessian, 0, moments.size);
  }

  /** Certifies the residual at the point of the last step. */
  private void certify(double mu, double[] step) {
    Found plus = sides[0].find(1, mu, step, 0);
    Found minus = sides[1].find(-1, mu, step, moments.size);
    consider(
        scaling.unscaleTarget(residual),
        Math.max(plus.tau(), minus.tau()),
        plus.witness(),
        minus.witness());
  }

  /** Has a bound checked, with s as large as the check allows, and keeps it if it is better. */
  private void consider(double[] nu, double tau, Witness plus, Witness minus) {
    double[] y = problem.y();
    double yScale = 0;
    double nuScale = 0;
    for (int i = 0; i < n; i++) {
      yScale = Math.max(yScale, Math.abs(y[i]));
      nuScale = Math.max(nuScale, Math.abs(nu[i]));
    }
    double s = 0;
    if (yScale > 0 && nuScale > 0) {
      double product = 0;
      double squares = 0;
      for (int i = 0; i < n; i++) {
        product += y[i] / yScale * (nu[i] / nuScale);
        squares += nu[i] / nuScale * (nu[i] / nuScale);
      }
      s = Math.min(problem.beta() / tau, Math.max(0, product / squares * (yScale / nuScale)));
    }
    for (double slack = 1e-13; slack < 1e-5; slack *= 4) {
      double scale = s * (1 - slack);
      if (Verifier.lower(problem, nu, scale, plus, minus) instanceof Finding.Proved proved) {
        LowerBound before = best;
        if (before == null || proved.value() > before.value()) {
          best = new LowerBound(proved.value(), nu, scale, plus, minus);
          onImprovement.accept(best);
        }
        return;
      }
    }
  }
}
