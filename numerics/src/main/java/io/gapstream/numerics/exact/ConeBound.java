package io.gapstream.numerics.exact;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bounds {@code g = g_+ - g_-} on a cone {@code { sum_k c_k g_k : c >= 0 }} within the unit ball;
 * docs/mathematics.md, section 3.6. The convex {@code g_+} is at most its chord {@code sum_k c_k
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

  static final byte[] NO_STEPS = {};

  /** Steps that a cone may add to the tree. */
  static final int MOST_STEPS = 12;

  /** A step is a multiple of this part of the way. */
  private static final int PARTS = 256;

  /** Lengths of a step that are tried. */
  private static final int MOST_TRIALS = 4;

  /** The search for a length ends when it can gain no more than this share of what it gained. */
  private static final double NEAR = 0.1;

  /** The verifier accounts for the rounding of no more steps in a row. */
  private static final int MOST_STEPS_TAKEN = 400;

  /** A step that makes up less than this share of what is missing is the last. */
  private static final double WORTHWHILE = 0.05;

  private static final int QUANTA = 255;

  /** After so many generations the rows that no longer change their sign are folded up. */
  private static final int OLD = 4;

  /** So few rows are not worth folding. */
  private static final int FEW_ROWS = 64;

  /** A split that promises less than this share of what is missing is made by width instead. */
  private static final double PROMISING = 0.05;

  private final int d;
  private final MinimumNorm program;
  private final double[] work;
  private final double[] point;
  private final double[] w;
  private final double[] gradient;
  private final double[] trialW;
  private final double[] f;
  private final double[] slopes;
  private final int[] quanta;
  private final byte[] record;
  private final double[] coefficients;

  private SignedRows rows;
  private double bound;
  private int active;
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
    trialW = new double[d];
    f = new double[d];
    slopes = new double[d];
    quanta = new int[d];
    coefficients = new double[d];
    record = new byte[MOST_STEPS * (d + 2)];
  }

  /** The w with which an orthant starts: the gradient of {@code g_-} at the generators' mean. */
  double[] startOf(Generator[] generators) {
    double[] start = new double[d];
    Arrays.fill(quanta, 1);
    pointAt(generators);
    rows.negativeGradient(point, start, work);
    return start;
  }

  /**
   * Sets what the bound of a node is and how it comes about, and the best point met on the way.
   *
   * @param enough a bound below which nothing is gained
   * @param best a value of {@code g} beyond which a point counts
   */
  void bound(Node node, double enough, double best) {
    foundAt = null;
    found = best;
    rows = requireNonNull(node.rows);
    Generator[] generators = requireNonNull(node.generators);
    System.arraycopy(requireNonNull(node.w), 0, w, 0, d);
    program.setCone(generators);
    keep(maximum(generators, w));
    int length = 0;
    int stepsTaken = node.stepsTaken;
    for (int step = 0;
        step < MOST_STEPS && stepsTaken < MOST_STEPS_TAKEN && improvable(enough);
        step++) {
      quantize();
      pointAt(generators);
      rows.negativeGradient(point, gradient, work);
      if (look(generators) > enough) {
        break; // no w closes this cone
      }
      double before = bound;
      int parts = step(generators, enough);
      if (parts < 0) {
        break;
      }
      stepsTaken = parts == 0 ? 0 : stepsTaken + 1;
      mix(parts, w);
      record[length++] = ConeTreeBytes.STEP;
      record[length++] = (byte) parts;
      for (int k = 0; k < d; k++) {
        record[length++] = (byte) quanta[k];
      }
      if (before - bound < WORTHWHILE * (bound - enough)) {
        break;
      }
    }
    node.found = found;
    node.foundAt = foundAt;
    node.bound = bound;
    node.active = active;
    node.coefficients = coefficients.clone();
    node.w = w.clone();
    node.stepsTaken = stepsTaken;
    node.steps = length == 0 ? NO_STEPS : Arrays.copyOf(record, length);
  }

  /** An infinite bound is that of a cone too thin for double precision. */
  private boolean improvable(double enough) {
    return bound > enough && bound < Double.POSITIVE_INFINITY;
  }

  /** Makes the last maximum the bound. */
  private void keep(double maximum) {
    bound = maximum;
    active = program.activeSet();
    System.arraycopy(program.coefficients(), 0, coefficients, 0, d);
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

  /**
   * Lowers the bound by a step towards the gradient. The bound is convex in the length of the step,
   * with kinks where the active set changes: Newton steps find the minimum of a smooth piece, and
   * where they lead out of the bracket, the tangents at its ends meet near a kink.
   *
   * @return the length in parts, 0 for all the way; negative when no step lowers the bound
   */
  private int step(Generator[] generators, double enough) {
    for (int k = 0; k < d; k++) {
      double[] g = generators[k].point();
      double sum = 0;
      for (int i = 0; i < d; i++) {
        sum += (w[i] - gradient[i]) * g[i];
      }
      slopes[k] = sum / PARTS;
    }
    double start = bound;
    int taken = -1;
    int low = 0;
    double lowBound = maximum(generators, w);
    double lowSlope = program.slope(slopes);
    int high = PARTS + 1;
    double highBound = Double.NaN;
    double highSlope = Double.NaN;
    double next = program.stepAlong(slopes);
    for (int trial = 0; trial < MOST_TRIALS && lowSlope < 0 && bound > enough; trial++) {
      if (high - low < 2) {
        break;
      }
      int at = Math.max(low + 1, Math.min(high - 1, (int) Math.rint(next)));
      mix(at % PARTS, trialW);
      double reached = maximum(generators, trialW);
      if (reached < bound) {
        keep(reached);
        taken = at % PARTS;
      }
      double slope = program.slope(slopes);
      if (slope < 0) {
        low = at;
        lowBound = reached;
        lowSlope = slope;
      } else {
        high = at;
        highBound = reached;
        highSlope = slope;
      }
      next = at + program.stepAlong(slopes);
      if (high <= PARTS) {
        double meet =
            (highBound - lowBound + lowSlope * low - highSlope * high) / (lowSlope - highSlope);
        double least = lowBound + lowSlope * (meet - low);
        if (bound - least < NEAR * (start - bound)) {
          break;
        }
        if (!(next > low && next < high)) {
          next = meet;
        }
      }
    }
    return taken;
  }

  /** The w after a step of so many parts of the way to the gradient. */
  private void mix(int parts, double[] out) {
    double step = (double) parts / PARTS;
    for (int i = 0; i < d; i++) {
      out[i] = parts == 0 ? gradient[i] : w[i] + step * (gradient[i] - w[i]);
    }
  }

  private void quantize() {
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

  /**
   * Evaluates {@code g} at the point where its chord leaves room for a better value.
   *
   * @return {@code g} with the chord for {@code g_+}: no w makes the bound lower than that
   */
  private double look(Generator[] generators) {
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
    return (chord - minus) / norm;
  }

  /**
   * Splits a node half way between the pair of generators whose chord costs the bound most, or, as
   * long as no pair promises much, between the widest pair; false when no pair can be split.
   *
   * @param enough what the bound is to reach
   */
  boolean split(Node node, double enough) {
    rows = requireNonNull(node.rows);
    if (node.age >= OLD && rows.count() > FEW_ROWS) {
      rows = rows.reduced(requireNonNull(node.generators));
      node.rows = rows;
      node.age = 0;
    }
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
    node.first = child(node, j, middle);
    node.second = child(node, k, middle);
    node.close();
    return true;
  }

  private Node child(Node node, int replaced, Generator middle) {
    Generator[] generators = requireNonNull(node.generators).clone();
    generators[replaced] = middle;
    double[] excess = requireNonNull(node.excess).clone();
    for (int j = 1, pair = 0; j < d; j++) {
      for (int k = 0; k < j; k++, pair++) {
        if (j == replaced || k == replaced) {
          excess[pair] = Double.NaN;
        }
      }
    }
    return new Node(
        rows, node.age + 1, generators, requireNonNull(node.w), node.stepsTaken, excess);
  }

  /** By how much the chord lies above {@code g_+} at the sum of two generators. */
  private double excess(Generator a, Generator b) {
    for (int i = 0; i < d; i++) {
      point[i] = a.point()[i] + b.point()[i];
    }
    return a.value() + b.value() - rows.positivePart(point, work);
  }
}
