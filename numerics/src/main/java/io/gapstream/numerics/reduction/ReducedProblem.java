package io.gapstream.numerics.reduction;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.TimeUpException;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.bound.UpperBound;
import io.gapstream.numerics.bound.Witness;
import io.gapstream.numerics.data.Data;
import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.verify.Finding;
import io.gapstream.numerics.verify.LowerBoundVerifier;
import io.gapstream.numerics.verify.Verifier;
import org.jspecify.annotations.Nullable;

/**
 * A problem in as many columns as its data have rank, and the way back; docs/mathematics.md,
 * section 1. With V an orthonormal basis of the row space and {@code Z = X V}, a network {@code (V
 * u_j, a_j)} on X is {@code (u_j, a_j)} on Z with the same penalty, and no network on X is better
 * than its projection. So {@code p*} is the same, and solvers need never see the columns of X.
 *
 * <p>Directions in which the rows are nearly nothing beside the longest row are left out too, as
 * long as that cannot matter beside beta. Nothing rests on this: bounds that are taken back are
 * proved again on X, and those that cannot be are dropped.
 *
 * <p>Immutable; safe for use by many threads.
 */
public final class ReducedProblem {

  /** What may be left out of a row, as a share of the longest row. */
  private static final double NEARLY_NOTHING = 0x1p-28;

  /**
   * The share of beta that what is left out may come to: {@code n max |y_i| max e_i}, which {@code
   * tau} of a residual changes by hardly a tenth of.
   */
  private static final double NEGLIGIBLE = 1e-6;

  /** The least by which s is lowered and lambda raised: more than rounding on the way back. */
  private static final double LEAST_SLACK = 1e-10;

  /** Both give way by factors of four up to this share, then the evidence is dropped. */
  private static final double MOST_SLACK = 1e-5;

  private final Problem original;
  private final Problem problem;

  /** Null when nothing was gained. */
  private final @Nullable Basis basis;

  /** What leads back. */
  @SuppressWarnings("ArrayRecordComponent") // shared, large, never compared
  private record Basis(
      double[] v, double[] losses, LowerBoundVerifier ofX, LowerBoundVerifier ofZ) {}

  private ReducedProblem(Problem original, Problem problem, @Nullable Basis basis) {
    this.original = original;
    this.problem = problem;
    this.basis = basis;
  }

  /**
   * Reduces a problem, where there is something to gain, in the time there is.
   *
   * @param deadline after which the problem is left as it is
   */
  public static ReducedProblem of(Problem problem, Deadline deadline) {
    int n = problem.n();
    int exponent = exponent(problem.x());
    double[] x = scale(problem.x(), -exponent);
    double longest = longestRow(n, problem.d(), x);
    double largestTarget = 0;
    for (double target : problem.y()) {
      largestTarget = Math.max(largestTarget, Math.abs(target));
    }
    double negligible = NEGLIGIBLE * (Math.scalb(problem.beta(), -exponent) / largestTarget / n);
    double cut =
        Math.max(RowSpace.ROUNDING * longest, Math.min(NEARLY_NOTHING * longest, negligible));
    RowSpace space = RowSpace.of(n, problem.d(), x, cut, deadline);
    if (space == null || !(largest(space.losses()) <= negligible)) {
      return new ReducedProblem(problem, problem, null);
    }
    double[] z = scale(space.coordinates(), exponent);
    double[] v = space.basis();
    return new ReducedProblem(
        problem,
        new Problem(n, space.rank(), z, problem.y(), problem.beta()),
        new Basis(
            v,
            scale(space.losses(), exponent),
            LowerBoundVerifier.of(problem),
            LowerBoundVerifier.of(problem, space.rank(), z, v)));
  }

  /**
   * The data in as many columns as they have rank, to rounding; the same object when that is as
   * many as they have.
   */
  public static Data reduce(Data data) {
    int exponent = exponent(data.x());
    double[] x = scale(data.x(), -exponent);
    double cut = RowSpace.ROUNDING * longestRow(data.n(), data.d(), x);
    RowSpace space = RowSpace.of(data.n(), data.d(), x, cut, Deadline.none());
    return space == null
        ? data
        : new Data(data.n(), space.rank(), scale(space.coordinates(), exponent), data.y());
  }

  /** Whether the problem has fewer columns now. */
  public boolean isReduced() {
    return basis != null;
  }

  /** The problem to be solved: the original one itself where nothing was gained. */
  public Problem problem() {
    return problem;
  }

  /**
   * The same directions in the columns of this problem.
   *
   * @param directions k rows of as many columns as the original has. Not modified.
   * @return k rows of as many columns as this problem has
   */
  public double[] project(double[] directions) {
    Basis back = basis;
    if (back == null) {
      return directions;
    }
    int d = original.d();
    int r = problem.d();
    int k = directions.length / d;
    double[] projected = new double[k * r];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < r; j++) {
        double sum = 0;
        for (int l = 0; l < d; l++) {
          sum += directions[i * d + l] * back.v()[j * d + l];
        }
        projected[i * r + j] = sum;
      }
    }
    return projected;
  }

  /** The network with the same outputs on the original data. */
  public Network lift(Network network) {
    Basis back = basis;
    if (back == null) {
      return network;
    }
    int d = original.d();
    int r = problem.d();
    double[] u = new double[network.m() * d];
    for (int j = 0; j < network.m(); j++) {
      for (int l = 0; l < r; l++) {
        double factor = network.u()[j * r + l];
        for (int k = 0; k < d; k++) {
          u[j * d + k] += factor * back.v()[l * d + k];
        }
      }
    }
    return new Network(network.m(), d, u, network.a());
  }

  /** {@link #lift(UpperBound, Deadline)}, however long it takes. */
  public UpperBound lift(UpperBound bound) {
    return lift(bound, Deadline.none());
  }

  /**
   * The network with the same outputs on the original data, and what it proves there.
   *
   * @throws IllegalArgumentException if its value overflows
   * @throws TimeUpException if the deadline's grace ends before the proof does
   */
  public UpperBound lift(UpperBound bound, Deadline deadline) {
    if (basis == null) {
      return bound;
    }
    Network network = lift(bound.network());
    if (Verifier.upper(original, network, deadline) instanceof Finding.Proved proved) {
      return new UpperBound(proved.value(), network);
    }
    throw new IllegalArgumentException(
        "The value of (P) at the network overflows in the original columns; rescale X or y.");
  }

  /** {@link #lift(LowerBound, Deadline)}, however long it takes. */
  public @Nullable LowerBound lift(LowerBound bound) {
    return lift(bound, Deadline.none());
  }

  /**
   * The same evidence about the original columns, with a value that it proves there. Rungs {@code
   * triangle}, {@code quadratic} and {@code pairs}: their multipliers belong to rows, a metric W
   * becomes {@code V W}, and without one both columns have {@code S = I}. Trees of cones and Gram
   * matrices are about columns and do not go over.
   *
   * @return null when the evidence proves nothing there
   * @throws TimeUpException if the deadline's grace ends before the proof does; a triangle is
   *     proved in any case, since that costs next to nothing
   */
  public @Nullable LowerBound lift(LowerBound bound, Deadline deadline) {
    Basis back = basis;
    if (back == null) {
      return bound;
    }
    boolean instant =
        bound.plus() instanceof Witness.Triangle && bound.minus() instanceof Witness.Triangle;
    Deadline until = instant ? Deadline.none() : deadline;
    double begin = leastSlack(bound, back);
    for (double slack = begin; slack < MOST_SLACK; slack *= 4) {
      Witness plus = lift(bound.plus(), slack, back);
      Witness minus = lift(bound.minus(), slack, back);
      if (plus == null || minus == null) {
        return null;
      }
      double scale = bound.scale() * (1 - slack);
      if (back.ofX().verify(bound.dual(), scale, plus, minus, until)
          instanceof Finding.Proved proved) {
        return new LowerBound(proved.value(), bound.dual(), scale, plus, minus);
      }
    }
    return null;
  }

  /** {@link #prove(LowerBound, Deadline)}, however long it takes. */
  public @Nullable LowerBound prove(LowerBound bound) {
    return prove(bound, Deadline.none());
  }

  /**
   * The same evidence, of any rung, about the columns of this problem, with a value that it proves
   * for the original one: how far the columns are from those of X is counted. It is no evidence in
   * the original columns, so it can be told but not handed on.
   *
   * @return null when it proves nothing
   * @throws TimeUpException if the deadline's grace ends before the proof does
   */
  public @Nullable LowerBound prove(LowerBound bound, Deadline deadline) {
    Basis back = basis;
    if (back == null) {
      return bound;
    }
    double begin = leastSlack(bound, back);
    for (double slack = begin; slack < MOST_SLACK; slack *= 4) {
      double scale = bound.scale() * (1 - slack);
      if (back.ofZ().verify(bound.dual(), scale, bound.plus(), bound.minus(), deadline)
          instanceof Finding.Proved proved) {
        return new LowerBound(proved.value(), bound.dual(), scale, bound.plus(), bound.minus());
      }
    }
    return null;
  }

  /** About what was left out of the rows makes of T, as a share of it, and what rounding does. */
  private double leastSlack(LowerBound bound, Basis back) {
    double missing = 0;
    for (int i = 0; i < bound.dual().length; i++) {
      missing += Math.abs(bound.dual()[i]) * back.losses()[i];
    }
    double share = missing * (bound.scale() / problem.beta());
    return LEAST_SLACK + (share < MOST_SLACK ? share : 0);
  }

  /** A witness in the original columns, with a little more of lambda; null where there is none. */
  private @Nullable Witness lift(Witness witness, double slack, Basis back) {
    if (witness instanceof Witness.Triangle) {
      return witness;
    }
    if (witness instanceof Witness.Quadratic quadratic) {
      return new Witness.Quadratic(
          quadratic.mu(),
          quadratic.theta(),
          quadratic.sigma(),
          liftMetric(quadratic.metric(), back),
          quadratic.lambda() * (1 + slack));
    }
    if (witness instanceof Witness.Pairs pairs) {
      return new Witness.Pairs(
          pairs.squares(),
          pairs.anchors(),
          pairs.theta(),
          pairs.sigma(),
          pairs.first(),
          pairs.second(),
          pairs.weights(),
          liftMetric(pairs.metric(), back),
          pairs.lambda() * (1 + slack));
    }
    return null;
  }

  /** {@code V W}, {@code d x rank}; empty for the identity. */
  private double[] liftMetric(double[] w, Basis back) {
    int d = original.d();
    int r = problem.d();
    int rank = w.length / r;
    double[] lifted = new double[d * rank];
    for (int k = 0; k < d; k++) {
      for (int j = 0; j < r; j++) {
        double factor = back.v()[j * d + k];
        for (int l = 0; l < rank; l++) {
          lifted[k * rank + l] += factor * w[j * rank + l];
        }
      }
    }
    return lifted;
  }

  private static double longestRow(int n, int d, double[] x) {
    double longest = 0;
    for (int i = 0; i < n; i++) {
      longest = Math.max(longest, RowSpace.length(x, i * d, d));
    }
    return longest;
  }

  private static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static int exponent(double[] values) {
    double largest = largest(values);
    return largest == 0 ? 0 : Math.getExponent(largest);
  }

  private static double[] scale(double[] values, int exponent) {
    double[] scaled = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = Math.scalb(values[i], exponent);
    }
    return scaled;
  }
}
