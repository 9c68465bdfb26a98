package io.gapstream.numerics.verify;

import io.gapstream.numerics.Pace;
import io.gapstream.numerics.bound.Witness;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
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
 *
 * <p>{@link ConeRows} leaves out of the sums what a cone has already decided.
 */
final class ConeTreeRung {

  private static final int PLAIN_LEAF = 0;
  private static final int LEAF = 1;
  private static final int STEP = 2;
  private static final int FIRST_SPLIT = 3;

  private static final String ENDS_EARLY = "the tree ends before its last cone.";

  /** Generations of midpoints at most: multiples of 2^-52 up to 1 are doubles. */
  private static final int DEEPEST = 52;

  /** The numbers of the pairs and the two kinds of leaves share a byte. */
  private static final int MOST_COLUMNS = 22;

  private static final int MOST_STEPS = 400;

  /** Rows are gone through again after so many generations, unless there are few. */
  private static final int OLD = 4;

  private static final int FEW_ROWS = 16;

  /**
   * Added to every F_k, as a share of the bound, so that an l that is found meets the exact F_k.
   */
  private static final double SLACK = 0x1p-40;

  private final Pace pace;
  private final int d;
  private final byte[] tree;
  private final double bound;

  /** At least the error of every computed F_k. */
  private final double radius;

  private final ConeRows all;
  private final double[] work;
  private final double[] point;
  private final double[] gradient;
  private final double[] f;
  private final double[] l;
  private final double[][] basis;
  private final double[][] triangle;
  private final double[] coefficients;

  private int position;

  private ConeTreeRung(ScaledDual scaled, int sign, byte[] tree, double bound, Pace pace) {
    this.pace = pace;
    this.d = scaled.d;
    this.tree = tree;
    this.bound = bound;
    all = ConeRows.of(scaled, sign);
    double[] magnitudes = new double[scaled.n];
    for (int i = 0; i < scaled.n; i++) {
      magnitudes[i] = Math.abs(scaled.nu[i]);
    }
    // Every F_k is a sum of products of at most n d terms in all, whose magnitudes add up to no
    // more than the sum of |nu_i| ||x_i||, with a few roundings each for the steps of w.
    double total = Rounding.dotUp(magnitudes, QuadraticRung.rowNormsUp(scaled));
    radius =
        Rounding.addUp(
            Rounding.multiplyUp(Rounding.gamma(scaled.n + 4L * d + 4L * MOST_STEPS), 2 * total),
            0x1p-600);
    work = new double[scaled.n];
    point = new double[d];
    gradient = new double[d];
    f = new double[d];
    l = new double[d];
    basis = new double[d][d];
    triangle = new double[d][d];
    coefficients = new double[d];
  }

  static TauBound bound(ScaledDual scaled, int sign, Witness.ConeTree witness, Pace pace) {
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
    String failure = new ConeTreeRung(scaled, sign, witness.tree(), bound, pace).failure();
    return failure == null ? new TauBound.AtMost(bound) : new TauBound.Nothing(failure);
  }

  /** A generator of a cone and the computed value of the positive part there. */
  @SuppressWarnings("ArrayRecordComponent") // shared, never compared
  private record Ray(double[] point, int level, double value) {}

  /**
   * A cone that is still to be read: its generators, its w, the steps that made that, and its rows,
   * with the generations since they were last gone through.
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Cone(Ray[] rays, double[] w, int steps, ConeRows rows, int age) {}

  /** Why the tree proves nothing, or null when it proves the bound. */
  private @Nullable String failure() {
    Ray[][] axes = new Ray[d][2];
    for (int k = 0; k < d; k++) {
      for (int side = 0; side < 2; side++) {
        double[] axis = new double[d];
        axis[k] = side == 0 ? 1 : -1;
        axes[k][side] = new Ray(axis, 0, all.positivePart(axis, work));
      }
    }
    Deque<Cone> cones = new ArrayDeque<>();
    for (int orthant = 0; orthant < 1 << d; orthant++) {
      pace.count((long) all.count() * d);
      Ray[] rays = new Ray[d];
      Arrays.fill(point, 0);
      for (int k = 0; k < d; k++) {
        rays[k] = axes[k][orthant >>> k & 1];
        add(1, rays[k].point(), point);
      }
      double[] w = new double[d];
      all.negativeGradient(point, w, work);
      cones.push(new Cone(rays, w, 0, all, 0));
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
            Locale.ROOT,
            "the tree has %d bytes and its last cone ends at byte %d.",
            tree.length,
            position);
  }

  /** Reads a cone to its end, and pushes the two halves of one that is split. */
  private @Nullable String read(Cone cone, Deque<Cone> cones) {
    Ray[] rays = cone.rays();
    double[] w = cone.w();
    int steps = cone.steps();
    ConeRows rows = cone.rows();
    pace.count((long) rows.count() * d + 10L * d * d);
    int code = next();
    while (code == STEP) {
      pace.count((long) rows.count() * d);
      int parts = next();
      steps = parts == 0 ? 0 : steps + 1;
      if (!step(rays, rows, parts, w) || steps > MOST_STEPS) {
        return String.format(
            Locale.ROOT, "the step that ends at byte %d of the tree is not one.", position);
      }
      code = next();
    }
    if (code < 0) {
      return ENDS_EARLY;
    }
    if (code == PLAIN_LEAF || code == LEAF) {
      int active = active(code);
      if (active < 0) {
        return ENDS_EARLY;
      }
      return leafProves(rays, w, active)
          ? null
          : String.format(
              Locale.ROOT,
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
      return String.format(
          Locale.ROOT, "byte %d of the tree is %d, which names no pair.", position - 1, code);
    }
    int level = Math.max(rays[j].level(), rays[k].level()) + 1;
    if (level > DEEPEST) {
      return String.format(
          Locale.ROOT, "the split at byte %d of the tree is too deep.", position - 1);
    }
    double[] middle = new double[d];
    for (int i = 0; i < d; i++) {
      middle[i] = 0.5 * (rays[j].point()[i] + rays[k].point()[i]);
    }
    int age = cone.age() + 1;
    if (age > OLD && rows.count() > FEW_ROWS) {
      rows = rows.within(points(rays));
      age = 0;
    }
    Ray ray = new Ray(middle, level, rows.positivePart(middle, work));
    Ray[] second = rays.clone();
    second[k] = ray;
    rays[j] = ray;
    cones.push(new Cone(second, w.clone(), steps, rows, age));
    cones.push(new Cone(rays, w, steps, rows, age));
    return null;
  }

  /** The active set of a leaf as bits, negative where the tree ends. */
  private int active(int code) {
    if (code == PLAIN_LEAF) {
      return (1 << d) - 1;
    }
    int active = 0;
    for (int shift = 0; shift < d && active >= 0; shift += Byte.SIZE) {
      int bits = next();
      active = bits < 0 ? bits : active | bits << shift;
    }
    return active;
  }

  private int next() {
    return position < tree.length ? tree[position++] & 0xff : -1;
  }

  private static double[][] points(Ray[] rays) {
    double[][] points = new double[rays.length][];
    for (int k = 0; k < rays.length; k++) {
      points[k] = rays[k].point();
    }
    return points;
  }

  /**
   * Moves w by so many 256ths of the way, or all of it for 0, to the gradient at a mean of the
   * generators.
   */
  private boolean step(Ray[] rays, ConeRows rows, int parts, double[] w) {
    if (parts < 0) {
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
    rows.negativeGradient(point, gradient, work);
    double share = parts / 256.0;
    for (int k = 0; k < d; k++) {
      w[k] = parts == 0 ? gradient[k] : w[k] + share * (gradient[k] - w[k]);
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
          double product = dot(basis[j], q);
          row[j] += product;
          add(-product, basis[j], q);
        }
      }
      double norm = Math.sqrt(dot(q, q));
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

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void add(double factor, double[] from, double[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * from[i];
    }
  }
}
