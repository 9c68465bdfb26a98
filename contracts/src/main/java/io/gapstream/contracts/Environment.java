package io.gapstream.contracts;

/**
 * Where a result was computed, for the reader; nothing depends on it.
 *
 * @param software name and version
 * @param java the Java version
 * @param host the machine or the container
 * @param processors that the process may use
 */
public record Environment(String software, String java, String host, int processors) {

  /** Checks that everything is there. */
  public Environment {
    Check.text(software, "environment.software");
    Check.text(java, "environment.java");
    Check.text(host, "environment.host");
    Check.count(processors, 1, Integer.MAX_VALUE, "environment.processors");
  }
}
