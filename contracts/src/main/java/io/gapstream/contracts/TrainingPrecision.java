package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The numbers that gradients are computed in; weights and results are float64 always. */
public enum TrainingPrecision {
  /** 64 bits. */
  @JsonProperty("float64")
  FLOAT64("float64"),
  /** 32 bits, for about twice the speed. */
  @JsonProperty("float32")
  FLOAT32("float32");

  private final String jsonName;

  TrainingPrecision(String jsonName) {
    this.jsonName = jsonName;
  }

  /** The name used in messages and in requests. */
  public String jsonName() {
    return jsonName;
  }

  @Override
  public String toString() {
    return jsonName;
  }
}
