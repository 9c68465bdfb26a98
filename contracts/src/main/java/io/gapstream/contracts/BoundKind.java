package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a value says about {@code p*}. */
public enum BoundKind {
  /** Claimed to be at most {@code p*}; comes with a dual vector and witnesses. */
  @JsonProperty("lower")
  LOWER("lower"),
  /** Claimed to be at least {@code p*}; comes with a network. */
  @JsonProperty("upper")
  UPPER("upper"),
  /** Neither: the value of a relaxation over sampled patterns. */
  @JsonProperty("estimate")
  ESTIMATE("estimate");

  private final String jsonName;

  BoundKind(String jsonName) {
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
