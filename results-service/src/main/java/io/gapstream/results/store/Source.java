package io.gapstream.results.store;

/** Who sent a result. */
public enum Source {
  /** relaxation-service. */
  RELAXATION("relaxation"),
  /** trainer-service. */
  TRAINING("training");

  private final String jsonName;

  Source(String jsonName) {
    this.jsonName = jsonName;
  }

  /** The name in the database and in responses. */
  public String jsonName() {
    return jsonName;
  }

  @Override
  public String toString() {
    return jsonName;
  }
}
