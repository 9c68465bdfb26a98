package io.gapstream.localstack;

import java.util.Arrays;
import java.util.List;

/** A part of the stack, in the order in which the parts start. */
enum Part {
  KAFKA("kafka", 9092),
  POSTGRESQL("postgresql", 5432),
  RESULTS_SERVICE("results-service", 8080),
  DATA_GENERATOR("data-generator", 8081),
  RELAXATION_SERVICE("relaxation-service", 8082),
  TRAINER_SERVICE("trainer-service", 8083);

  private final String partName;
  private final int defaultPort;

  Part(String partName, int defaultPort) {
    this.partName = partName;
    this.defaultPort = defaultPort;
  }

  /** The name in messages, files and on the command line. */
  String partName() {
    return partName;
  }

  /** The port it listens on unless another program has it. */
  int defaultPort() {
    return defaultPort;
  }

  /** Whether it is one of the project's services: these start last and stop first. */
  boolean isService() {
    return this != KAFKA && this != POSTGRESQL;
  }

  /** The broker and the database. */
  static List<Part> servers() {
    return List.of(KAFKA, POSTGRESQL);
  }

  /** The project's services. */
  static List<Part> services() {
    return Arrays.stream(values()).filter(Part::isService).toList();
  }

  @Override
  public String toString() {
    return partName;
  }
}
