package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A local gradient method. */
public enum TrainingMethod {
  /** Full-batch gradient descent. */
  @JsonProperty("gradient-descent")
  GRADIENT_DESCENT("gradient-descent"),
  /** Mini-batch stochastic gradient descent with momentum. */
  @JsonProperty("sgd-momentum")
  SGD_MOMENTUM("sgd-momentum"),
  /** Full-batch Adam. */
  @JsonProperty("adam")
  ADAM("adam");

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
