package io.gapstream.numerics.exact;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.bound.Witness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Bounds {@code tau_+(nu) = max over ||u|| <= 1 of g(u) = sum_i nu_i (x_i . u)_+} from both sides
 * by branch and bound over simplicial cones; docs/mathematics.md, section 3.5. The search starts
 * with the {@code 2^d} orthants, always splits the cone with the largest bound, and closes cones
 * whose bound is low enough. Its tree is the witness.
 *
 * <p>A search that ends by itself gives the same tree whatever the threads did; one that a deadline
 * ends gives the best bound it had.
 */
public final class ConeSearch {

  /** More columns are never searched: the orthants alone would be too many. */
  public static final int MOST_COLUMNS = 16;

  /** Nodes of a tree at most, so that a witness stays small enough to be sent. */
  public static final int MOST_NODES = 4_000_000;

  /** A share of the bound that a search keeps in hand for its own rounding errors. */
  private static final double MARGIN = 0x1p-32;

  /** Values below this share of {@code sum_i |nu_i| ||x_i||} count as zero. */
  private static final double ZERO = 0x1p-36;

  /** Beyond so many open cones a thread goes on with the children of its own. */
  private static final int MOST_OPEN = 200_000;

  private final SignedRows rows;
  private final int d;
  private final double tolerance;
  private final double target;
  private final Deadline deadline;

  /** At least the rounding errors that the verifier counts. */
  private final double reserve;

  private final double zero;

  private final PriorityQueue<Node> open = new PriorityQueue<>();
  private final Node[] roots;
  private int working;
  private long nodes;
  private boolean ended;
  private double value;
  private double[] direction;
  private volatile double enough;

  private ConeSearch(
      SignedRows rows, double tolerance, double target, double[] direction, Deadline deadline) {
    this.rows = rows;
    this.d = rows.d;
    this.tolerance = tolerance;
    this.target = target;
    this.deadline = deadline;
    this.direction = direction;
    this.roots = new Node[1 << d];
    double total = rows.total();
    this.reserve = (rows.count() + 1000) * 0x1p-50 * total;
    this.zero = ZERO * total;
    double[] work = rows.work();
    double[] gradient = new double[d];
    rows.negativeGradient(direction, gradient, work);
    double sum = rows.positivePart(direction, work);
    for (int k = 0; k < d; k++) {
      sum -= gradient[k] * direction[k];
    }
    raise(Math.max(0, sum), direction);
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
   * @param threads that share the work, from 1
   */
  public static Result prove(
      int n,
      int d,
      double[] x,
      double[] nu,
      double target,
      double[] start,
      Deadline deadline,
      int threads) {
    requireColumns(d);
    return new ConeSearch(SignedRows.of(n, d, x, nu), 0, target, start, deadline).run(threads);
  }

  /**
   * Bounds {@code tau_+(nu)} to a relative tolerance.
   *
   * @param x {@code n x d}, row-major, of moderate magnitude. Not modified.
   * @param nu n, of moderate magnitude, with its sign. Not modified.
   * @param tolerance ends the search once the bound is at most {@code 1 + tolerance} times the
   *     largest value found; above 0
   * @param start d, of norm 1: a good direction makes a short search. Shared: must not be modified.
   * @param threads that share the work, from 1
   */
  public static Result maximize(
      int n,
      int d,
      double[] x,
      double[] nu,
      double tolerance,
      double[] start,
      Deadline deadline,
      int threads) {
    requireColumns(d);
    if (!(tolerance > 0)) {
      throw new IllegalArgumentException("tolerance is " + tolerance + "; it must be above 0.");
    }
    return new ConeSearch(
            SignedRows.of(n, d, x, nu), tolerance, Double.POSITIVE_INFINITY, start, deadline)
        .run(threads);
  }

  private static void requireColumns(int d) {
    if (d > MOST_COLUMNS) {
      throw new IllegalArgumentException(
          "X has " + d + " columns; a search over cones takes " + MOST_COLUMNS + " at most.");
    }
  }

  private Result run(int threads) {
    List<Thread> helpers = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    plant();
    for (int t = 1; t < threads; t++) {
      Thread helper = new Thread(this::work, "cone-search-" + t);
      helper.setDaemon(true);
      helper.setUncaughtExceptionHandler(
          (thread, failure) -> {
            synchronized (open) {
              failures.add(failure);
            }
            end();
          });
      helpers.add(helper);
      helper.start();
    }
    try {
      work();
    } finally {
      join(helpers);
    }
    if (!failures.isEmpty()) {
      throw new IllegalStateException("A thread of the search failed.", failures.get(0));
    }
    return result();
  }

  /** Waits until the helpers are done, which an interruption only hastens. */
  private void join(List<Thread> helpers) {
    end();
    boolean interrupted = false;
    for (Thread helper : helpers) {
      while (helper.isAlive()) {
        try {
          helper.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void end() {
    synchronized (open) {
      ended = true;
      open.notifyAll();
    }
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
      roots[orthant] = new Node(generators, bounds.startOf(generators), 0, excess);
      evaluate(bounds, roots[orthant]);
      if (roots[orthant].bound <= enough) {
        roots[orthant].close();
      } else {
        open.add(roots[orthant]);
      }
    }
    nodes = roots.length;
  }

  private void work() {
    ConeBound bounds = new ConeBound(rows);
    List<Node> own = new ArrayList<>();
    while (true) {
      Node node = own.isEmpty() ? take() : own.remove(own.size() - 1);
      if (node == null) {
        return;
      }
      if (node.bound <= enough) {
        node.close(); // a better direction was found since
      } else if (bounds.split(node, enough)) {
        handle(bounds, node.first, own);
        handle(bounds, node.second, own);
      } // A cone too thin to be split stays as it is.
      share(own);
    }
  }

  private void handle(ConeBound bounds, @Nullable Node child, List<Node> own) {
    if (child == null) {
      return;
    }
    evaluate(bounds, child);
    if (child.bound <= enough) {
      child.close();
    } else {
      own.add(child);
    }
  }

  private void evaluate(ConeBound bounds, Node node) {
    bounds.bound(node, enough, value());
    double[] at = bounds.foundAt();
    if (at != null) {
      raise(bounds.found(), at);
    }
  }

  private double value() {
    synchronized (open) {
      return value;
    }
  }

  private void raise(double found, double[] at) {
    synchronized (open) {
      if (found >= value) {
        value = found;
        direction = at;
        double goal = target < Double.POSITIVE_INFINITY ? target : found * (1 + tolerance);
        enough = Math.max(zero, goal * (1 - MARGIN) - reserve);
        ended |= value > target;
      }
    }
  }

  /** The open cone with the largest bound, or null when the search is over. */
  private @Nullable Node take() {
    synchronized (open) {
      while (!over()) {
        Node node = open.poll();
        if (node != null) {
          working++;
          return node;
        }
        if (working == 0) {
          break;
        }
        try {
          open.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          ended = true;
        }
      }
      open.notifyAll();
      return null;
    }
  }

  /** Hands cones that stayed open to everybody, unless there are too many already. */
  private void share(List<Node> own) {
    synchronized (open) {
      nodes += 2;
      if (own.isEmpty() || open.size() < MOST_OPEN || over()) {
        open.addAll(own);
        own.clear();
        working--;
        open.notifyAll();
      }
    }
  }

  private boolean over() {
    ended |= nodes >= MOST_NODES || deadline.reached();
    return ended;
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
