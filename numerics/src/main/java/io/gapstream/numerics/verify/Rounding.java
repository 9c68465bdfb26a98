package io.gapstream.numerics.verify;

/**
 * Rigorous bounds on what floating point did to a sum. With {@code u = 2^-53} a sum of k terms,
 * each the result of at most c roundings, lies within {@code gamma_{k+c} = (k+c) u / (1 - (k+c) u)}
 * times the sum of the terms' magnitudes of its computed value, whatever the order of addition
 * (Higham, Accuracy and Stability of Numerical Algorithms, section 4.2), plus what products lost to
 * underflow. The factor used here is twice as large, which also covers that the magnitudes are
 * themselves summed in floating point, for every k below 2^40.
 */
final class Rounding {

  private Rounding() {}

  /** At least {@code gamma_terms}, with room for the rounding of the magnitudes' sum. */
  static double gamma(long terms) {
    return (terms + 8) * 0x1p-52;
  }

  /** At least {@code a + b}. */
  static double addUp(double a, double b) {
    return Math.nextUp(a + b);
  }

  /** At most {@code a - b}. */
  static double subtractDown(double a, double b) {
    return Math.nextDown(a - b);
  }

  /** At least {@code a * b}. */
  static double multiplyUp(double a, double b) {
    return Math.nextUp(a * b);
  }

  /** At most {@code a * b}. */
  static double multiplyDown(double a, double b) {
    return Math.nextDown(a * b);
  }

  /** At least {@code sqrt(a)}. */
  static double sqrtUp(double a) {
    return Math.nextUp(Math.sqrt(a));
  }

  /**
   * At most {@code sum_i a_i b_i}, or NaN or minus infinity on overflow.
   *
   * @param a k values. Not modified.
   * @param b k values. Not modified.
   */
  static double dotDown(double[] a, double[] b) {
    return subtractDown(dot(a, b), dotError(a, b));
  }

  /** At least {@code sum_i a_i b_i}, or NaN or infinity on overflow. */
  static double dotUp(double[] a, double[] b) {
    return addUp(dot(a, b), dotError(a, b));
  }

  /** At least {@code ||a||}. */
  static double normUp(double[] a) {
    return sqrtUp(dotUp(a, a));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double dotError(double[] a, double[] b) {
    double magnitude = 0;
    for (int i = 0; i < a.length; i++) {
      magnitude += Math.abs(a[i] * b[i]);
    }
    return addUp(multiplyUp(gamma(a.length), magnitude), multiplyUp(a.length, Double.MIN_VALUE));
  }
}
