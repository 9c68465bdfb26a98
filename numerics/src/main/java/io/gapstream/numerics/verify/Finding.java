package io.gapstream.numerics.verify;

/** What the evidence for a bound turned out to prove. */
public sealed interface Finding {

  /**
   * The evidence is sound.
   *
   * @param value the best value it proves, rounded outward: at most {@code p*} for a lower bound,
   *     at least {@code p*} for an upper bound
   */
  record Proved(double value) implements Finding {}

  /**
   * The evidence proves nothing.
   *
   * @param reason which condition fails, with its values
   */
  record Refuted(String reason) implements Finding {}
}
