package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a computation ended. A time limit is a result, not a failure. */
public enum Status {
  /** The stopping test was met. */
  @JsonProperty("converged")
  CONVERGED("converged"),
  /** The budget ran out; the best found by then is reported. */
  @JsonProperty("time-limit")
  TIME_LIMIT("time-limit"),
  /** The steps ran out; the best found by then is reported. */
  @JsonProperty("iteration-limit")
  ITERATION_LIMIT("iteration-limit"),
  /** The iterates left the finite numbers; there is no value. */
  @JsonProperty("diverged")
  DIVERGED("diverged"),
  /** Nothing came of it; the reason says why. */
  @JsonProperty("failed")
  FAILED("failed");

  private final String jsonName;

  Status(String jsonName) {
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
