package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A local gradient method. */
public enum TrainingMethod {
  /** Gradient descent, by itself on all rows. */
  @JsonProperty("gradient-descent")
  GRADIENT_DESCENT("gradient-descent"),
  /** Stochastic gradient descent with momentum, by itself on an eighth of the rows. */
  @JsonProperty("sgd-momentum")
  SGD_MOMENTUM("sgd-momentum"),
  /** Adam, by itself on all rows. */
  @JsonProperty("adam")
  ADAM("adam"),
  /** L-BFGS, always on all rows. */
  @JsonProperty("lbfgs")
  LBFGS("lbfgs");

  private final String jsonName;

  TrainingMethod(String jsonName) {
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
