package io.gapstream.numerics.lifted;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;
import java.util.Arrays;
import org.apache.commons.rng.sampling.distribution.ContinuousSampler;

/**
 * One sign's moments in the pair relaxation, factored, with their constraints in an augmented
 * Lagrangian; docs/mathematics.md, section 3.3. Beside the {@link LiftedFactor} with {@code U = W
 * W'}, u and t there is {@code R} in {@code R^{n x r}} with
 *
 * <pre>Z = R R',  A = sqrt(t) R_1,</pre>
 *
 * the moments of {@code z = |X u|}; row i of X has length one here, or is zero. The constraints,
 * and their multipliers, are
 *
 * <pre>Z_ii  = x_i'Ux_i                       squares_i
 * A_i  >= max(|x_i.u|, ||U x_i||)       anchors_i >= 0
 * Z_ij >= x_i'Ux_j and -x_i'Ux_j        above_ij, below_ij >= 0, for the working set's pairs</pre>
 *
 * <p>Source of the method: Nocedal and Wright, Numerical Optimization, section 17.4.
 *
 * <p>Holds work space, so it is for one thread.
 */
final class PairFactor {

  private static final int MAX_RANK = 25;

  /** Smooths the maximum, relative to t. */
  private static final double WIDTH = 1e-4;

  /** Lets the columns of R grow that a start does not need, relative to its row. */
  private static final double LEAST_NOISE = 0.01;

  /** Pairs that each row may bring into the working set at a time. */
  private static final int NEW_PAIRS = 8;

  private final int n;
  private final int rank;
  private final LiftedFactor lifted;
  private final double[][] rows; // R
  private final double[][] rowGradients;
  private final double[][] byProduct;
  private final double[] byMax;

  private final double[] squares;
  private final double[] anchors;
  private final double[] nextSquares;
  private final double[] nextAnchors;
  private final Pace pace;
  private int pairs;
  private int[] first = new int[0];
  private int[] second = new int[0];
  private double[] above = new double[0];
  private double[] below = new double[0];
  private double[] nextAbove = new double[0];
  private double[] nextBelow = new double[0];

  /**
   * @param x {@code n x d}, row-major, with rows of length one or zero. Not modified.
   * @param norms 1 or 0. Not modified.
   * @param deadline ends whatever takes long once its grace is over
   */
  PairFactor(int n, int d, double[] x, double[] norms, Deadline deadline) {
    this.pace = new Pace(deadline);
    this.n = n;
    this.rank = Math.min(n, MAX_RANK);
    int liftedRank = Math.min(d + 1, MAX_RANK);
    lifted = new LiftedFactor(n, d, liftedRank, x, norms, deadline);
    rows = new double[n][rank];
    rowGradients = new double[n][rank];
    byProduct = new double[n][liftedRank];
    byMax = new double[n];
    squares = new double[n];
    anchors = new double[n];
    nextSquares = new double[n];
    nextAnchors = new double[n];
  }

  /** Numbers in a point: those of the lifted factor, then R row by row. */
  int size() {
    return lifted.size() + n * rank;
  }

  /** The moments of u at the last point. */
  LiftedFactor lifted() {
    return lifted;
  }

  /**
   * Writes a start: the moments of u as they are, A as large or as small as the lifted relaxation
   * lets it be, whichever helps, and Z with the right diagonal. Then chooses the first pairs.
   *
   * @param moments a point of the lifted factor. Not modified.
   * @param nu the dual vector with its sign, n. Not modified.
   * @param noise standard Gaussians
   * @param point receives the start from offset on. Modified.
   */
  void start(double[] moments, double[] nu, ContinuousSampler noise, double[] point, int offset) {
    System.arraycopy(moments, 0, point, offset, moments.length);
    lifted.forward(moments, 0, WIDTH);
    double rootT = Math.sqrt(lifted.t());
    int at = offset + moments.length;
    for (int i = 0; i < n; i++) {
      double length = Math.sqrt(dot(lifted.product(i), lifted.product(i)));
      double first = nu[i] < 0 ? Math.min(length, lifted.max(i) / rootT) : length;
      double rest = Math.sqrt((length - first) * (length + first) + LEAST_NOISE * length * length);
      point[at + i * rank] = first;
      for (int j = 1; j < rank; j++) {
        point[at + i * rank + j] = rest * noise.sample() / Math.sqrt(rank);
      }
    }
    forward(point, offset);
    choosePairs();
  }

  /** Moves to a point. */
  void forward(double[] point, int offset) {
    lifted.forward(point, offset, WIDTH);
    int at = offset + lifted.size();
    for (int i = 0; i < n; i++) {
      System.arraycopy(point, at + i * rank, rows[i], 0, rank);
    }
  }

  /** {@code x_i.u + A_i} at the last point, twice what the neurons of this sign put out. */
  double twiceOutput(int row) {
    return lifted.linear[row] + Math.sqrt(lifted.t()) * rows[row][0];
  }

  /** What the constraints add to the augmented Lagrangian at the last point. */
  double penalty(double weight) {
    double rootT = Math.sqrt(lifted.t());
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double[] p = lifted.product(i);
      nextSquares[i] = squares[i] + weight * (dot(rows[i], rows[i]) - dot(p, p));
      nextAnchors[i] = Math.max(0, anchors[i] + weight * (lifted.max(i) - rootT * rows[i][0]));
      sum += nextSquares[i] * nextSquares[i] - squares[i] * squares[i];
      sum += nextAnchors[i] * nextAnchors[i] - anchors[i] * anchors[i];
    }
    for (int k = 0; k < pairs; k++) {
      double moment = dot(lifted.product(first[k]), lifted.product(second[k]));
      double z = dot(rows[first[k]], rows[second[k]]);
      nextAbove[k] = Math.max(0, above[k] + weight * (moment - z));
      nextBelow[k] = Math.max(0, below[k] + weight * (-moment - z));
      sum += nextAbove[k] * nextAbove[k] - above[k] * above[k];
      sum += nextBelow[k] * nextBelow[k] - below[k] * below[k];
    }
    return sum / (2 * weight);
  }

  /**
   * Adds the derivatives of {@code sum_i byOutput_i twiceOutput_i + beta t} and of the penalty to a
   * gradient.
   *
   * @param byOutput n. Not modified.
   * @param gradient receives them from offset on. Modified.
   */
  void backward(double[] byOutput, double beta, double[] point, int offset, double[] gradient) {
    double rootT = Math.sqrt(lifted.t());
    double byT = beta;
    for (int i = 0; i < n; i++) {
      double byA = byOutput[i] - nextAnchors[i];
      byMax[i] = nextAnchors[i];
      set(2 * nextSquares[i], rows[i], rowGradients[i]);
      rowGradients[i][0] += rootT * byA;
      set(-2 * nextSquares[i], lifted.product(i), byProduct[i]);
      byT += byA * rows[i][0] / (2 * rootT);
    }
    for (int k = 0; k < pairs; k++) {
      double byZ = -nextAbove[k] - nextBelow[k];
      if (byZ != 0) {
        int i = first[k];
        int j = second[k];
        add(byZ, rows[j], rowGradients[i]);
        add(byZ, rows[i], rowGradients[j]);
        double byMoment = nextAbove[k] - nextBelow[k];
        add(byMoment, lifted.product(j), byProduct[i]);
        add(byMoment, lifted.product(i), byProduct[j]);
      }
    }
    lifted.backward(byOutput, byMax, byProduct, byT, point, offset, gradient);
    int at = offset + lifted.size();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < rank; j++) {
        gradient[at + i * rank + j] += rowGradients[i][j];
      }
    }
  }

  /**
   * Takes the multipliers of the last point, drops pairs without one from the working set, and adds
   * the pairs that are violated most.
   *
   * @return the largest violation of a constraint, relative to t
   */
  double update() {
    double t = lifted.t();
    double rootT = Math.sqrt(t);
    double worst = 0;
    for (int i = 0; i < n; i++) {
      double[] p = lifted.product(i);
      worst = Math.max(worst, Math.abs(dot(rows[i], rows[i]) - dot(p, p)));
      worst = Math.max(worst, lifted.max(i) - rootT * rows[i][0]);
    }
    System.arraycopy(nextSquares, 0, squares, 0, n);
    System.arraycopy(nextAnchors, 0, anchors, 0, n);

    int kept = 0;
    for (int k = 0; k < pairs; k++) {
      if (nextAbove[k] > 0 || nextBelow[k] > 0) {
        first[kept] = first[k];
        second[kept] = second[k];
        above[kept] = nextAbove[k];
        below[kept] = nextBelow[k];
        kept++;
      }
    }
    pairs = kept;
    return Math.max(worst, choosePairs()) / t;
  }

  /**
   * Adds the pairs that are violated most to the working set.
   *
   * @return the largest violation of a pair's constraint, in units of Z
   */
  private double choosePairs() {
    long[] old = new long[pairs];
    for (int k = 0; k < pairs; k++) {
      old[k] = (long) first[k] * n + second[k];
    }
    Arrays.sort(old);
    resize(pairs + n * NEW_PAIRS);
    double worst = 0;
    int[] most = new int[NEW_PAIRS];
    double[] by = new double[NEW_PAIRS];
    for (int i = 1; i < n; i++) {
      pace.count((long) i * 2 * rank);
      Arrays.fill(by, 0);
      for (int j = 0; j < i; j++) {
        double violation =
            Math.abs(dot(lifted.product(i), lifted.product(j))) - dot(rows[i], rows[j]);
        worst = Math.max(worst, violation);
        for (int k = 0; k < NEW_PAIRS && violation > by[NEW_PAIRS - 1]; k++) {
          if (violation > by[k]) {
            for (int l = NEW_PAIRS - 1; l > k; l--) {
              by[l] = by[l - 1];
              most[l] = most[l - 1];
            }
            by[k] = violation;
            most[k] = j;
            break;
          }
        }
      }
      for (int k = 0; k < NEW_PAIRS && by[k] > 0; k++) {
        if (Arrays.binarySearch(old, (long) i * n + most[k]) < 0) {
          first[pairs] = i;
          second[pairs] = most[k];
          pairs++;
        }
      }
    }
    return worst;
  }

  private void resize(int capacity) {
    first = Arrays.copyOf(first, capacity);
    second = Arrays.copyOf(second, capacity);
    above = Arrays.copyOf(above, capacity);
    below = Arrays.copyOf(below, capacity);
    Arrays.fill(above, pairs, capacity, 0);
    Arrays.fill(below, pairs, capacity, 0);
    nextAbove = new double[capacity];
    nextBelow = new double[capacity];
  }

  /** The multipliers; those of pairs are combined, above less below. */
  PairMultipliers multipliers() {
    int count = 0;
    for (int k = 0; k < pairs; k++) {
      count += above[k] != below[k] ? 1 : 0;
    }
    int[] rowsOf = new int[count];
    int[] columnsOf = new int[count];
    double[] weights = new double[count];
    int at = 0;
    for (int k = 0; k < pairs; k++) {
      if (above[k] != below[k]) {
        rowsOf[at] = first[k];
        columnsOf[at] = second[k];
        weights[at] = above[k] - below[k];
        at++;
      }
    }
    return new PairMultipliers(squares.clone(), anchors.clone(), rowsOf, columnsOf, weights);
  }

  private static void set(double factor, double[] from, double[] to) {
    for (int j = 0; j < to.length; j++) {
      to[j] = factor * from[j];
    }
  }

  private static void add(double factor, double[] from, double[] to) {
    for (int j = 0; j < to.length; j++) {
      to[j] += factor * from[j];
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }
}
