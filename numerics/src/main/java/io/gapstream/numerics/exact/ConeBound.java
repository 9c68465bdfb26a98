package io.gapstream.numerics.exact;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bounds {@code g = g_+ - g_-} on a cone {@code { sum_k c_k g_k : c >= 0 }} within the unit ball;
 * docs/mathematics.md, section 3.5. The convex {@code g_+} is at most its chord {@code sum_k c_k
 * g_+(g_k)}, and {@code -g_-(u) <= - w . u} for every {@code w = sum_i theta_i |nu_i| x_i} with
 * {@code theta} in [0, 1]. So
 *
 * <pre>g(u) <= sum_k c_k F_k,   F_k = g_+(g_k) - w . g_k,</pre>
 *
 * whose largest value is that of {@link MinimumNorm}. The w is improved by Frank-Wolfe steps: the
 * best one is a mean of gradients of {@code g_-}, the next of which is taken where the bound is
 * attained.
 *
 * <p>Holds work space, so it is for one thread.
 */
final class ConeBound {

  /** In a witness: a leaf whose w is the gradient at the mean of all generators, all tight. */
  static final byte[] PLAIN_LEAF = {0};

  private static final int MOST_STEPS = 4;
  private static final int SMALLEST_STEP = 3;

  /** A step that lowers the bound by less than this share is the last. */
  private static final double WORTHWHILE = 1e-4;

  private static final int QUANTA = 255;

  /** A split that promises less than this share of what is missing is made by width instead. */
  private static final double PROMISING = 0.05;

  private final SignedRows rows;
  private final int d;
  private final MinimumNorm program;
  private final double[] work;
  private final double[] point;
  private final double[] w;
  private final double[] gradient;
  private final double[] mixed;
  private final double[] f;
  private final int[] quanta;
  private final byte[] record;

  private double found;
  private double @Nullable [] foundAt;

  ConeBound(SignedRows rows) {
    this.rows = rows;
    d = rows.d;
    program = new MinimumNorm(d);
    work = rows.work();
    point = new double[d];
    w = new double[d];
    gradient = new double[d];
    mixed = new double[d];
    f = new double[d];
    quanta = new int[d];
    record = new byte[4 + MOST_STEPS * (d + 1)];
  }

  /** The largest {@code g} seen beyond what was asked for, at {@link #foundAt}. */
  double found() {
    return found;
  }

  /** A unit vector, d, or null when nothing was seen beyond what was asked for. */
  double @Nullable [] foundAt() {
    return foundAt;
  }

  /**
   * Sets the bound, the leaf and the coefficients of a node.
   *
   * @param enough a bound below which nothing is gained
   * @param best a value of {@code g} beyond which points are to be told
   */
  void bound(Node node, double enough, double best) {
    foundAt = null;
    found = best;
    Generator[] generators = requireNonNull(node.generators);
    program.setCone(generators);
    Arrays.fill(quanta, 1);
    pointAt(generators);
    rows.negativeGradient(point, w, work);
    double bound = maximum(generators, w);
    int active = program.activeSet();
    double[] coefficients = program.coefficients().clone();
    int steps = 0;
    int length = 0;
    while (bound > enough && bound < Double.POSITIVE_INFINITY && steps < MOST_STEPS) {
      quantize(coefficients);
      pointAt(generators);
      rows.negativeGradient(point, gradient, work);
      look(generators);
      int halvings = 0;
      double next = mix(generators, 0);
      while (!(next < bound) && halvings < SMALLEST_STEP) {
        next = mix(generators, ++halvings);
      }
      if (!(next < bound)) {
        break;
      }
      // Half the step again while that is better.
      double accepted = next;
      int acceptedActive = program.activeSet();
      double[] acceptedCoefficients = program.coefficients().clone();
      while (accepted > enough && halvings < SMALLEST_STEP) {
        next = mix(generators, halvings + 1);
        if (!(next < accepted)) {
          break;
        }
        halvings++;
        accepted = next;
        acceptedActive = program.activeSet();
        acceptedCoefficients = program.coefficients().clone();
      }
      mix(w, gradient, halvings, w);
      record[length++] = (byte) halvings;
      for (int k = 0; k < d; k++) {
        record[length++] = (byte) quanta[k];
      }
      steps++;
      boolean worthwhile = accepted < bound * (1 - WORTHWHILE);
      bound = accepted;
      active = acceptedActive;
      coefficients = acceptedCoefficients;
      if (!worthwhile) {
        break;
      }
    }
    node.bound = bound;
    node.coefficients = coefficients;
    node.leaf = leaf(active, steps, length);
  }

  private byte[] leaf(int active, int steps, int length) {
    if (steps == 0 && active == (1 << d) - 1) {
      return PLAIN_LEAF;
    }
    int maskBytes = (d + 7) / 8;
    byte[] leaf = new byte[2 + maskBytes + length];
    leaf[0] = 1;
    for (int b = 0; b < maskBytes; b++) {
      leaf[1 + b] = (byte) (active >>> 8 * b);
    }
    leaf[1 + maskBytes] = (byte) steps;
    System.arraycopy(record, 0, leaf, 2 + maskBytes, length);
    return leaf;
  }

  private double maximum(Generator[] generators, double[] slope) {
    for (int k = 0; k < d; k++) {
      double[] g = generators[k].point();
      double sum = generators[k].value();
      for (int i = 0; i < d; i++) {
        sum -= slope[i] * g[i];
      }
      f[k] = sum;
    }
    return program.maximum(f);
  }

  /** The bound after a step of length {@code 2^-halvings} from w towards the gradient. */
  private double mix(Generator[] generators, int halvings) {
    mix(w, gradient, halvings, mixed);
    return maximum(generators, mixed);
  }

  private static void mix(double[] from, double[] to, int halvings, double[] out) {
    double step = Math.scalb(1.0, -halvings);
    for (int i = 0; i < out.length; i++) {
      out[i] = from[i] + step * (to[i] - from[i]);
    }
  }

  private void quantize(double[] coefficients) {
    double most = 0;
    for (double coefficient : coefficients) {
      most = Math.max(most, coefficient);
    }
    for (int k = 0; k < d; k++) {
      quanta[k] = most == 0 ? 1 : (int) Math.rint(QUANTA * (coefficients[k] / most));
    }
  }

  private void pointAt(Generator[] generators) {
    Arrays.fill(point, 0);
    for (int k = 0; k < d; k++) {
      double[] g = generators[k].point();
      for (int i = 0; i < d; i++) {
        point[i] += quanta[k] * g[i];
      }
    }
  }

  /** Evaluates {@code g} at the point where its chord leaves room for a better value. */
  private void look(Generator[] generators) {
    double chord = 0;
    double square = 0;
    double minus = 0;
    for (int k = 0; k < d; k++) {
      chord += quanta[k] * generators[k].value();
      square += point[k] * point[k];
      minus += gradient[k] * point[k];
    }
    double norm = Math.sqrt(square);
    if (chord - minus > found * norm) {
      double value = (rows.positivePart(point, work) - minus) / norm;
      if (value > found) {
        found = value;
        double[] u = point.clone();
        for (int k = 0; k < d; k++) {
          u[k] /= norm;
        }
        foundAt = u;
      }
    }
  }

  /**
   * Splits a node half way between the pair of generators whose chord costs the bound most, or, as
   * long as no pair promises much, between the widest pair; false when no pair can be split.
   *
   * @param enough what the bound is to reach
   */
  boolean split(Node node, double enough) {
    Generator[] generators = requireNonNull(node.generators);
    double[] excess = requireNonNull(node.excess);
    double[] c = requireNonNull(node.coefficients);
    program.setCone(generators);
    double most = 0;
    double widest = Double.POSITIVE_INFINITY;
    int costly = -1;
    int wide = -1;
    for (int j = 1, pair = 0; j < d; j++) {
      for (int k = 0; k < j; k++, pair++) {
        if (Math.max(generators[j].level(), generators[k].level()) >= Generator.DEEPEST) {
          continue;
        }
        double cosine =
            program.product(j, k) / Math.sqrt(program.product(j, j) * program.product(k, k));
        if (cosine < widest) {
          widest = cosine;
          wide = pair;
        }
        if (c[j] > 0 && c[k] > 0) {
          if (Double.isNaN(excess[pair])) {
            excess[pair] = excess(generators[j], generators[k]);
          }
          double gain = Math.sqrt(c[j] * c[k]) * excess[pair];
          if (gain > most) {
            most = gain;
            costly = pair;
          }
        }
      }
    }
    // The value is ||l||^2 = F . c, so a gain in F . c counts by twice the value.
    int chosen =
        costly >= 0 && most >= PROMISING * node.bound * (node.bound - enough) ? costly : wide;
    if (chosen < 0) {
      return false;
    }
    int j = 1;
    while ((j + 1) * j / 2 <= chosen) {
      j++;
    }
    int k = chosen - j * (j - 1) / 2;
    Generator middle = Generator.between(rows, generators[j], generators[k], work);
    node.pair = chosen;
    node.first = child(generators, excess, j, middle);
    node.second = child(generators, excess, k, middle);
    node.close();
    return true;
  }

  private Node child(Generator[] generators, double[] excess, int replaced, Generator middle) {
    Generator[] next = generators.clone();
    next[replaced] = middle;
    double[] known = excess.clone();
    for (int j = 1, pair = 0; j < d; j++) {
      for (int k = 0; k < j; k++, pair++) {
        if (j == replaced || k == replaced) {
          known[pair] = Double.NaN;
        }
      }
    }
    return new Node(next, known);
  }

  /** By how much the chord lies above {@code g_+} at the sum of two generators. */
  private double excess(Generator a, Generator b) {
    for (int i = 0; i < d; i++) {
      point[i] = a.point()[i] + b.point()[i];
    }
    return a.value() + b.value() - rows.positivePart(point, work);
  }
}
