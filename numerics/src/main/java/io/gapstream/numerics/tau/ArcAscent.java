package io.gapstream.numerics.tau;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.Pace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Ascent of {@code g(u) = sum_i nu_i (x_i . u)_+} on the unit sphere by exact search along great
 * circles. Along an arc g is a sum of sines between the points where a row changes sign, so the
 * first local maximum is found exactly. A row with negative {@code nu_i} has a concave kink there;
 * the search stops at it, and the next direction is the shortest vector of the superdifferential,
 * which either stays in the kink or leaves it to the side that is better. So the ascent ends at a
 * true local maximum and does not zigzag between kinks.
 *
 * <p>Holds work space, so it is for one thread.
 */
final class ArcAscent {

  private static final int MAX_STEPS = 1000;
  private static final int MAX_SWEEPS = 200;
  private static final double STATIONARY = 1e-9;
  private static final double NO_GAIN = 1e-12;

  /** Rows with a smaller {@code |x_i . u| / r_i} are zero up to rounding. */
  private static final double ZERO = 1e-13;

  /** Rows that add less than this to the span of the others are left out of it. */
  private static final double DEPENDENT = 1e-9;

  private final Deadline deadline;
  private final Pace pace;
  private final int n;
  private final int d;
  private final double[] x;
  private final double[] nu;
  private final double[] squaredNorms;

  private final double[] z;
  private final double[] w;
  private final boolean[] kink;
  private final int[] kinks;
  private final double[] theta;
  private double work;
  private int kinkCount;
  private boolean pinned;
  private final List<double[]> normals = new ArrayList<>();
  private final double[] gradient;
  private final double[] ascent;
  private final long[] breakpoints;

  /**
   * @param x {@code n x d}, row-major. Not modified.
   * @param nu n, with its sign. Not modified.
   * @param deadline ends an ascent where it is
   */
  ArcAscent(int n, int d, double[] x, double[] nu, Deadline deadline) {
    this.deadline = deadline;
    this.pace = new Pace(deadline);
    this.n = n;
    this.d = d;
    this.x = x;
    this.nu = nu;
    z = new double[n];
    w = new double[n];
    kink = new boolean[n];
    kinks = new int[n];
    theta = new double[n];
    gradient = new double[d];
    ascent = new double[d];
    breakpoints = new long[n];
    squaredNorms = new double[n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < d; k++) {
        squaredNorms[i] += x[i * d + k] * x[i * d + k];
      }
    }
  }

  /**
   * Ascends.
   *
   * @param u d, the start, not zero; receives the local maximum, of norm 1. Modified.
   * @param mostWork multiplications at most, about
   * @return the value there
   * @throws io.gapstream.numerics.TimeUpException if the deadline's grace ends within a step
   */
  double climb(double[] u, double mostWork) {
    work = 0;
    if (!normalize(u)) {
      throw new IllegalArgumentException("An ascent cannot start at the zero vector.");
    }
    Arrays.fill(kink, false);
    kinkCount = 0;
    multiply(u, z);
    pinKinks();
    double value = value();
    int idle = 0;
    for (int step = 0; step < MAX_STEPS && work < mostWork && !deadline.reached(); step++) {
      if (!ascentDirection(u)) {
        break;
      }
      multiply(ascent, w);
      double tangent = arcSearch();
      double cosine = 1 / Math.sqrt(1 + tangent * tangent);
      double sine =
          tangent == Double.POSITIVE_INFINITY ? 1 : tangent / Math.sqrt(1 + tangent * tangent);
      for (int k = 0; k < d; k++) {
        u[k] = cosine * u[k] + sine * ascent[k];
      }
      normalize(u);
      multiply(u, z);
      for (int k = 0; k < kinkCount; k++) {
        z[kinks[k]] = 0;
      }
      double next = value();
      // A step of no length may still have found the next kink.
      idle = next > value + NO_GAIN * Math.abs(value) ? 0 : idle + 1;
      if (idle > 0 && (idle > d || !pinned)) {
        break;
      }
      value = next;
    }
    multiply(u, z);
    return value();
  }

  /** Multiplications of the last ascent, about. */
  double work() {
    return work;
  }

  private void count(double multiplications) {
    work += multiplications;
    pace.count((long) multiplications);
  }

  /** The rows in kinks at the end of the last ascent. */
  int[] kinks() {
    return Arrays.copyOf(kinks, kinkCount);
  }

  /** Rows that are zero up to rounding at the start and have a concave kink there. */
  private void pinKinks() {
    for (int i = 0; i < n; i++) {
      if (nu[i] < 0 && z[i] * z[i] <= ZERO * ZERO * squaredNorms[i] && squaredNorms[i] > 0) {
        pin(i, 0.5);
      }
    }
  }

  private void pin(int row, double multiplier) {
    kink[row] = true;
    theta[row] = multiplier;
    kinks[kinkCount++] = row;
    z[row] = 0;
  }

  private double value() {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      if (z[i] > 0) {
        sum += nu[i] * z[i];
      }
    }
    return sum;
  }

  /**
   * Sets {@code ascent} to the unit vector of steepest ascent in the tangent space at u, and frees
   * the kinks that it leaves; false at a local maximum.
   */
  private boolean ascentDirection(double[] u) {
    Arrays.fill(gradient, 0);
    count((double) n * d);
    for (int i = 0; i < n; i++) {
      if (z[i] > 0 && nu[i] != 0) {
        add(nu[i], i, gradient);
      }
    }
    double size = norm(gradient);
    double radial = 0;
    for (int k = 0; k < d; k++) {
      radial += gradient[k] * u[k];
    }
    for (int k = 0; k < d; k++) {
      ascent[k] = gradient[k] - radial * u[k];
    }
    shortest();
    if (!(norm(ascent) > STATIONARY * size)) {
      return false;
    }
    int kept = 0;
    for (int k = 0; k < kinkCount; k++) {
      int i = kinks[k];
      if (theta[i] > 0 && theta[i] < 1) {
        kinks[kept++] = i;
      } else {
        kink[i] = false;
        z[i] = 0;
      }
    }
    kinkCount = kept;
    // The kinks that are kept hold exactly, whatever the coordinate descent left over.
    normals.clear();
    for (int k = 0; k < kinkCount; k++) {
      addNormal(kinks[k]);
    }
    project(ascent);
    project(u);
    return normalize(u) && norm(ascent) > STATIONARY * size && normalize(ascent);
  }

  private void addNormal(int row) {
    double[] normal = Arrays.copyOfRange(x, row * d, (row + 1) * d);
    project(normal);
    project(normal);
    double length = norm(normal);
    if (length > DEPENDENT * Math.sqrt(squaredNorms[row])) {
      normalize(normal);
      normals.add(normal);
    }
  }

  /** Removes the part of a vector in the span of the normals. */
  private void project(double[] vector) {
    for (double[] normal : normals) {
      count(2.0 * d);
      double product = 0;
      for (int k = 0; k < d; k++) {
        product += normal[k] * vector[k];
      }
      for (int k = 0; k < d; k++) {
        vector[k] -= product * normal[k];
      }
    }
  }

  /**
   * Subtracts from {@code ascent} the combination {@code sum_i theta_i |nu_i| x_i} of the rows in
   * kinks, theta in [0, 1], that leaves the shortest vector: coordinate descent from the theta of
   * the step before.
   */
  private void shortest() {
    for (int k = 0; k < kinkCount; k++) {
      add(nu[kinks[k]] * theta[kinks[k]], kinks[k], ascent);
    }
    for (int sweep = 0; sweep < MAX_SWEEPS; sweep++) {
      double change = 0;
      for (int k = 0; k < kinkCount; k++) {
        count(2.0 * d);
        int i = kinks[k];
        double product = 0;
        for (int j = 0; j < d; j++) {
          product += x[i * d + j] * ascent[j];
        }
        double moved = theta[i] + product / (-nu[i] * squaredNorms[i]);
        moved = Math.min(1, Math.max(0, moved));
        double difference = moved - theta[i];
        if (difference != 0) {
          add(nu[i] * difference, i, ascent);
          theta[i] = moved;
          change = Math.max(change, Math.abs(difference));
        }
      }
      if (change <= 1e-9) {
        return;
      }
    }
  }

  /**
   * The tangent of the angle of the first local maximum on the arc {@code cos u + sin ascent}; pins
   * the row that stops it.
   */
  private double arcSearch() {
    double a = 0;
    double b = 0;
    int count = 0;
    pinned = false;
    for (int i = 0; i < n; i++) {
      if (kink[i] || nu[i] == 0) {
        continue;
      }
      boolean active = z[i] > 0 || z[i] == 0 && w[i] > 0;
      if (active) {
        a += nu[i] * z[i];
        b += nu[i] * w[i];
      }
      if (z[i] > 0 && w[i] < 0 || z[i] < 0 && w[i] > 0) {
        // The order of positive floats is that of their bits; the low half names the row.
        float tangent = (float) (-z[i] / w[i]);
        breakpoints[count++] = (long) Float.floatToIntBits(tangent) << 32 | i;
      }
    }
    Arrays.sort(breakpoints, 0, count);
    for (int k = 0; k < count; k++) {
      int i = (int) breakpoints[k];
      double tangent = -z[i] / w[i];
      if (b - a * tangent <= 0) {
        return Math.max(0, b / a);
      }
      double side = w[i] > 0 ? 1 : -1;
      a += side * nu[i] * z[i];
      b += side * nu[i] * w[i];
      if (nu[i] < 0 && b - a * tangent <= 0) {
        pin(i, 0);
        pinned = true;
        return tangent;
      }
    }
    return a > 0 ? Math.max(0, b / a) : Double.POSITIVE_INFINITY;
  }

  private void multiply(double[] vector, double[] out) {
    count((double) n * d);
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int k = 0; k < d; k++) {
        sum += x[i * d + k] * vector[k];
      }
      out[i] = sum;
    }
  }

  private void add(double factor, int row, double[] to) {
    for (int k = 0; k < d; k++) {
      to[k] += factor * x[row * d + k];
    }
  }

  private static double norm(double[] vector) {
    double sum = 0;
    for (double entry : vector) {
      sum += entry * entry;
    }
    return Math.sqrt(sum);
  }

  private static boolean normalize(double[] vector) {
    double norm = norm(vector);
    if (!(norm > 0)) {
      return false;
    }
    for (int k = 0; k < vector.length; k++) {
      vector[k] /= norm;
    }
    return true;
  }
}
