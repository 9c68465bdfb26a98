package io.gapstream.numerics.verify;

import io.gapstream.numerics.Pace;
import io.gapstream.numerics.bound.Witness;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Rung {@code quartic} with every rounding error bounded; docs/mathematics.md, section 3.5. With
 * {@code r_i >= ||x_i||} and {@code t = x_i.u / r_i}, each row is bounded by a polynomial {@code
 * nu_i (x_i.u)_+ <= |nu_i| r_i p_i(t)} for {@code |t| <= 1},
 *
 * <pre>nu_i > 0:  p = 1/2 t + 1/2 (A + B t^2 + C t^4)
 *            A = omega (2 omega + 1) / (2 (1 + omega)^2)
 *            B = (1 + 2 omega + 3 omega^2) / (2 omega (1 + omega)^2)
 *            C = -1 / (2 omega (1 + omega)^2)
 * nu_i < 0:  p = -t (2 + 3 z - z^3) / 4,  z = kappa t + o</pre>
 *
 * <p>and their sum by {@code sum_i |nu_i| r_i p_i + v'Gv} for every positive semidefinite G, where
 * {@code v(u)} holds all {@code u_a} and then all {@code u_a u_b}, {@code a <= b}. On the sphere
 * that is a form of degree four and one of degree three; what they differ by from {@code T
 * ||u||^4}, coefficient by coefficient, is added to T. Inside the ball the maximum is one of the
 * sphere times a number up to 1, or 0.
 */
final class QuarticRung {

  /** Rows that are added up before their sum is added to the total, which keeps the error small. */
  private static final int BLOCK = 256;

  /** Roundings of one term beyond its additions: no row's term has more. */
  private static final int TERM = 40;

  /** Terms of one coefficient, and their roundings: no coefficient has more. */
  private static final int TERMS = 64;

  /**
   * More than everything that underflow can cost: each product loses at most 2^-1075, is multiplied
   * by no more than 2^400 afterwards, and there are fewer than 2^60 of them.
   */
  private static final double UNDERFLOW = 0x1p-600;

  /** Below this norm a row is bounded by a constant. */
  private static final double LEAST_NORM = 0x1p-200;

  /** With more columns the expanded polynomial would not fit into memory. */
  private static final int MOST_COLUMNS = 24;

  private static final double LEAST_TOUCH = 0x1p-20;
  private static final double MOST_SLOPE = 0x1p20;
  private static final double MOST = 0x1p200;

  private final Pace pace;
  private final int n;
  private final int d;
  private final double[] x;
  private final double[] norms;

  /** {@code |nu_i| r_i}, rounded. */
  private final double[] weights;

  /** {@code n x 4}: the coefficients of {@code t, t^2, t^3, t^4} in {@code p_i}, times weight. */
  private final double[] coefficients;

  /** What is constant in the polynomials, and above all rounding errors of the others. */
  private double constant;

  private double magnitude;

  /** Coefficients of sorted monomials of degree three and four, and what was added up in them. */
  private final double[] cubic;

  private final double[] cubicSize;
  private final double[] quartic;
  private final double[] quarticSize;

  private QuarticRung(ScaledDual scaled, Pace pace) {
    this.pace = pace;
    n = scaled.n;
    d = scaled.d;
    x = scaled.x;
    norms = QuadraticRung.rowNormsUp(scaled);
    weights = new double[n];
    coefficients = new double[4 * n];
    cubic = new double[d * d * d];
    cubicSize = new double[d * d * d];
    quartic = new double[d * d * d * d];
    quarticSize = new double[d * d * d * d];
  }

  static TauBound bound(ScaledDual scaled, int sign, Witness.Quartic witness, Pace pace) {
    if (scaled.d > MOST_COLUMNS) {
      return TauBound.nothing(
          "there are %d columns and rung quartic takes at most %d.", scaled.d, MOST_COLUMNS);
    }
    int positive = 0;
    int negative = 0;
    for (double entry : scaled.nu) {
      positive += sign * entry > 0 ? 1 : 0;
      negative += sign * entry < 0 ? 1 : 0;
    }
    if (witness.touch().length != positive
        || witness.slope().length != negative
        || witness.offset().length != negative) {
      return TauBound.nothing(
          "there are %d touch, %d slope and %d offset; %d rows have a positive and %d a negative"
              + " sign.",
          witness.touch().length,
          witness.slope().length,
          witness.offset().length,
          positive,
          negative);
    }
    long size = scaled.d + scaled.d * (scaled.d + 1L) / 2;
    if (witness.gram().length != size * (size + 1) / 2) {
      return TauBound.nothing(
          "gram has %d entries; with %d columns it must have %d.",
          witness.gram().length, scaled.d, size * (size + 1) / 2);
    }
    double[] gram = new double[witness.gram().length];
    for (int k = 0; k < gram.length; k++) {
      gram[k] = scaled.roundTau(witness.gram()[k]);
      if (!(Math.abs(gram[k]) <= MOST)) {
        return TauBound.nothing(
            "gram is %s at position %d; it must be in proportion to X and nu.",
            witness.gram()[k], k);
      }
    }
    QuarticRung rung = new QuarticRung(scaled, pace);
    String reason = rung.readRows(scaled, sign, witness);
    return reason == null ? rung.complete(gram, (int) size) : new TauBound.Nothing(reason);
  }

  /** The polynomials of the rows; a reason when a number is out of range. */
  private @Nullable String readRows(ScaledDual scaled, int sign, Witness.Quartic witness) {
    int p = 0;
    int q = 0;
    for (int i = 0; i < n; i++) {
      double nu = sign * scaled.nu[i];
      weights[i] = Math.abs(nu) * norms[i];
      if (nu > 0) {
        double omega = witness.touch()[p];
        if (!(omega >= LEAST_TOUCH && omega <= 1)) {
          return String.format(
              Locale.ROOT,
              "touch is %s at position %d; it must be in [%s, 1].",
              omega,
              p,
              LEAST_TOUCH);
        }
        if (norms[i] < LEAST_NORM) {
          constant = Rounding.addUp(constant, Math.nextUp(weights[i])); // (t)_+ <= 1
        } else {
          majorant(i, omega);
        }
        p++;
      } else if (nu < 0) {
        double kappa = witness.slope()[q];
        double offset = witness.offset()[q];
        if (!(kappa >= 0 && kappa <= MOST_SLOPE) || !(offset >= -1 && offset <= 1)) {
          return String.format(
              Locale.ROOT,
              "slope is %s and offset is %s at position %d; they must be in [0, %s] and [-1, 1].",
              kappa,
              offset,
              q,
              MOST_SLOPE);
        }
        if (norms[i] >= LEAST_NORM) { // else -(t)_+ <= 0
          minorant(i, kappa, offset);
        }
        q++;
      }
    }
    return null;
  }

  /** {@code 1/2 t + 1/2 (A + B t^2 + C t^4)}. */
  private void majorant(int row, double omega) {
    double square = (1 + omega) * (1 + omega);
    double a = omega * (2 * omega + 1) / (2 * square);
    double b = (1 + 2 * omega + 3 * omega * omega) / (2 * omega * square);
    double c = -1 / (2 * omega * square);
    double weight = weights[row];
    set(row, 0.5 * weight, 0.5 * weight * b, 0, 0.5 * weight * c);
    // A is a quotient of positive numbers with fewer than TERM roundings.
    double up = Rounding.multiplyUp(0.5 * weight * a, 1 + Rounding.gamma(TERM));
    constant = Rounding.addUp(constant, Rounding.addUp(up, Double.MIN_NORMAL));
    magnitude += weight * (0.5 + b - c);
  }

  /** {@code -t (2 + 3 z - z^3) / 4} with {@code z = kappa t + o}. */
  private void minorant(int row, double kappa, double o) {
    double weight = -weights[row];
    set(
        row,
        weight * (0.5 + 0.75 * o - 0.25 * o * o * o),
        weight * (0.75 * kappa - 0.75 * kappa * o * o),
        weight * (-0.75 * kappa * kappa * o),
        weight * (-0.25 * kappa * kappa * kappa));
    double z = kappa + Math.abs(o);
    magnitude += weights[row] * (0.5 + 0.75 * z + 0.25 * z * z * z);
  }

  private void set(int row, double first, double second, double third, double fourth) {
    coefficients[4 * row] = first;
    coefficients[4 * row + 1] = second;
    coefficients[4 * row + 2] = third;
    coefficients[4 * row + 3] = fourth;
  }

  private TauBound complete(double[] gram, int size) {
    addRows();
    addGram(gram);
    double least = leastEigenvalueDown(gram, size);
    if (Double.isNaN(least)) {
      return TauBound.nothing("gram is not positive semidefinite up to what can be repaired.");
    }
    // |terms of p_i| add up to at most their magnitudes on the sphere, since there
    // (sum_a |x_ia u_a|)^k <= r_i^k; and v'v <= 2.
    double rounding =
        Rounding.multiplyUp(Rounding.gamma(TERM + BLOCK + n / BLOCK), Math.nextUp(magnitude));
    double tau = Rounding.addUp(constant, sphereMaximumUp());
    tau = Rounding.addUp(tau, Rounding.addUp(rounding, UNDERFLOW));
    tau = Rounding.addUp(tau, Rounding.multiplyUp(2, Math.max(0, -least)));
    return new TauBound.AtMost(Double.isNaN(tau) ? Double.POSITIVE_INFINITY : Math.max(0, tau));
  }

  /** Adds the polynomials of the rows, block by block. */
  private void addRows() {
    double[] sum1 = new double[d];
    double[] sum2 = new double[d * d];
    double[] sum3 = new double[d * d * d];
    double[] sum4 = new double[d * d * d * d];
    double[] block1 = new double[d];
    double[] block2 = new double[d * d];
    double[] block3 = new double[d * d * d];
    double[] block4 = new double[d * d * d * d];
    for (int from = 0; from < n; from += BLOCK) {
      for (int i = from; i < Math.min(n, from + BLOCK); i++) {
        if (weights[i] != 0 && norms[i] >= LEAST_NORM) {
          pace.count(sum4.length / 24 + sum3.length);
          addRow(i, block1, block2, block3, block4);
        }
      }
      flush(block1, sum1);
      flush(block2, sum2);
      flush(block3, sum3);
      flush(block4, sum4);
    }
    for (int a = 0; a < d; a++) {
      for (int e = 0; e < d; e++) {
        addCubic(a, e, e, sum1[a]);
      }
      for (int b = a; b < d; b++) {
        for (int e = 0; e < d; e++) {
          addQuartic(a, b, e, e, (a == b ? 1 : 2) * sum2[a * d + b]);
        }
        for (int c = b; c < d; c++) {
          int abc = (a * d + b) * d + c;
          addCubic(a, b, c, permutations(a, b, c) * sum3[abc]);
          for (int e = c; e < d; e++) {
            addQuartic(a, b, c, e, permutations(a, b, c, e) * sum4[abc * d + e]);
          }
        }
      }
    }
  }

  /** Adds the products of one row's entries, by sorted columns, with their coefficients. */
  private void addRow(int row, double[] sum1, double[] sum2, double[] sum3, double[] sum4) {
    double first = coefficients[4 * row];
    double second = coefficients[4 * row + 1];
    double third = coefficients[4 * row + 2];
    double fourth = coefficients[4 * row + 3];
    double[] unit = new double[d];
    for (int a = 0; a < d; a++) {
      unit[a] = x[row * d + a] / norms[row];
    }
    for (int a = 0; a < d; a++) {
      sum1[a] += first * unit[a];
      for (int b = a; b < d; b++) {
        double two = unit[a] * unit[b];
        sum2[a * d + b] += second * two;
        for (int c = b; c < d; c++) {
          double three = two * unit[c];
          int abc = (a * d + b) * d + c;
          sum3[abc] += third * three;
          double factor = fourth * three;
          for (int e = c; e < d; e++) {
            sum4[abc * d + e] += factor * unit[e];
          }
        }
      }
    }
  }

  private static void flush(double[] block, double[] sum) {
    for (int k = 0; k < sum.length; k++) {
      sum[k] += block[k];
    }
    Arrays.fill(block, 0);
  }

  /** Adds {@code v'Gv}. */
  private void addGram(double[] gram) {
    int[] one = new int[d + d * (d + 1) / 2];
    int[] two = new int[one.length];
    for (int a = 0, k = d; a < d; a++) {
      one[a] = a;
      for (int b = a; b < d; b++, k++) {
        one[k] = a;
        two[k] = b;
      }
    }
    for (int i = 0, k = 0; i < one.length; i++) {
      for (int j = 0; j <= i; j++, k++) {
        double entry = i == j ? gram[k] : 2 * gram[k];
        if (i < d) {
          for (int e = 0; e < d; e++) {
            addQuartic(one[i], one[j], e, e, entry);
          }
        } else if (j < d) {
          addCubic(one[i], two[i], one[j], entry);
        } else {
          addQuartic(one[i], two[i], one[j], two[j], entry);
        }
      }
    }
  }

  private void addCubic(int a, int b, int c, double value) {
    int low = Math.min(a, Math.min(b, c));
    int high = Math.max(a, Math.max(b, c));
    int index = (low * d + (a + b + c - low - high)) * d + high;
    cubic[index] += value;
    cubicSize[index] += Math.abs(value);
  }

  private void addQuartic(int a, int b, int c, int e, double value) {
    int lowOne = Math.min(a, b);
    int highOne = Math.max(a, b);
    int lowTwo = Math.min(c, e);
    int highTwo = Math.max(c, e);
    int inner = Math.max(lowOne, lowTwo);
    int outer = Math.min(highOne, highTwo);
    int index =
        ((Math.min(lowOne, lowTwo) * d + Math.min(inner, outer)) * d + Math.max(inner, outer)) * d
            + Math.max(highOne, highTwo);
    quartic[index] += value;
    quarticSize[index] += Math.abs(value);
  }

  /** Orders of three sorted columns. */
  private static int permutations(int a, int b, int c) {
    return a == c ? 1 : a == b || b == c ? 3 : 6;
  }

  /** Orders of four sorted columns. */
  private static int permutations(int a, int b, int c, int e) {
    if (c == e) {
      return a == b ? (b == c ? 1 : 6) : b == c ? 4 : 12;
    }
    return a == c ? 4 : a == b || b == c ? 12 : 24;
  }

  /** At least the forms' sum on the sphere, where no monomial exceeds 1. */
  private double sphereMaximumUp() {
    double level = 0;
    for (int a = 0; a < d; a++) {
      level += quartic[((a * d + a) * d + a) * d + a] / d;
    }
    for (int a = 0; a < d; a++) {
      for (int b = 0; b < d; b++) {
        addQuartic(a, a, b, b, -level); // level ||u||^4
      }
    }
    double rest = 0;
    double size = 0;
    for (int k = 0; k < cubic.length; k++) {
      rest = Rounding.addUp(rest, Math.abs(cubic[k]));
      size += cubicSize[k];
    }
    for (int k = 0; k < quartic.length; k++) {
      rest = Rounding.addUp(rest, Math.abs(quartic[k]));
      size += quarticSize[k];
    }
    double added = Rounding.multiplyUp(size, 1 + Rounding.gamma(quartic.length + cubic.length));
    return Rounding.addUp(
        Rounding.addUp(level, rest), Rounding.multiplyUp(Rounding.gamma(TERMS), added));
  }

  /**
   * At most the least eigenvalue of the matrix, or NaN when it is far below 0. If the
   * floating-point Cholesky factorisation of a symmetric B ends, then {@code lambda_min(B) >=
   * -gamma_{q+1} / (1 - gamma_{q+1}) tr(B)}, less what underflows, which is far below {@link
   * #UNDERFLOW} (Rump, BIT 46, 2006).
   */
  private double leastEigenvalueDown(double[] gram, int size) {
    double trace = 0;
    for (int i = 0; i < size; i++) {
      trace += Math.abs(gram[i * (i + 1) / 2 + i]);
    }
    for (double share = 0; share < 0x1p-8; share = share == 0 ? 0x1p-50 : 8 * share) {
      double shift = share * trace;
      if (cholesky(gram, size, shift)) {
        double shifted = Rounding.multiplyUp(2, Rounding.addUp(trace, size * shift));
        double error = Rounding.multiplyUp(Rounding.gamma(size + 2L), shifted);
        return -Rounding.addUp(shift, Rounding.addUp(error, UNDERFLOW));
      }
    }
    return Double.NaN;
  }

  /** Whether every pivot of {@code gram + shift I} is positive. */
  private boolean cholesky(double[] gram, int size, double shift) {
    double[] l = gram.clone();
    for (int i = 0; i < size; i++) {
      pace.count((long) i * i / 2);
      int row = i * (i + 1) / 2;
      for (int j = 0; j <= i; j++) {
        int column = j * (j + 1) / 2;
        double sum = i == j ? l[row + i] + shift : l[row + j];
        for (int k = 0; k < j; k++) {
          sum -= l[row + k] * l[column + k];
        }
        if (i != j) {
          l[row + j] = sum / l[column + j];
        } else if (sum > 0) {
          l[row + i] = Math.sqrt(sum);
        } else {
          return false;
        }
      }
    }
    return true;
  }
}
