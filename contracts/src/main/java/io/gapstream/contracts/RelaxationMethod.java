package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What relaxation-service can run on a dataset. */
public enum RelaxationMethod {
  /** The lifted relaxation and its certified lower bound. */
  @JsonProperty("lifted")
  LIFTED("lifted"),
  /** The gated program on sampled patterns: an estimate. */
  @JsonProperty("gated")
  GATED("gated"),
  /** The network behind the gated optimum, split over its cones: an upper bound. */
  @JsonProperty("cone-decomposition")
  CONE_DECOMPOSITION("cone-decomposition"),
  /** Global optimisation neuron by neuron: an upper bound, and a lower one from its residual. */
  @JsonProperty("column-generation")
  COLUMN_GENERATION("column-generation");

  private final String jsonName;

  RelaxationMethod(String jsonName) {
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
