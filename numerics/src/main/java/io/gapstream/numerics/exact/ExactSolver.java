package io.gapstream.numerics.exact;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.TimeUpException;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.bound.UpperBound;
import io.gapstream.numerics.bound.Witness;
import io.gapstream.numerics.exact.ExactSolution.Ending;
import io.gapstream.numerics.global.ColumnGeneration;
import io.gapstream.numerics.ladder.BestLowerBound;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.scaling.ScaledProblem;
import io.gapstream.numerics.tau.Direction;
import io.gapstream.numerics.tau.LocalAscent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * {@code p*} to a tolerance, for few columns: column generation with exact separation;
 * docs/mathematics.md, section 4. The residual {@code nu} of the best network that local search
 * finds goes to {@link ConeSearch}, which either proves {@code tau(nu)} small enough for the lower
 * bound to meet the upper one, or finds a direction that local search missed.
 */
public final class ExactSolver {

  /** The first T that is asked for exceeds beta by this multiple of it, the next ones by less. */
  private static final double FIRST_EXCESS = 8;

  private static final double NEXT_EXCESS = 0.2;

  /** An excess that is not reduced to this share is not worth another search. */
  private static final double WORTHWHILE = 0.9;

  /** Of what is left of the time and of the room for a tree, what a T may take by estimate. */
  private static final double AFFORDABLE = 0.9;

  /** Of the tolerance, the part that T may use up; the rest is for the network. */
  private static final double SHARE_OF_TOLERANCE = 0.9;

  /** A tree beyond this share of the room was ended by it: the next split might not have fitted. */
  private static final double NEARLY_FULL = 0.5;

  /** Of what is left of the time, what a round of local search may use. */
  private static final double LOCAL_SHARE = 0.5;

  /** Of what is left of the time, what the search for each sign may use; the rest is to verify. */
  private static final double FIRST_SIDE = 1.0 / 3;

  private static final double SECOND_SIDE = 1.0 / 2;

  /** Keeps {@code s T <= beta} when the product is rounded up. */
  private static final double ROUNDING = 0x1p-50;

  private final Problem problem;
  private final ScaledProblem scaling;
  private final Problem scaled;
  private final int n;
  private final int d;
  private final double tolerance;
  private final Effort effort;
  private final Deadline deadline;
  private final Consumer<ExactProgress> onProgress;
  private final ColumnGeneration network;
  private final BestLowerBound best;

  private long cones;

  /** Of the larger tree of the last two. */
  private int treeBytes;

  /** What kept the last separation, or the next one, from more. */
  private Ending limit = Ending.STALLED;

  private int round;

  private ExactSolver(
      Problem problem,
      double tolerance,
      Effort effort,
      Consumer<LowerBound> onLower,
      Consumer<UpperBound> onUpper,
      Consumer<ExactProgress> onProgress) {
    this.problem = problem;
    this.tolerance = tolerance;
    this.effort = effort;
    deadline = effort.deadline();
    this.onProgress = onProgress;
    scaling = new ScaledProblem(problem);
    scaled = scaling.problem();
    n = problem.n();
    d = problem.d();
    network = new ColumnGeneration(problem, onUpper);
    // (P) is a sum of squares; s = 0 says so.
    Witness triangle = new Witness.Triangle();
    best =
        new BestLowerBound(
            problem, deadline, onLower, new LowerBound(0, problem.y(), 0, triangle, triangle));
  }

  /**
   * Solves until the bounds meet to the tolerance or the deadline comes; both bounds are there in
   * any case.
   *
   * @param tolerance on {@code upper / lower - 1}, above 0
   * @param seed of the local searches
   * @param effort what the searches may use, and until when
   * @param onLower told of every lower bound that is better than the ones before
   * @param onUpper told of every upper bound that is better than the ones before
   * @param onProgress told after every step
   * @throws IllegalArgumentException if there are more than {@link ConeSearch#MOST_COLUMNS}
   *     columns, if the tolerance is out of range, or if the magnitudes of X, y and beta are so far
   *     apart that a bound cannot be written in float64
   */
  public static ExactSolution solve(
      Problem problem,
      double tolerance,
      long seed,
      Effort effort,
      Consumer<LowerBound> onLower,
      Consumer<UpperBound> onUpper,
      Consumer<ExactProgress> onProgress) {
    if (problem.d() > ConeSearch.MOST_COLUMNS) {
      throw new IllegalArgumentException(
          "X has "
              + problem.d()
              + " columns and the exact program takes "
              + ConeSearch.MOST_COLUMNS
              + " at most; use a relaxation.");
    }
    if (!(tolerance > 0)) {
      throw new IllegalArgumentException("tolerance is " + tolerance + "; it must be above 0.");
    }
    return new ExactSolver(problem, tolerance, effort, onLower, onUpper, onProgress).run(seed);
  }

  private ExactSolution run(long seed) {
    Ending ending;
    try {
      ending = search(seed);
    } catch (TimeUpException e) {
      ending = Ending.TIME; // The best bounds so far stay.
    }
    if (met()) {
      ending = Ending.CONVERGED;
    } else if (deadline.reached()) {
      ending = Ending.TIME;
    }
    return new ExactSolution(best.get(), network.bound(), ending, progress());
  }

  /** Goes on until the bounds meet or nothing more is to be had, and says why it ended. */
  private Ending search(long seed) {
    double excess = FIRST_EXCESS;
    double before = Double.POSITIVE_INFINITY;
    while (!deadline.reached() && network.bound().value() < before) {
      before = network.bound().value();
      round++;
      network.run(seed + round, deadline.share(LOCAL_SHARE));
      report();
      double last = goal() / scaled.beta() - 1;
      Separation separation;
      do {
        excess = Math.max(excess, last);
        double begun = deadline.elapsedSeconds();
        separation = separate(scaled.beta() * (1 + excess));
        report();
        if (separation != Separation.PROVED || excess == last) {
          break;
        }
        double seconds = deadline.elapsedSeconds() - begun;
        double next = next(excess, last, seconds);
        if (next > WORTHWHILE * excess) {
          separation = Separation.UNFINISHED;
          limit = room() < time(seconds) ? Ending.TREE_SIZE : Ending.TIME;
        }
        excess = next;
      } while (separation == Separation.PROVED && !deadline.reached());
      if (separation == Separation.UNFINISHED || met()) {
        return limit;
      }
    }
    return Ending.STALLED;
  }

  /**
   * What T is to exceed beta by next. A search cut short is worth much less than a complete one for
   * a larger T, so no less is asked for than time and room for the tree seem to suffice for.
   *
   * @param seconds that the present excess took
   */
  private double next(double excess, double last, double seconds) {
    double least = ease(excess) / (AFFORDABLE * Math.min(time(seconds), room()));
    return least <= ease(last)
        ? last
        : Math.max(NEXT_EXCESS * excess, Math.pow((least - 1) / 10, 2.0 / 3));
  }

  /** How often the time that is left holds so many seconds. */
  private double time(double seconds) {
    return deadline.remaining().toNanos() * 1e-9 / seconds;
  }

  /** How often the largest tree holds the present one. */
  private double room() {
    return (double) effort.mostBytes() / treeBytes;
  }

  /**
   * About in inverse proportion to the cones that prove a T with this excess, which grow like its
   * logarithm once it is small: docs/experiments.md.
   */
  private static double ease(double excess) {
    return 1 + 10 * excess * Math.sqrt(excess);
  }

  private boolean met() {
    // Without targets the upper bound is what rounding up makes of zero.
    return network.bound().value() <= (1 + tolerance) * best.value() + Double.MIN_NORMAL;
  }

  /**
   * The largest T with which (L) at the present residual comes within the tolerance of the upper
   * bound; where there is none, one that is nearly beta.
   */
  private double goal() {
    double[] nu = network.residual();
    double gain = dot(scaled.y(), nu);
    double square = dot(nu, nu);
    double value =
        network.bound().value() / scaling.unscaleValue(1) / (1 + SHARE_OF_TOLERANCE * tolerance);
    double discriminant = gain * gain - 2 * square * value;
    double least = scaled.beta() * (1 + 0.1 * tolerance);
    if (!(discriminant > 0)) {
      return least;
    }
    // The smaller root of s gain - s^2 square / 2 = value, without cancellation.
    double scale = 2 * value / (gain + Math.sqrt(discriminant));
    return scale > 0 ? Math.max(scaled.beta() / scale, least) : least;
  }

  private enum Separation {
    /** A direction beyond the goal was found, and a neuron added for it. */
    MISSED,
    PROVED,
    UNFINISHED
  }

  /** Bounds {@code tau} of the residual for both signs. */
  private Separation separate(double goal) {
    limit = Ending.STALLED;
    double[] nu = network.residual();
    List<Direction> missed = new ArrayList<>();
    ConeSearch.Result[] results = new ConeSearch.Result[2];
    for (int side = 0; side < 2 && missed.isEmpty(); side++) {
      int sign = side == 0 ? 1 : -1;
      double[] signed = Arrays.stream(nu).map(entry -> sign * entry).toArray();
      double[] start = new double[d];
      start[0] = 1;
      Deadline until = deadline.share(side == 0 ? FIRST_SIDE : SECOND_SIDE);
      ConeSearch.Result result =
          ConeSearch.prove(n, d, scaled.x(), signed, goal, start, effort.until(until));
      results[side] = result;
      cones += result.nodes();
      Witness.ConeTree witness = result.witness();
      int bytes = witness == null ? 0 : witness.tree().length;
      treeBytes = side == 0 ? bytes : Math.max(treeBytes, bytes);
      if (!result.complete()) {
        limit =
            until.reached()
                ? Ending.TIME
                : bytes > NEARLY_FULL * effort.mostBytes() ? Ending.TREE_SIZE : Ending.STALLED;
      }
      if (result.value() > goal) {
        missed.add(LocalAscent.climb(n, d, scaled.x(), nu, sign, result.direction(), deadline));
      }
    }
    if (missed.isEmpty()) {
      consider(nu, results[0], results[1]);
      return results[0].complete() && results[1].complete()
          ? Separation.PROVED
          : Separation.UNFINISHED;
    }
    network.add(missed, deadline);
    return Separation.MISSED;
  }

  /** Has the lower bound of two searches proved and keeps it if it is better. */
  private void consider(double[] nu, ConeSearch.Result plus, ConeSearch.Result minus) {
    Witness.ConeTree first = plus.witness();
    Witness.ConeTree second = minus.witness();
    if (first == null || second == null) {
      return;
    }
    double[] dual = scaling.unscaleTarget(nu);
    double tau = scaling.unscaleTau(Math.max(plus.bound(), minus.bound()));
    double gain = dot(scaled.y(), nu);
    double square = dot(nu, nu);
    double scale = Math.min(problem.beta() / tau, gain / square) * (1 - ROUNDING);
    if (!(scale > 0)) {
      return;
    }
    best.offer(dual, scale, unscale(first), unscale(second));
  }

  private Witness.ConeTree unscale(Witness.ConeTree witness) {
    return new Witness.ConeTree(scaling.unscaleTau(witness.bound()), witness.tree());
  }

  private void report() {
    onProgress.accept(progress());
  }

  private ExactProgress progress() {
    UpperBound upper = network.bound();
    return new ExactProgress(
        round, best.value(), upper.value(), upper.network().m(), cones, deadline.elapsedSeconds());
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
