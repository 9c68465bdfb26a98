package io.gapstream.numerics.lifted;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.optim.Lbfgs;
import io.gapstream.numerics.problem.Problem;
import java.util.Arrays;
import org.apache.commons.rng.sampling.distribution.ContinuousSampler;

/**
 * The pair relaxation of docs/mathematics.md, section 3.3: with a {@link PairFactor} for each sign,
 *
 * <pre>min 1/2 ||f - y||^2 + beta (t_1 + t_2),
 * f_i = r_i/2 (x_i.u_1 + A_1i - x_i.u_2 - A_2i)</pre>
 *
 * over rows {@code x_i} of length one, under the factors' constraints. An augmented Lagrangian
 * method; only a working set of the pairs' constraints takes part, since few of them bind.
 */
final class PairRelaxation {

  private static final int MEMORY = 15;
  private static final int MAX_ITERATIONS = 300;
  private static final double TOLERANCE = 1e-9;

  /** How the penalty's weight grows, from this multiple of beta / t on. */
  private static final double FIRST_WEIGHT = 3;

  private static final double GROWTH = 1.7;
  private static final int ROUNDS_OF_A_WEIGHT = 3;

  private final Deadline deadline;
  private final int n;
  private final int d;
  private final double[] x;
  private final double[] y;
  private final double beta;
  private final double[] lengths;
  private final PairFactor positive;
  private final PairFactor negative;
  private final double[] residual;
  private final double[] byOutput;
  private final double[] point;
  private final double[] gradient;
  private double weight;
  private int round;
  private long iterations;

  /**
   * @param problem whose X the rows and lengths make up
   * @param x {@code n x d}, row-major, with rows of length one or zero. Not modified.
   * @param lengths {@code r_i} by which the rows were divided; 0 for zero rows. Not modified.
   * @param moments points of the two lifted factors, one after the other. Not modified.
   * @param nu the residual at these points, n. Not modified.
   * @param noise standard Gaussians
   * @throws io.gapstream.numerics.TimeUpException if the deadline's grace ends first
   */
  PairRelaxation(
      Problem problem,
      double[] x,
      double[] lengths,
      double[] moments,
      double[] nu,
      ContinuousSampler noise,
      Deadline deadline) {
    this.deadline = deadline;
    this.n = problem.n();
    this.d = problem.d();
    this.x = x;
    this.y = problem.y();
    this.beta = problem.beta();
    this.lengths = lengths;
    double[] norms = new double[n];
    Arrays.setAll(norms, i -> lengths[i] == 0 ? 0 : 1);
    positive = new PairFactor(n, d, x, norms, deadline);
    negative = new PairFactor(n, d, x, norms, deadline);
    residual = new double[n];
    byOutput = new double[n];
    point = new double[positive.size() + negative.size()];
    gradient = new double[point.length];
    int half = moments.length / 2;
    positive.start(Arrays.copyOf(moments, half), nu, noise, point, 0);
    double[] opposite = new double[n];
    Arrays.setAll(opposite, i -> -nu[i]);
    negative.start(
        Arrays.copyOfRange(moments, half, 2 * half), opposite, noise, point, positive.size());
    double t = Math.max(positive.lifted().t(), negative.lifted().t());
    weight = FIRST_WEIGHT * beta / t;
  }

  /**
   * Minimises the augmented Lagrangian once and updates the multipliers.
   *
   * @return the largest violation of a constraint, relative to t
   */
  double round() {
    iterations +=
        new Lbfgs(MEMORY, MAX_ITERATIONS, TOLERANCE, deadline)
            .minimize(this::evaluate, point)
            .iterations();
    evaluate(point, gradient);
    round++;
    if (round % ROUNDS_OF_A_WEIGHT == 0) {
      weight *= GROWTH;
    }
    return Math.max(positive.update(), negative.update());
  }

  /** {@code y - f} at the last point, n. Not to be modified. */
  double[] residual() {
    return residual;
  }

  /** A witness for the residual with a sign, 1 or -1. */
  PairWitness.Found witness(int sign) {
    PairFactor factor = sign > 0 ? positive : negative;
    double[] nu = new double[n];
    Arrays.setAll(nu, i -> sign * residual[i]);
    return new PairWitness(n, d, x, lengths, nu, factor.multipliers(), factor.lifted(), deadline)
        .find();
  }

  /** The value of the relaxation at the last point, whose constraints hold only nearly. */
  double value() {
    double value = beta * (positive.lifted().t() + negative.lifted().t());
    for (double entry : residual) {
      value += 0.5 * entry * entry;
    }
    return value;
  }

  /** Steps of the quasi-Newton method so far. */
  long iterations() {
    return iterations;
  }

  private double evaluate(double[] at, double[] to) {
    int half = positive.size();
    positive.forward(at, 0);
    negative.forward(at, half);
    for (int i = 0; i < n; i++) {
      residual[i] = y[i] - 0.5 * lengths[i] * (positive.twiceOutput(i) - negative.twiceOutput(i));
    }
    double value = value() + positive.penalty(weight) + negative.penalty(weight);
    Arrays.fill(to, 0);
    for (int i = 0; i < n; i++) {
      byOutput[i] = -0.5 * lengths[i] * residual[i];
    }
    positive.backward(byOutput, beta, at, 0, to);
    for (int i = 0; i < n; i++) {
      byOutput[i] = -byOutput[i];
    }
    negative.backward(byOutput, beta, at, half, to);
    return value;
  }
}
