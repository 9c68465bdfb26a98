package io.gapstream.localstack.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gapstream.contracts.Status;
import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.problem.Network;
import java.util.Optional;

/**
 * What a program found for one beta.
 *
 * @param numbers the program's own, in the order in which they are shown, in the words of its JSON
 * @param status how it ended
 * @param network the solution, where it is one
 */
record Solved(ObjectNode numbers, Status status, Optional<Network> network) {

  /** How a solve ended that stops for nothing but its tolerance, the deadline, and rounding. */
  static Status status(boolean converged, Deadline deadline) {
    if (converged) {
      return Status.CONVERGED;
    }
    return deadline.reached() ? Status.TIME_LIMIT : Status.ITERATION_LIMIT;
  }

  /** To a millionth, beyond which no clock means anything. */
  static double microseconds(double seconds) {
    return Math.round(seconds * 1e6) / 1e6;
  }

  /** The numbers of a program whose solution comes with a duality gap. */
  static ObjectNode numbers(
      double value,
      double dualValue,
      double relativeGap,
      long iterations,
      double seconds,
      int activeGroups) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("value", value)
        .put("dualValue", dualValue)
        .put("relativeGap", relativeGap)
        .put("iterations", iterations)
        .put("seconds", microseconds(seconds))
        .put("activeGroups", activeGroups);
  }
}
