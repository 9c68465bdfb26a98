package io.gapstream.contracts;

/**
 * The values that a training run passed through, thinned.
 *
 * @param steps whole numbers from 0, increasing
 * @param values of problem (P) after so many steps
 */
public record Curve(NumericArray steps, NumericArray values) {

  /** Checks that both have the same length and that the steps increase. */
  public Curve {
    Check.present(steps, "curve.steps").require("curve.steps", steps.size());
    Check.present(values, "curve.values").require("curve.values", steps.size());
    Check.count(steps.size(), 0, Limits.MAX_CURVE_POINTS, "points of the curve");
    double before = -1;
    for (double step : steps.values()) {
      Check.that(
          step > before && step == Math.rint(step),
          "curve.steps has %s after %s; give whole numbers from 0 that increase.",
          step,
          before);
      before = step;
    }
  }
}
