package io.gapstream.numerics.exact;

import io.gapstream.numerics.Deadline;

/**
 * What a search may use.
 *
 * @param deadline ends it with what it has
 * @param threads that share the work, from 1; they change how long it takes and nothing else
 * @param mostBytes of a tree, from 1: a witness that is to be sent must not be too large
 */
public record Effort(Deadline deadline, int threads, long mostBytes) {

  /** Checks the ranges. */
  public Effort {
    if (threads < 1 || mostBytes < 1) {
      throw new IllegalArgumentException(
          "threads is " + threads + " and mostBytes is " + mostBytes + "; give at least 1 each.");
    }
  }

  /** The same with another deadline. */
  Effort until(Deadline other) {
    return new Effort(other, threads, mostBytes);
  }
}
