package io.gapstream.numerics.verify;

import io.gapstream.numerics.bound.Witness;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Rung {@code cone-bnb} with every rounding error bounded; docs/mathematics.md, section 3.6. The
 * tree splits each orthant into cones {@code { sum_k c_k g_k : c >= 0 }}. With {@code P = {i: nu_i
 * > 0}}, {@code N = {i: nu_i < 0}}, any {@code theta} in [0, 1] and {@code w = sum_N theta_i |nu_i|
 * x_i}, every u in a cone has
 *
 * <pre>sum_i nu_i (x_i . u)_+ <= sum_k c_k F_k,  F_k = sum_P nu_i (x_i . g_k)_+ - w . g_k.</pre>
 *
 * <p>Proof: the sum over P is convex and homogeneous, hence at most its chord, and {@code (t)_+ >=
 * theta t}. So a vector l with {@code l . g_k >= F_k} for all k proves that the cone holds nothing
 * beyond {@code ||l||} in the unit ball.
 *
 * <p>Generators are exact: signed unit vectors and midpoints, multiples of {@code 2^-52}. Their
 * 1-norm is 1, so {@code |x_i| . |g_k| <= ||x_i||}, and one number bounds the errors of every F_k.
 * The theta of a leaf are means of indicators {@code 1[x_i . v > 0]}, each 0 or 1 whatever the
 * rounding of the product, with dyadic weights. How l is found plays no part; it is checked.
 */
final class ConeTreeRung {

  private static final int PLAIN_LEAF = 0;
  private static final int LEAF = 1;
  private static final int MIX = 2;
  private static final int FIRST_SPLIT = 3;

  /** Generations of midpoints at most: multiples of 2^-52 up to 1 are doubles. */
  private static final int DEEPEST = 52;

  /** The numbers of the pairs and the two kinds of leaves share a byte. */
  private static final int MOST_COLUMNS = 22;

  private static final int MOST_MIXES = 400;
  private static final int MOST_HALVINGS = 30;

  /**
   * Added to every F_k, as a share of the bound, so that an l that is found meets the exact F_k.
   */
  private static final double SLACK = 0x1p-40;

  private final int d;
  private final byte[] tree;
  private final double bound;

  private final int positives;
  private final int negatives;
  private final double[][] positive;
  private final double[] positiveWeights;
  private final double[][] negative;
  private final double[][] weighted;

  /** At least the error of every computed F_k. */
  private final double radius;

  private final double[] work;
  private final double[] point;
  private final double[] gradient;
  private final double[] f;
  private final double[] l;
  private final double[][] basis;
  private final double[][] triangle;
  private final double[] coefficients;

  private int position;

  private ConeTreeRung(ScaledDual scaled, int sign, byte[] tree, double bound) {
    this.d = scaled.d;
    this.tree = tree;
    this.bound = bound;
    int above = 0;
    int below = 0;
    for (double entry : scaled.nu) {
      above += sign * entry > 0 ? 1 : 0;
      below += sign * entry < 0 ? 1 : 0;
    }
    positives = above;
    negatives = below;
    positive = new double[d][above];
    positiveWeights = new double[above];
    negative = new double[d][below];
    weighted = new double[d][below];
    double[] magnitudes = new double[scaled.n];
    int p = 0;
    int q = 0;
    for (int i = 0; i < scaled.n; i++) {
      double entry = sign * scaled.nu[i];
      magnitudes[i] = Math.abs(entry);
      for (int k = 0; k < d; k++) {
        double x = scaled.x[i * d + k];
        if (entry > 0) {
          positive[k][p] = x;
        } else if (entry < 0) {
          negative[k][q] = x;
          weighted[k][q] = -entry * x;
        }
      }
      if (entry > 0) {
        positiveWeights[p++] = entry;
      } else if (entry < 0) {
        q++;
      }
    }
    // Every F_k is a sum of products of at most n d terms in all, whose magnitudes add up to no
    // more than the sum of |nu_i| ||x_i||, with a few roundings each for the mixing of w.
    double total = Rounding.dotUp(magnitudes, QuadraticRung.rowNormsUp(scaled));
    radius =
        Rounding.addUp(
            Rounding.multiplyUp(Rounding.gamma(scaled.n + 4L * d + 4L * MOST_MIXES), 2 * total),
            0x1p-600);
    work = new double[Math.max(above, below)];
    point = new double[d];
    gradient = new double[d];
    f = new double[d];
    l = new double[d];
    basis = new double[d][d];
    triangle = new double[d][d];
    coefficients = new double[d];
  }

  static TauBound bound(ScaledDual scaled, int sign, Witness.ConeTree witness) {
    if (scaled.d > MOST_COLUMNS) {
      return TauBound.nothing(
          "X has %d columns; a tree of cones can have %d at most.", scaled.d, MOST_COLUMNS);
    }
    Double bound = Double.isFinite(witness.bound()) ? scaled.scaleLambda(witness.bound()) : null;
    if (bound == null || !(bound >= 0 && bound <= 0x1p200)) {
      return TauBound.nothing(
          "the bound is %s; it must not be negative and must be in proportion to X and nu.",
          witness.bound());
    }
    String failure = new ConeTreeRung(scaled, sign, witness.tree(), bound).failure();
    return failure == null ? new TauBound.AtMost(bound) : new TauBound.Nothing(failure);
  }

  /** A generator of a cone and the computed value of the positive part there. */
  @SuppressWarnings("ArrayRecordComponent") // shared, never compared
  private record Ray(double[] point, int level, double value) {}

  /** A cone that is still to be read: its generators, its w, and the mixes that made that. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Cone(Ray[] rays, double[] w, int mixes) {}

  /** Why the tree proves nothing, or null when it proves the bound. */
  private @Nullable String failure() {
    Ray[][] axes = new Ray[d][2];
    for (int k = 0; k < d; k++) {
      for (int side = 0; side < 2; side++) {
        double[] axis = new double[d];
        axis[k] = side == 0 ? 1 : -1;
        axes[k][side] = new Ray(axis, 0, positivePart(axis));
      }
    }
    Deque<Cone> cones = new ArrayDeque<>();
    for (int orthant = 0; orthant < 1 << d; orthant++) {
      Ray[] rays = new Ray[d];
      Arrays.fill(point, 0);
      for (int k = 0; k < d; k++) {
        rays[k] = axes[k][orthant >>> k & 1];
        add(1, rays[k].point(), point);
      }
      double[] w = new double[d];
      negativeGradient(point, w);
      cones.push(new Cone(rays, w, 0));
      while (!cones.isEmpty()) {
        String failure = read(cones.pop(), cones);
        if (failure != null) {
          return failure;
        }
      }
    }
    return position == tree.length
        ? null
        : String.format(
            "the tree has %d bytes and its last cone ends at byte %d.", tree.length, position);
  }

  /** Reads a cone to its end, and pushes the two halves of one that is split. */
  private @Nullable String read(Cone cone, Deque<Cone> cones) {
    Ray[] rays = cone.rays();
    double[] w = cone.w();
    int mixes = cone.mixes();
    int code = next();
    while (code == MIX) {
      int halvings = next();
      mixes = halvings == 0 ? 0 : mixes + 1;
      if (!mix(rays, halvings, w) || mixes > MOST_MIXES) {
        return String.format("the step that ends at byte %d of the tree is not one.", position);
      }
      code = next();
    }
    if (code < 0) {
      return "the tree ends before its last cone.";
    }
    if (code == PLAIN_LEAF || code == LEAF) {
      int active = (1 << d) - 1;
      if (code == LEAF) {
        active = 0;
        for (int shift = 0; shift < d; shift += Byte.SIZE) {
          active |= Math.max(0, next()) << shift;
        }
      }
      return leafProves(rays, w, active)
          ? null
          : String.format(
              "the leaf that ends at byte %d of the tree does not prove the bound for its cone.",
              position);
    }
    int pair = code - FIRST_SPLIT;
    int j = 1;
    while ((j + 1) * j / 2 <= pair) {
      j++;
    }
    int k = pair - j * (j - 1) / 2;
    if (j >= d) {
      return String.format("byte %d of the tree is %d, which names no pair.", position - 1, code);
    }
    int level = Math.max(rays[j].level(), rays[k].level()) + 1;
    if (level > DEEPEST) {
      return String.format("the split at byte %d of the tree is too deep.", position - 1);
    }
    double[] middle = new double[d];
    for (int i = 0; i < d; i++) {
      middle[i] = 0.5 * (rays[j].point()[i] + rays[k].point()[i]);
    }
    Ray ray = new Ray(middle, level, positivePart(middle));
    Ray[] second = rays.clone();
    second[k] = ray;
    rays[j] = ray;
    cones.push(new Cone(second, w.clone(), mixes));
    cones.push(new Cone(rays, w, mixes));
    return null;
  }

  private int next() {
    return position < tree.length ? tree[position++] & 0xff : -1;
  }

  /** Moves w by {@code 2^-halvings} of the way to the gradient at a mean of the generators. */
  private boolean mix(Ray[] rays, int halvings, double[] w) {
    if (halvings < 0 || halvings > MOST_HALVINGS) {
      return false;
    }
    Arrays.fill(point, 0);
    for (Ray ray : rays) {
      int quanta = next();
      if (quanta < 0) {
        return false;
      }
      add(quanta, ray.point(), point);
    }
    negativeGradient(point, gradient);
    double step = Math.scalb(1.0, -halvings);
    for (int k = 0; k < d; k++) {
      w[k] = halvings == 0 ? gradient[k] : w[k] + step * (gradient[k] - w[k]);
    }
    return true;
  }

  private boolean leafProves(Ray[] rays, double[] w, int active) {
    for (int k = 0; k < d; k++) {
      double sum = rays[k].value();
      for (int i = 0; i < d; i++) {
        sum -= w[i] * rays[k].point()[i];
      }
      f[k] = Rounding.addUp(sum, radius);
    }
    if (active >>> d != 0) {
      return false;
    }
    while (findNormal(rays, active)) {
      int missed = missed(rays);
      if (missed == 0) {
        return Rounding.normUp(l) <= bound;
      }
      if ((missed & active) != 0) {
        return false;
      }
      active |= missed; // just met without being active, but for rounding
    }
    return false;
  }

  /** The generators, as bits, for which {@code l . g_k >= F_k} is not proved. */
  private int missed(Ray[] rays) {
    int missed = 0;
    for (int k = 0; k < d; k++) {
      missed |= Rounding.dotDown(l, rays[k].point()) >= f[k] ? 0 : 1 << k;
    }
    return missed;
  }

  /**
   * Sets l to the shortest vector with {@code l . g_k = F_k} (and a little more) for the active
   * generators, by a QR factorisation with Gram-Schmidt, twice for accuracy; false when they are
   * dependent in double precision.
   */
  private boolean findNormal(Ray[] rays, int active) {
    Arrays.fill(l, 0);
    int count = 0;
    for (int k = 0; k < d; k++) {
      if ((active >>> k & 1) == 0) {
        continue;
      }
      double[] q = basis[count];
      System.arraycopy(rays[k].point(), 0, q, 0, d);
      double[] row = triangle[count];
      Arrays.fill(row, 0);
      for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < count; j++) {
          double product = dot(basis[j], q, d);
          row[j] += product;
          add(-product, basis[j], q);
        }
      }
      double norm = Math.sqrt(dot(q, q, d));
      if (!(norm > 0x1p-45)) {
        return false;
      }
      row[count] = norm;
      double right = f[k] + SLACK * bound;
      for (int i = 0; i < d; i++) {
        q[i] /= norm;
      }
      for (int j = 0; j < count; j++) {
        right -= row[j] * coefficients[j];
      }
      coefficients[count] = right / norm;
      count++;
    }
    for (int j = 0; j < count; j++) {
      add(coefficients[j], basis[j], l);
    }
    return true;
  }

  /** {@code sum_P nu_i (x_i . u)_+}, computed. */
  private double positivePart(double[] u) {
    multiply(positive, positives, u);
    for (int i = 0; i < positives; i++) {
      work[i] = Math.max(work[i], 0);
    }
    return dot(positiveWeights, work, positives);
  }

  /** {@code sum |nu_i| x_i} over the rows of N whose computed product is above 0. */
  private void negativeGradient(double[] u, double[] out) {
    multiply(negative, negatives, u);
    for (int i = 0; i < negatives; i++) {
      work[i] = work[i] > 0 ? 1 : 0;
    }
    for (int k = 0; k < d; k++) {
      out[k] = dot(weighted[k], work, negatives);
    }
  }

  /** Four sums side by side, since each addition waits for the one before. */
  private static double dot(double[] a, double[] b, int count) {
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    int i = 0;
    for (; i + 3 < count; i += 4) {
      first += a[i] * b[i];
      second += a[i + 1] * b[i + 1];
      third += a[i + 2] * b[i + 2];
      fourth += a[i + 3] * b[i + 3];
    }
    for (; i < count; i++) {
      first += a[i] * b[i];
    }
    return first + second + (third + fourth);
  }

  /** Products column by column, so that every checker finds the same signs. */
  private void multiply(double[][] columns, int count, double[] u) {
    Arrays.fill(work, 0, count, 0);
    for (int k = 0; k < d; k++) {
      double[] column = columns[k];
      double factor = u[k];
      for (int i = 0; i < count; i++) {
        work[i] += column[i] * factor;
      }
    }
  }

  private static void add(double factor, double[] from, double[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * from[i];
    }
  }
}
