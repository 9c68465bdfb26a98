package io.gapstream.datagenerator.application;

/** The services that work on datasets, each with all its replicas. */
public enum WorkerGroup {
  RELAXATION("relaxation-service"),
  TRAINING("trainer-service");

  private final String id;

  WorkerGroup(String id) {
    this.id = id;
  }

  /** The id of its consumer group, which is the service's name. */
  public String id() {
    return id;
  }

  /** What a dataset asks of this group, in seconds. */
  public double secondsOf(Work work) {
    return this == RELAXATION ? work.relaxationSeconds() : work.trainingSeconds();
  }
}
