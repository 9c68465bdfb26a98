package io.gapstream.numerics.scaling;

import io.gapstream.numerics.problem.Network;
import io.gapstream.numerics.problem.Problem;
import java.util.Locale;

/**
 * The same problem with X and y divided by powers of two that bring the root mean square of each
 * near 1. With {@code X = 2^p X'}, {@code y = 2^q y'} and {@code beta = 2^(p+q) beta'}, a point
 * {@code w = 2^(q-p) w'} of the gated program, and a network {@code u = 2^((q-p)/2) u'}, {@code a =
 * 2^((q-p)/2) a'}, have {@code 2^(2q)} times the value of the scaled one (docs/mathematics.md,
 * section 7). Multiplying by powers of two is exact, so a solution's value is too.
 */
public final class ScaledProblem {

  /**
   * Above beta_max, which is below {@code n sqrt(d)} times a small factor here, beta changes
   * nothing but the risk of overflow.
   */
  private static final double LARGEST_BETA = 0x1p300;

  private static final double SMALLEST_BETA = 0x1p-300;
  private static final int LARGEST_WEIGHT_EXPONENT = 960;

  private final Problem scaled;
  private final int xExponent;
  private final int yExponent;

  /**
   * Scales a problem.
   *
   * @throws IllegalArgumentException if the magnitudes of X, y and beta are so far apart that a
   *     solution or its value cannot be written in float64
   */
  public ScaledProblem(Problem problem) {
    xExponent = exponent(problem.x());
    int wanted = exponent(problem.y());
    // An even difference makes 2^((q-p)/2) exact.
    yExponent = wanted + (wanted - xExponent & 1);
    double exact = Math.scalb(problem.beta(), -yExponent - xExponent);
    if (exact < SMALLEST_BETA) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "beta is %s, which vanishes beside the root mean squares 2^%d of X and 2^%d of y;"
                  + " raise beta or rescale X and y.",
              problem.beta(),
              xExponent,
              yExponent));
    }
    double[] y = scaled(problem.y(), -yExponent);
    scaled =
        new Problem(
            problem.n(),
            problem.d(),
            scaled(problem.x(), -xExponent),
            y,
            Math.min(exact, LARGEST_BETA));
    double squares = 0;
    for (double value : y) {
      squares += value * value;
    }
    double atZero = Math.scalb(0.5 * squares, 2 * yExponent);
    if (!Double.isFinite(atZero) || (squares > 0 && atZero < Double.MIN_NORMAL)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "y has the root mean square 2^%d, whose square cannot be written in float64; divide"
                  + " y and beta by it.",
              yExponent));
    }
    if (Math.abs(yExponent - xExponent) > LARGEST_WEIGHT_EXPONENT) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "X has the root mean square 2^%d and y 2^%d, so weights between them cannot be"
                  + " written in float64; rescale X or y.",
              xExponent,
              yExponent));
    }
  }

  /**
   * Refuses what no method can work with, before anyone begins to.
   *
   * @throws IllegalArgumentException as the constructor does; it says what to change
   */
  public static void requireRange(Problem problem) {
    ScaledProblem unused = new ScaledProblem(problem);
  }

  /** The power of two nearest to the root mean square; 0 when every value is 0. */
  private static int exponent(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    if (largest == 0) {
      return 0;
    }
    int top = Math.getExponent(largest);
    double squares = 0;
    for (double value : values) {
      double scaled = Math.scalb(value, -top);
      squares += scaled * scaled;
    }
    return top + (int) Math.round(0.5 * Math.log(squares / values.length) / Math.log(2));
  }

  private static double[] scaled(double[] values, int exponent) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = Math.scalb(values[i], exponent);
    }
    return result;
  }

  /** The scaled problem: {@code X'}, {@code y'} and {@code beta'}. */
  public Problem problem() {
    return scaled;
  }

  /** A value of the scaled problem as a value of the problem itself. */
  public double unscaleValue(double value) {
    return Math.scalb(value, 2 * yExponent);
  }

  /** A vector in units of y, n, as one of the problem itself: residuals and dual vectors. */
  public double[] unscaleTarget(double[] values) {
    return scaled(values, yExponent);
  }

  /** A number in units of X. */
  public double unscaleFeature(double value) {
    return Math.scalb(value, xExponent);
  }

  /** A number in units of X times y: {@code tau} of a residual, and {@code beta}. */
  public double unscaleTau(double value) {
    return Math.scalb(value, xExponent + yExponent);
  }

  /** A point of the scaled gated program as one of the program itself. */
  public double[] unscalePoint(double[] w) {
    return scaled(w, yExponent - xExponent);
  }

  /**
   * A network of the scaled problem as one of the problem itself.
   *
   * @param u {@code m x d}, row-major. Not modified.
   * @param a m. Not modified.
   * @throws IllegalArgumentException if a weight is not finite
   */
  public Network unscaleNetwork(int m, double[] u, double[] a) {
    int half = (yExponent - xExponent) / 2;
    return new Network(m, scaled.d(), scaled(u, half), scaled(a, half));
  }
}
