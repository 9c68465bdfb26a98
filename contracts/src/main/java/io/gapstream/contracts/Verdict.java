package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What results-service found out about a claim or a certificate. */
public enum Verdict {
  /** Re-derived from its evidence. */
  @JsonProperty("verified")
  VERIFIED("verified"),
  /**
   * The evidence does not support the claim; kept, never shown as a bound. A certificate is
   * refuted, that is withdrawn, once two verified bounds contradict each other.
   */
  @JsonProperty("refuted")
  REFUTED("refuted"),
  /** Not a bound. */
  @JsonProperty("estimate")
  ESTIMATE("estimate"),
  /** Not looked at yet, or half of the evidence is still to come. */
  @JsonProperty("pending")
  PENDING("pending");

  private final String jsonName;

  Verdict(String jsonName) {
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
