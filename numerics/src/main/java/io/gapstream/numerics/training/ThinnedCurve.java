package io.gapstream.numerics.training;

import java.util.Arrays;

/**
 * The values that a run passed through: one every so many steps, and the last. When there are too
 * many, every second one goes and the spacing doubles.
 */
final class ThinnedCurve {

  private static final int MOST_POINTS = 200;

  private double every;
  private double next;
  private final double[] steps = new double[MOST_POINTS + 2];
  private final double[] values = new double[MOST_POINTS + 2];
  private int points;

  /**
   * @param every steps between two points at first, from 1
   */
  ThinnedCurve(double every) {
    this.every = every;
  }

  /** For a run of a known number of steps, evenly over them. */
  static ThinnedCurve over(int steps) {
    return new ThinnedCurve(Math.max(1, (double) steps / MOST_POINTS));
  }

  /** Whether a point is due. */
  boolean isDue(int step) {
    return step >= next;
  }

  /** Adds a point, after those before; not one that is not finite or that is there. */
  void add(int step, double value) {
    if (points > 0 && steps[points - 1] == step) {
      return;
    }
    if (points == steps.length) {
      thin();
    }
    next += every;
    if (Double.isFinite(value)) {
      steps[points] = step;
      values[points++] = value;
    }
  }

  private void thin() {
    int kept = 0;
    for (int i = 0; i < points; i += 2) {
      steps[kept] = steps[i];
      values[kept++] = values[i];
    }
    points = kept;
    every *= 2;
  }

  double[] steps() {
    return Arrays.copyOf(steps, points);
  }

  double[] values() {
    return Arrays.copyOf(values, points);
  }
}
