package io.gapstream.numerics.exact;

import static java.util.Objects.requireNonNull;

import io.gapstream.numerics.bound.Witness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Bounds {@code tau_+(nu) = max over ||u|| <= 1 of g(u) = sum_i nu_i (x_i . u)_+} from both sides
 * by branch and bound over simplicial cones; docs/mathematics.md, section 3.6. The search starts
 * with the {@code 2^d} orthants, always splits the cone with the largest bound, and closes cones
 * whose bound is low enough. Its tree is the witness.
 *
 * <p>Cones are split in batches, so that the search does the same whatever the number of threads;
 * one that a deadline ends gives the best bound it had.
 */
public final class ConeSearch {

  /** More columns are never searched: the orthants alone would be too many. */
  public static final int MOST_COLUMNS = 16;

  /** What a node takes beyond its steps: the number of its pair, or its active set. */
  private static final int NODE_BYTES = 3;

  /** A share of the bound that a search keeps in hand for its own rounding errors. */
  private static final double MARGIN = 0x1p-32;

  /** Values below this share of {@code sum_i |nu_i| ||x_i||} count as zero. */
  private static final double ZERO = 0x1p-36;

  /** Cones that are split between two looks at the queue. */
  private static final int BATCH = 64;

  /** Generations that a cone is split into at a time, at most. */
  private static final int MOST_GENERATIONS = 6;

  /** Of what a cone's bound exceeds the goal by, the share at which its parts wait their turn. */
  private static final double NEARLY = 0.7;

  private final SignedRows rows;
  private final int d;
  private final double tolerance;
  private final double target;
  private final Effort effort;

  /** At least what the rounding errors that the verifier counts add to a bound. */
  private final double reserve;

  private final double zero;

  private final OpenCones open;
  private final Node[] roots;
  private long nodes;
  private long bytes;
  private int generations;
  private double value;
  private double[] direction;
  private double enough;

  private ConeSearch(
      SignedRows rows, double tolerance, double target, double[] direction, Effort effort) {
    this.rows = rows;
    this.d = rows.d;
    this.tolerance = tolerance;
    this.target = target;
    this.effort = effort;
    this.direction = direction;
    this.roots = new Node[1 << d];
    double total = rows.total();
    // What the verifier adds to every F_k counts sum_k c_k <= ||u||_1 <= sqrt(d) times.
    this.reserve = Math.sqrt(d) * (rows.count() + 2000) * 0x1p-51 * total;
    this.zero = ZERO * total;
    double[] work = rows.work();
    double[] gradient = new double[d];
    rows.negativeGradient(direction, gradient, work);
    double sum = rows.positivePart(direction, work);
    for (int k = 0; k < d; k++) {
      sum -= gradient[k] * direction[k];
    }
    raise(Math.max(0, sum), direction);
    this.open = new OpenCones(Math.max(enough, Double.MIN_NORMAL));
  }

  /**
   * What a search found.
   *
   * @param value the largest value of {@code g} that it met, 0 at least: {@code tau_+} from below
   * @param direction d, of norm 1, with that value. Shared: must not be modified.
   * @param bound {@code tau_+} from above, by the witness; infinite without one
   * @param witness proves the bound; null when the search could not bound some cone at all
   * @param complete whether the search reached its goal
   * @param nodes of the tree
   */
  @SuppressWarnings("ArrayRecordComponent") // shared, never compared
  public record Result(
      double value,
      double[] direction,
      double bound,
      Witness.@Nullable ConeTree witness,
      boolean complete,
      long nodes) {}

  /**
   * Proves {@code tau_+(nu) <= target} or finds a direction beyond it, whichever comes first.
   *
   * @param x {@code n x d}, row-major, of moderate magnitude. Not modified.
   * @param nu n, of moderate magnitude, with its sign. Not modified.
   * @param target above 0
   * @param start d, of norm 1. Shared: must not be modified.
   */
  public static Result prove(
      int n, int d, double[] x, double[] nu, double target, double[] start, Effort effort) {
    requireColumns(d);
    return new ConeSearch(SignedRows.of(n, d, x, nu), 0, target, start, effort).run();
  }

  /**
   * Bounds {@code tau_+(nu)} to a relative tolerance.
   *
   * @param x {@code n x d}, row-major, of moderate magnitude. Not modified.
   * @param nu n, of moderate magnitude, with its sign. Not modified.
   * @param tolerance ends the search once the bound is at most {@code 1 + tolerance} times the
   *     largest value found; above 0
   * @param start d, of norm 1: a good direction makes a short search. Shared: must not be modified.
   */
  public static Result maximize(
      int n, int d, double[] x, double[] nu, double tolerance, double[] start, Effort effort) {
    requireColumns(d);
    if (!(tolerance > 0)) {
      throw new IllegalArgumentException("tolerance is " + tolerance + "; it must be above 0.");
    }
    return new ConeSearch(
            SignedRows.of(n, d, x, nu), tolerance, Double.POSITIVE_INFINITY, start, effort)
        .run();
  }

  private static void requireColumns(int d) {
    if (d > MOST_COLUMNS) {
      throw new IllegalArgumentException(
          "X has " + d + " columns; a search over cones takes " + MOST_COLUMNS + " at most.");
    }
  }

  private Result run() {
    int threads = effort.threads();
    plant();
    ExecutorService helpers = threads > 1 ? Executors.newFixedThreadPool(threads - 1) : null;
    try {
      ConeBound[] bounds = new ConeBound[threads];
      Arrays.setAll(bounds, t -> new ConeBound(rows));
      List<Node> batch = new ArrayList<>();
      while (value <= target && !effort.deadline().reached()) {
        batch.clear();
        take(batch);
        if (batch.isEmpty()) {
          break;
        }
        split(batch, bounds, helpers);
        for (Node node : batch) {
          settle(node.first);
          settle(node.second);
        }
      }
    } finally {
      if (helpers != null) {
        helpers.shutdownNow();
      }
    }
    return result();
  }

  /** The orthants, in the order of the bits of their signs. */
  private void plant() {
    double[] work = rows.work();
    Generator[][] axes = new Generator[d][2];
    for (int k = 0; k < d; k++) {
      axes[k][0] = Generator.axis(rows, k, 1, work);
      axes[k][1] = Generator.axis(rows, k, -1, work);
    }
    ConeBound bounds = new ConeBound(rows);
    for (int orthant = 0; orthant < roots.length; orthant++) {
      Generator[] generators = new Generator[d];
      for (int k = 0; k < d; k++) {
        generators[k] = axes[k][orthant >>> k & 1];
      }
      double[] excess = new double[d * (d - 1) / 2];
      Arrays.fill(excess, Double.NaN);
      roots[orthant] = new Node(rows, 0, generators, bounds.startOf(generators), 0, excess);
      if (effort.deadline().reached()) {
        // A cone that nothing is known of: then there is no bound.
        roots[orthant].bound = Double.POSITIVE_INFINITY;
      } else {
        bounds.bound(roots[orthant], enough, value);
      }
      settle(roots[orthant]);
    }
  }

  /** The cones to be split next: those with the largest bounds, and none when there is no room. */
  private void take(List<Node> batch) {
    // What the splits may add at most stays within the limit of the tree.
    long most = NODE_BYTES + ConeBound.MOST_STEPS * (d + 2);
    long left = (effort.mostBytes() - bytes) / most;
    generations = MOST_GENERATIONS;
    while (generations > 1 && (2L << generations) - 2 > left) {
      generations--;
    }
    long room = Math.min(BATCH, left / ((2L << generations) - 2));
    while (batch.size() < room) {
      Node node = open.take();
      if (node == null) {
        return;
      }
      if (node.bound <= enough) {
        node.close(); // a better direction was found since
      } else {
        batch.add(node);
      }
    }
  }

  /** Splits the cones of a batch. None of them depends on the others, nor on who does it when. */
  private void split(List<Node> batch, ConeBound[] bounds, @Nullable ExecutorService helpers) {
    if (helpers == null || batch.size() < 2 * bounds.length) {
      for (Node node : batch) {
        split(node, bounds[0]);
      }
      return;
    }
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> others = new ArrayList<>();
    for (int t = 1; t < bounds.length; t++) {
      ConeBound own = bounds[t];
      others.add(helpers.submit(() -> splitSome(batch, next, own)));
    }
    splitSome(batch, next, bounds[0]);
    boolean interrupted = false;
    for (Future<?> other : others) {
      while (true) {
        try {
          other.get();
          break;
        } catch (InterruptedException e) {
          interrupted = true; // a batch is short: it is finished first
        } catch (ExecutionException e) {
          throw new IllegalStateException("A thread of the search failed.", e);
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void splitSome(List<Node> batch, AtomicInteger next, ConeBound bounds) {
    for (int i = next.getAndIncrement(); i < batch.size(); i = next.getAndIncrement()) {
      split(batch.get(i), bounds);
    }
  }

  private void split(Node node, ConeBound bounds) {
    split(node, bounds, enough + NEARLY * (node.bound - enough), generations);
  }

  /**
   * Splits a cone, bounds its halves, and goes on for some generations with those whose bound is
   * nearly as large, since their rows are at hand; one too thin to be split stays as it is.
   *
   * @param least a bound that is too low to go on
   * @param left generations, this one included
   */
  private void split(Node node, ConeBound bounds, double least, int left) {
    // Without time for its parts a cone stays whole.
    if (!effort.deadline().reached() && bounds.split(node, enough)) {
      for (Node child : List.of(requireNonNull(node.first), requireNonNull(node.second))) {
        bounds.bound(child, enough, value);
        if (left > 1 && child.bound > least) {
          split(child, bounds, least, left - 1);
        }
      }
    }
  }

  /** Takes in what came of a cone that was bounded: closes what can be, keeps the rest. */
  private void settle(@Nullable Node node) {
    if (node == null) {
      return;
    }
    nodes++;
    bytes += NODE_BYTES + node.steps.length;
    double[] at = node.foundAt;
    if (at != null && node.found > value) {
      raise(node.found, at);
    }
    node.foundAt = null;
    if (node.first != null) {
      settle(node.first);
      settle(node.second);
    } else if (node.bound <= enough) {
      node.close();
    } else {
      open.add(node);
    }
  }

  private void raise(double found, double[] at) {
    value = found;
    direction = at;
    double goal = target < Double.POSITIVE_INFINITY ? target : found * (1 + tolerance);
    enough = Math.max(zero, goal * (1 - MARGIN) - reserve);
  }

  private Result result() {
    double bound = enough;
    boolean complete = value <= target;
    for (Node root : roots) {
      double largest = largest(root);
      complete &= largest <= enough;
      bound = Math.max(bound, largest);
    }
    bound = bound * (1 + 0.5 * MARGIN) + reserve;
    Witness.ConeTree witness =
        bound < Double.POSITIVE_INFINITY
            ? new Witness.ConeTree(bound, ConeTreeBytes.of(d, roots))
            : null;
    return new Result(value, direction, bound, witness, complete, nodes);
  }

  private static double largest(Node root) {
    double largest = 0;
    List<Node> stack = new ArrayList<>(List.of(root));
    while (!stack.isEmpty()) {
      Node node = stack.remove(stack.size() - 1);
      Node first = node.first;
      Node second = node.second;
      if (first == null || second == null) {
        largest = Math.max(largest, node.bound);
      } else {
        stack.add(first);
        stack.add(second);
      }
    }
    return largest;
  }
}
