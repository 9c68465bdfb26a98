package io.gapstream.numerics.exact;

import java.util.Arrays;

/**
 * {@code tau_+(nu)} in the plane, from the definition: between two neighbouring kinks {@code g} is
 * linear, so its maximum on the circle is at a kink or where the gradient points within such an
 * arc. An oracle that knows nothing of cones, chords or trees.
 */
final class Circle {

  private Circle() {}

  static double tauPlus(int n, double[] x, double[] nu) {
    double[] angles = new double[2 * n];
    for (int i = 0; i < n; i++) {
      angles[2 * i] = Math.atan2(x[2 * i], -x[2 * i + 1]);
      angles[2 * i + 1] = Math.atan2(-x[2 * i], x[2 * i + 1]);
    }
    Arrays.sort(angles);
    double most = 0;
    for (int k = 0; k < angles.length; k++) {
      double from = angles[k];
      double to = k + 1 < angles.length ? angles[k + 1] : angles[0] + 2 * Math.PI;
      most = Math.max(most, value(n, x, nu, from));
      double[] gradient = new double[2];
      double middle = 0.5 * (from + to);
      for (int i = 0; i < n; i++) {
        if (x[2 * i] * Math.cos(middle) + x[2 * i + 1] * Math.sin(middle) > 0) {
          gradient[0] += nu[i] * x[2 * i];
          gradient[1] += nu[i] * x[2 * i + 1];
        }
      }
      double angle = Math.atan2(gradient[1], gradient[0]);
      most = Math.max(most, value(n, x, nu, angle));
    }
    return most;
  }

  private static double value(int n, double[] x, double[] nu, double angle) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += nu[i] * Math.max(0, x[2 * i] * Math.cos(angle) + x[2 * i + 1] * Math.sin(angle));
    }
    return sum;
  }
}
