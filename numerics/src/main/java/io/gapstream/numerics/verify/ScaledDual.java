package io.gapstream.numerics.verify;

import io.gapstream.numerics.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The data and the dual vector divided by powers of two, which is exact, so that the largest
 * magnitude of each lies in [1, 2). Underflow then costs at most a fixed tiny amount, and overflow
 * cannot happen. With {@code X = 2^p X', y = 2^q y', nu = 2^r nu'}: {@code tau(nu) = 2^(p+r) tau'},
 * and with {@code s = 2^(q-r) s'} the bound (L) is {@code 2^(2q) (s' y'.nu' - 1/2 s'^2 ||nu'||^2)}
 * under the condition {@code s' T' <= 2^(-p-q) beta}.
 */
final class ScaledDual {

  final int n;
  final int d;

  /** {@code X'}, {@code n x d}, row-major. */
  final double[] x;

  /** {@code nu'}, n. */
  final double[] nu;

  private final double[] y;
  private final int exponentX;
  private final int exponentY;
  private final int exponentNu;

  private ScaledDual(
      int n,
      int d,
      double[] x,
      double[] y,
      double[] nu,
      int exponentX,
      int exponentY,
      int exponentNu) {
    this.n = n;
    this.d = d;
    this.x = x;
    this.y = y;
    this.nu = nu;
    this.exponentX = exponentX;
    this.exponentY = exponentY;
    this.exponentNu = exponentNu;
  }

  /**
   * Null when an entry is so small beside the largest that dividing by a power of two rounds it.
   */
  static @Nullable ScaledDual of(Problem problem, double[] dual) {
    int exponentX = exponent(problem.x());
    int exponentY = exponent(problem.y());
    int exponentNu = exponent(dual);
    double[] x = scale(problem.x(), -exponentX);
    double[] y = scale(problem.y(), -exponentY);
    double[] nu = scale(dual, -exponentNu);
    return x == null || y == null || nu == null
        ? null
        : new ScaledDual(problem.n(), problem.d(), x, y, nu, exponentX, exponentY, exponentNu);
  }

  /** {@code X'} alone, for a problem of which {@link #of} is not null. */
  static double[] scaledX(Problem problem) {
    return inUnitsOfX(problem, problem.x());
  }

  /** Values in units of X in those of {@code X'}, rounded if they must be. */
  static double[] inUnitsOfX(Problem problem, double[] values) {
    int exponent = exponent(problem.x());
    double[] scaled = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = Math.scalb(values[i], -exponent);
    }
    return scaled;
  }

  /**
   * The same dual vector with other features in the units of {@code X'}.
   *
   * @param features {@code n x columns}, row-major. Shared: must not be modified.
   */
  ScaledDual withColumns(int columns, double[] features) {
    return new ScaledDual(n, columns, features, y, nu, exponentX, exponentY, exponentNu);
  }

  /** Bound (L) from a proved {@code T'}. */
  Finding bound(double scale, double tau, double beta) {
    double s = Math.scalb(scale, exponentNu - exponentY);
    double limit = Math.scalb(beta, -exponentX - exponentY);
    if (Math.scalb(s, exponentY - exponentNu) != scale
        || Math.scalb(limit, exponentX + exponentY) != beta) {
      return Verifier.refuted(
          "s = %s or beta = %s is out of all proportion to X, y and nu.", scale, beta);
    }
    double reach = Rounding.multiplyUp(s, tau);
    if (!(reach <= limit)) {
      return Verifier.refuted(
          "s T is %s and beta is %s (both divided by a power of two); s T must not exceed beta.",
          reach, limit);
    }
    double gain = Rounding.multiplyDown(s, Rounding.dotDown(y, nu));
    double half = Rounding.multiplyUp(0.5, Rounding.multiplyUp(s, s));
    double loss = Rounding.multiplyUp(half, Rounding.dotUp(nu, nu));
    double value = Math.nextDown(Math.scalb(Rounding.subtractDown(gain, loss), 2 * exponentY));
    return Double.isFinite(value)
        ? new Finding.Proved(Math.max(0, value)) // (P) is a sum of squares
        : Verifier.refuted("The bound overflows.");
  }

  /** {@code lambda} and {@code mu} in units of the scaled problem; null when that is not exact. */
  @Nullable Double scaleLambda(double lambda) {
    double scaled = Math.scalb(lambda, -exponentX - exponentNu);
    return Math.scalb(scaled, exponentX + exponentNu) == lambda ? scaled : null;
  }

  /** See {@link #scaleLambda}. */
  @Nullable Double scaleMu(double mu) {
    double scaled = Math.scalb(mu, -exponentX);
    return Math.scalb(scaled, exponentX) == mu ? scaled : null;
  }

  /**
   * A number in units of {@code tau} in those of the scaled problem, rounded if it must be: for
   * evidence that may be any number.
   */
  double roundTau(double value) {
    return Math.scalb(value, -exponentX - exponentNu);
  }

  /** A number in units of nu over X, for rows multiplied by {@code 2^exponent}, rounded. */
  double scaleRatio(double ratio, int exponent) {
    return Math.scalb(ratio, exponentX - exponentNu + exponent);
  }

  /** A number in units of nu, for rows multiplied by {@code 2^exponent}, rounded. */
  double scaleDual(double dual, int exponent) {
    return Math.scalb(dual, exponent - exponentNu);
  }

  private static int exponent(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest == 0 ? 0 : Math.getExponent(largest);
  }

  private static double @Nullable [] scale(double[] values, int exponent) {
    double[] scaled = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      scaled[i] = Math.scalb(values[i], exponent);
      if (Math.scalb(scaled[i], -exponent) != values[i]) {
        return null;
      }
    }
    return scaled;
  }
}
