package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a generator makes the targets. */
public enum Labels {
  /** Independent standard Gaussians. */
  @JsonProperty("noise")
  NOISE("noise"),
  /** A planted network's outputs and noise on top. */
  @JsonProperty("teacher")
  TEACHER("teacher");

  private final String jsonName;

  Labels(String jsonName) {
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
