package io.gapstream.numerics.ladder;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.TimeUpException;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.bound.Witness;
import io.gapstream.numerics.problem.Problem;
import io.gapstream.numerics.verify.Finding;
import io.gapstream.numerics.verify.LowerBoundVerifier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The best of the lower bounds that a solver comes across. None counts before {@link
 * LowerBoundVerifier} has proved it.
 */
public final class BestLowerBound {

  /** For evidence that proves what was computed, but for rounding. */
  public static final double LEAST_SLACK = 1e-15;

  /** With so many rows an attempt that rounding lets fail is no longer cheap. */
  private static final int MANY_ROWS = 20_000;

  /** The slack that is needed for each row, about. */
  private static final double ROW_SLACK = 4e-16;

  /** The scale gives way by factors of four up to this share, then the evidence is dropped. */
  private static final double MOST_SLACK = 1e-5;

  private final Problem problem;
  private final LowerBoundVerifier verifier;
  private final Deadline deadline;
  private final Consumer<LowerBound> onImprovement;
  private @Nullable LowerBound best;

  /**
   * None yet.
   *
   * @param deadline of the proofs
   * @param onImprovement told of every proved bound that is better than the ones before
   */
  public BestLowerBound(Problem problem, Deadline deadline, Consumer<LowerBound> onImprovement) {
    this(problem, deadline, onImprovement, null);
  }

  /**
   * Begins with a bound that needs no proof, or with none.
   *
   * @param deadline of the proofs
   * @param onImprovement told of every proved bound that is better than the ones before
   */
  public BestLowerBound(
      Problem problem,
      Deadline deadline,
      Consumer<LowerBound> onImprovement,
      @Nullable LowerBound first) {
    this.problem = problem;
    verifier = LowerBoundVerifier.of(problem);
    this.deadline = deadline;
    this.onImprovement = onImprovement;
    best = first;
  }

  /** The value of the best so far, 0 when nothing was proved. */
  public double value() {
    LowerBound bound = best;
    return bound == null ? 0 : bound.value();
  }

  /**
   * The best so far.
   *
   * @throws IllegalArgumentException if nothing could be proved
   */
  public LowerBound get() {
    LowerBound bound = best;
    if (bound == null) {
      throw new IllegalArgumentException(
          "The magnitudes of X, y and beta span too many orders for a bound in doubles; rescale X"
              + " or y.");
    }
    return bound;
  }

  /**
   * Has a bound proved with s as large as its evidence allows, and keeps it if it is better.
   *
   * @param nu n. Shared from now on: must not be modified.
   * @param tau about what the witnesses prove {@code tau(nu)} not to exceed
   * @param leastSlack the share by which s stays below {@code beta / tau} at least: above 0, and
   *     larger for evidence that is only nearly as good as computed
   * @throws TimeUpException if the deadline's grace ends before a proof does; a triangle is proved
   *     in any case, since that costs next to nothing
   */
  public void consider(double[] nu, double tau, Witness plus, Witness minus, double leastSlack) {
    double s = scale(nu, tau);
    // What rounding costs grows with the rows, and each attempt costs a pass over them.
    double first = nu.length < MANY_ROWS ? leastSlack : Math.max(leastSlack, ROW_SLACK * nu.length);
    for (double slack = first; slack < MOST_SLACK; slack *= 4) {
      if (offer(nu, s * (1 - slack), plus, minus)) {
        return;
      }
    }
  }

  /**
   * Has a bound proved with this s, and keeps it if it is better.
   *
   * @param nu n. Shared from now on: must not be modified.
   * @return whether it was proved
   * @throws TimeUpException if the deadline's grace ends before the proof does
   */
  public boolean offer(double[] nu, double scale, Witness plus, Witness minus) {
    boolean instant = plus instanceof Witness.Triangle && minus instanceof Witness.Triangle;
    Deadline until = instant ? Deadline.none() : deadline;
    if (!(verifier.verify(nu, scale, plus, minus, until) instanceof Finding.Proved proved)) {
      return false;
    }
    LowerBound before = best;
    if (before == null || proved.value() > before.value()) {
      best = new LowerBound(proved.value(), nu, scale, plus, minus);
      onImprovement.accept(best);
    }
    return true;
  }

  /** The best s of bound (L), computed without overflow. */
  private double scale(double[] nu, double tau) {
    double[] y = problem.y();
    double yScale = 0;
    double nuScale = 0;
    for (int i = 0; i < nu.length; i++) {
      yScale = Math.max(yScale, Math.abs(y[i]));
      nuScale = Math.max(nuScale, Math.abs(nu[i]));
    }
    if (!(yScale > 0 && nuScale > 0)) {
      return 0;
    }
    double product = 0;
    double squares = 0;
    for (int i = 0; i < nu.length; i++) {
      product += y[i] / yScale * (nu[i] / nuScale);
      squares += nu[i] / nuScale * (nu[i] / nuScale);
    }
    return Math.min(problem.beta() / tau, Math.max(0, product / squares * (yScale / nuScale)));
  }
}
