package io.gapstream.contracts;

/**
 * The values that a training run passed through, thinned.
 *
 * @param steps increasing, whole numbers
 * @param values of problem (P) after so many steps
 */
public record Curve(NumericArray steps, NumericArray values) {

  /** Checks that both have the same length. */
  public Curve {
    Check.present(steps, "curve.steps").require("curve.steps", steps.size());
    Check.present(values, "curve.values").require("curve.values", steps.size());
  }
}
