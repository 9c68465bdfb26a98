package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The rung of the bound ladder that proved a number to be at least {@code tau}, best first. */
public enum Rung {
  /** Branch and bound over simplicial cones: as sharp as one waits for, for few columns. */
  @JsonProperty("cone-bnb")
  CONE_BNB("cone-bnb"),
  /** Polynomials of degree four and a sum of squares. */
  @JsonProperty("quartic")
  QUARTIC("quartic"),
  /** Products of pairs of rows, and two forms that are definite. */
  @JsonProperty("pairs")
  PAIRS("pairs"),
  /** Multipliers and a trust-region problem. */
  @JsonProperty("quadratic")
  QUADRATIC("quadratic"),
  /** The triangle inequality: always available, nearly useless. */
  @JsonProperty("triangle")
  TRIANGLE("triangle");

  private final String jsonName;

  Rung(String jsonName) {
    this.jsonName = jsonName;
  }

  /** The name used in messages, in requests and on the command line. */
  public String jsonName() {
    return jsonName;
  }

  @Override
  public String toString() {
    return jsonName;
  }
}
