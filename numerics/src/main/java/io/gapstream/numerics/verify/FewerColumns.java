package io.gapstream.numerics.verify;

import io.gapstream.numerics.Pace;
import io.gapstream.numerics.bound.Witness;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The data in other columns: {@code X = Z V'} but for a known error, with {@code V'} an {@code r x
 * d} matrix. With {@code e_i >= ||x_i - V z_i||} and {@code c >= ||V||},
 *
 * <pre>tau_+(nu) <= c max over ||v|| <= 1 of sum_i nu_i (z_i.v)_+  +  sum_i |nu_i| e_i.</pre>
 *
 * <p>Proof: let {@code ||u|| <= 1} and {@code v = V'u}, so that {@code ||v|| <= c}. Then {@code
 * x_i.u = z_i.v + (x_i - V z_i).u}, whose second term is at most {@code e_i} in magnitude, and
 * {@code (a + b)_+} is within {@code |b|} of {@code (a)_+}. The first sum is homogeneous in v.
 *
 * <p>So whoever has fewer rows than columns may check evidence on Z: multipliers may be any
 * numbers, and a metric W becomes {@code V'W}, since every metric serves. Where Z and V come from
 * plays no part: their errors are measured.
 */
final class FewerColumns {

  /** A row adds a column to Z when more than this share of the longest row is new in it. */
  private static final double NEW = 0x1p-46;

  /** The part that is left of a row is orthogonalised again when it is a smaller share. */
  private static final double AGAIN = 0.5;

  private static final int MOST_PASSES = 4;

  /** Sums side by side in a product of two rows. */
  private static final int LANES = 8;

  private final int d;
  private final int r;

  /** Z, {@code n x r}, row-major. */
  private final double[] z;

  /** {@code V'}, {@code r x d}, row-major. */
  private final double[] v;

  /** e, n. */
  private final double[] losses;

  /** c. */
  private final double stretch;

  private FewerColumns(int d, int r, double[] z, double[] v, double[] losses, double stretch) {
    this.d = d;
    this.r = r;
    this.z = z;
    this.v = v;
    this.losses = losses;
    this.stretch = stretch;
  }

  /**
   * Columns along the rows, each freed of its parts along the rows before.
   *
   * @param x {@code n x d}, row-major, with entries below 2 in magnitude. Not modified.
   */
  static FewerColumns alongRows(int n, int d, double[] x, Pace pace) {
    double longest = 0;
    for (int i = 0; i < n; i++) {
      longest = Math.max(longest, Math.sqrt(dot(x, i * d, x, i * d, d)));
    }
    int most = Math.min(n, d);
    double[] basis = new double[most * d];
    double[][] coefficients = new double[n][];
    double[] rest = new double[d];
    double[] parts = new double[most];
    int r = 0;
    for (int i = 0; i < n; i++) {
      System.arraycopy(x, i * d, rest, 0, d);
      double[] sums = new double[most];
      double length = Math.sqrt(dot(rest, 0, rest, 0, d));
      double before = Double.POSITIVE_INFINITY;
      for (int pass = 0; pass < MOST_PASSES && r > 0 && length < AGAIN * before; pass++) {
        pace.count(4L * d * r);
        for (int j = 0; j < r; j++) {
          parts[j] = dot(basis, j * d, rest, 0, d);
        }
        for (int j = 0; j < r; j++) {
          sums[j] += parts[j];
          subtract(parts[j], basis, j * d, rest, d);
        }
        before = length;
        length = Math.sqrt(dot(rest, 0, rest, 0, d));
      }
      if (length > NEW * longest && r < most) {
        for (int k = 0; k < d; k++) {
          basis[r * d + k] = rest[k] / length;
        }
        sums[r] = length;
        r++;
      }
      coefficients[i] = sums;
    }
    // Of nothing but zeros one column is left.
    int columns = Math.max(1, r);
    double[] z = new double[n * columns];
    for (int i = 0; i < n; i++) {
      System.arraycopy(coefficients[i], 0, z, i * columns, columns);
    }
    return of(n, d, x, columns, z, Arrays.copyOf(basis, columns * d), pace);
  }

  /**
   * Given columns, whatever they are.
   *
   * @param x {@code n x d}, row-major. Not modified.
   * @param z {@code n x r}, row-major. Shared: must not be modified.
   * @param v {@code r x d}, row-major. Shared: must not be modified.
   */
  static FewerColumns of(int n, int d, double[] x, int r, double[] z, double[] v, Pace pace) {
    double[] lengths = new double[r];
    for (int j = 0; j < r; j++) {
      lengths[j] = Rounding.normUp(Arrays.copyOfRange(v, j * d, (j + 1) * d));
    }
    return new FewerColumns(
        d, r, z, v, losses(n, d, x, r, z, v, lengths, pace), stretch(d, r, v, lengths, pace));
  }

  /**
   * At least {@code ||x_i - V z_i||}. Each computed entry is a sum of r + 1 terms, so that the
   * vector of the errors is at most {@code gamma_{r+1} (||x_i|| + sum_j |z_ij| ||v_j||)} long.
   */
  private static double[] losses(
      int n, int d, double[] x, int r, double[] z, double[] v, double[] lengths, Pace pace) {
    double gamma = Rounding.gamma(r + 1L);
    double[] losses = new double[n];
    double[] magnitudes = new double[r];
    for (int i = 0; i < n; i++) {
      double[] rest = Arrays.copyOfRange(x, i * d, (i + 1) * d);
      double length = Rounding.normUp(rest);
      pace.count(2L * d * r);
      for (int j = 0; j < r; j++) {
        magnitudes[j] = Math.abs(z[i * r + j]);
        if (z[i * r + j] != 0) {
          subtract(z[i * r + j], v, j * d, rest, d);
        }
      }
      double terms = Rounding.addUp(length, Rounding.dotUp(magnitudes, lengths));
      losses[i] =
          Rounding.addUp(
              Rounding.addUp(Rounding.normUp(rest), Rounding.multiplyUp(gamma, terms)),
              QuadraticRung.UNDERFLOW);
    }
    return losses;
  }

  /**
   * At least {@code ||V||}: its square is at most {@code 1 + ||V'V - I||_F}. A product of two rows
   * is a sum in which no term goes through more than {@code d / LANES + LANES} additions.
   */
  private static double stretch(int d, int r, double[] v, double[] lengths, Pace pace) {
    double gamma = Rounding.gamma(d / LANES + 2L * LANES);
    double squares = 0;
    for (int j = 0; j < r; j++) {
      pace.count((long) d * (j + 1));
      for (int l = 0; l <= j; l++) {
        double product = dot(v, j * d, v, l * d, d);
        double distance = Math.nextUp(Math.abs(product - (j == l ? 1 : 0)));
        double error = Rounding.multiplyUp(gamma, Rounding.multiplyUp(lengths[j], lengths[l]));
        double most = Rounding.addUp(Rounding.addUp(distance, error), QuadraticRung.UNDERFLOW);
        double square = Rounding.multiplyUp(most, most);
        squares = Rounding.addUp(squares, j == l ? square : 2 * square);
      }
    }
    return Rounding.sqrtUp(Rounding.addUp(1, Rounding.sqrtUp(squares)));
  }

  /**
   * What a witness about X proves, found on Z.
   *
   * @param sign 1 for {@code tau_+(nu)}, -1 for {@code tau_+(-nu)}
   */
  TauBound boundOfX(ScaledDual scaled, int sign, Witness witness, Pace pace) {
    if (witness instanceof Witness.Quadratic quadratic) {
      double[] metric = metric(quadratic.metric(), pace);
      if (metric != null) {
        return boundOfZ(
            scaled,
            sign,
            new Witness.Quadratic(
                quadratic.mu(), quadratic.theta(), quadratic.sigma(), metric, quadratic.lambda()),
            pace);
      }
    } else if (witness instanceof Witness.Pairs pairs) {
      double[] metric = metric(pairs.metric(), pace);
      if (metric != null) {
        return boundOfZ(
            scaled,
            sign,
            new Witness.Pairs(
                pairs.squares(),
                pairs.anchors(),
                pairs.theta(),
                pairs.sigma(),
                pairs.first(),
                pairs.second(),
                pairs.weights(),
                metric,
                pairs.lambda()),
            pace);
      }
    }
    // The others are about the columns of X, and rung triangle takes them as they are.
    return TauBound.of(scaled, sign, witness, pace);
  }

  /** What a witness about Z proves about X. */
  TauBound boundOfZ(ScaledDual scaled, int sign, Witness witness, Pace pace) {
    TauBound bound = TauBound.of(scaled.withColumns(r, z), sign, witness, pace);
    if (!(bound instanceof TauBound.AtMost atMost)) {
      return bound;
    }
    double[] magnitudes = new double[scaled.n];
    for (int i = 0; i < scaled.n; i++) {
      magnitudes[i] = Math.abs(scaled.nu[i]);
    }
    double value =
        Rounding.addUp(
            Rounding.multiplyUp(stretch, atMost.value()), Rounding.dotUp(magnitudes, losses));
    return value < Double.POSITIVE_INFINITY
        ? new TauBound.AtMost(value)
        : TauBound.nothing("the columns are not those of X.");
  }

  /** About {@code V'W}; null for a W that {@link Metric} refuses. */
  private double @Nullable [] metric(double[] w, Pace pace) {
    if (w.length % d != 0) {
      return null;
    }
    double largest = 0;
    for (double entry : w) {
      if (!Double.isFinite(entry)) {
        return null;
      }
      largest = Math.max(largest, Math.abs(entry));
    }
    int rank = w.length / d;
    double[] product = new double[r * rank];
    double[] row = new double[rank];
    for (int k = 0; k < d; k++) {
      pace.count((long) r * rank);
      for (int l = 0; l < rank; l++) {
        // Divided by a power of two, a multiple of S being as good.
        row[l] = Math.scalb(w[k * rank + l], largest > 0 ? -Math.getExponent(largest) : 0);
      }
      for (int j = 0; j < r; j++) {
        double factor = v[j * d + k];
        for (int l = 0; l < rank; l++) {
          product[j * rank + l] += factor * row[l];
        }
      }
    }
    return product;
  }

  /** {@code rest -= factor row}. */
  private static void subtract(double factor, double[] rows, int from, double[] rest, int d) {
    for (int k = 0; k < d; k++) {
      rest[k] -= factor * rows[from + k];
    }
  }

  private static double dot(double[] a, int fromA, double[] b, int fromB, int d) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int k = 0;
    for (; k + LANES <= d; k += LANES) {
      s0 += a[fromA + k] * b[fromB + k];
      s1 += a[fromA + k + 1] * b[fromB + k + 1];
      s2 += a[fromA + k + 2] * b[fromB + k + 2];
      s3 += a[fromA + k + 3] * b[fromB + k + 3];
      s4 += a[fromA + k + 4] * b[fromB + k + 4];
      s5 += a[fromA + k + 5] * b[fromB + k + 5];
      s6 += a[fromA + k + 6] * b[fromB + k + 6];
      s7 += a[fromA + k + 7] * b[fromB + k + 7];
    }
    for (; k < d; k++) {
      s0 += a[fromA + k] * b[fromB + k];
    }
    return (s0 + s1) + (s2 + s3) + ((s4 + s5) + (s6 + s7));
  }
}
