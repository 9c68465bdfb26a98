package io.gapstream.numerics.quartic;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.TimeUpException;
import io.gapstream.numerics.bound.Witness;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * {@code tau_+} of one dual vector from above: the fourth-moment relaxation of its maximum;
 * docs/mathematics.md, section 3.5. With the moments y of one measure of any mass,
 *
 * <pre>
 * min 1/2 m_0(y)^2 - sum_P nu_i r_i upper_i(y) + sum_N |nu_i| r_i lower_i(y) - mu log det M(y),
 *     mu -> 0</pre>
 *
 * <p>has {@code m_0 = T} in the limit, since the sums are homogeneous.
 */
public final class QuarticTau {

  private final Deadline deadline;
  private final MomentSide side;
  private final double[] nu;
  private final Moments moments;
  private final double[][] hessian;
  private MomentSide.@Nullable Found best;

  private QuarticTau(UnitRows rows, double[] nu, Deadline deadline) {
    this.deadline = deadline;
    moments = new Moments(rows.d, deadline);
    side = new MomentSide(moments, rows, deadline);
    this.nu = nu;
    hessian = new double[moments.size][moments.size];
  }

  /**
   * A bound with its evidence. What it proves is for the verifier to say.
   *
   * @param tau at least {@code tau_+(nu)} up to rounding
   * @param witness of rung quartic
   */
  public record Bound(double tau, Witness.Quartic witness) {}

  /**
   * Bounds {@code tau_+(nu)}.
   *
   * @param x {@code n x d}, row-major, of moderate magnitude, d at most {@link
   *     QuarticSolver#MAX_COLUMNS}. Not modified.
   * @param nu n, of moderate magnitude. Not modified.
   * @return null if the deadline was reached before the first step
   */
  public static @Nullable Bound bound(int n, int d, double[] x, double[] nu, Deadline deadline) {
    QuarticSolver.requireColumns(d);
    UnitRows rows = new UnitRows(n, d, x);
    try {
      return new QuarticTau(rows, nu, deadline).run(rows.triangle(nu));
    } catch (TimeUpException e) {
      return null;
    }
  }

  private @Nullable Bound run(double triangle) {
    double[] point = moments.uniform();
    for (int k = 0; k < point.length; k++) {
      point[k] *= Math.max(triangle, Double.MIN_NORMAL);
    }
    try {
      BarrierMethod.minimize(new Program(), point, deadline);
    } catch (TimeUpException e) {
      // The best so far is handed in.
    }
    MomentSide.Found found = best;
    return found == null ? null : new Bound(found.tau(), found.witness());
  }

  private final class Program implements BarrierProgram {

    @Override
    public double barrierDegree() {
      return moments.order;
    }

    @Override
    public double evaluate(double[] point, double mu) {
      double barrier = side.forward(point, 0);
      if (barrier == Double.POSITIVE_INFINITY) {
        return barrier;
      }
      double value = 0.5 * side.mass() * side.mass() + mu * barrier;
      for (int i = 0; i < nu.length; i++) {
        value -= nu[i] * (nu[i] > 0 ? side.upper[i] : side.lower[i]);
      }
      return value;
    }

    @Override
    public void step(double mu, double[] gradient, double[] step) {
      Arrays.fill(gradient, 0);
      side.derive(1, nu, 0, side.mass(), 1, mu, gradient, 0, hessian);
      NewtonSystem.solve(hessian, gradient, step, deadline);
    }

    @Override
    public void stepped(double mu, double[] step) {
      MomentSide.Found found = side.find(1, nu, mu, step, 0);
      if (best == null || found.tau() < best.tau()) {
        best = found;
      }
    }
  }
}
