package io.gapstream.servicekit;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.ExperimentId;
import io.gapstream.contracts.InvalidMessageException;
import io.gapstream.numerics.problem.DataHash;
import io.gapstream.numerics.problem.Problem;

/**
 * The problem that a dataset poses; nobody works on data that are not those of their hash, nor on a
 * message that bears the id of another.
 */
public final class DatasetProblem {

  private DatasetProblem() {}

  /**
   * The problem, once the data and the id are what the message says they are.
   *
   * @throws InvalidMessageException if the hash is not that of the data, or the id not that of what
   *     the message says
   */
  public static Problem of(DatasetMessage dataset) {
    requireIdentity(dataset);
    return new Problem(
        dataset.n(), dataset.d(), dataset.x().values(), dataset.y().values(), dataset.beta());
  }

  /**
   * Refuses data that are not what the message says they are, and a message under the id of
   * another.
   *
   * @throws InvalidMessageException if the hash is not that of the data, or the id not that of what
   *     the message says
   */
  public static void requireIdentity(DatasetMessage dataset) {
    String actual =
        DataHash.sha256(dataset.n(), dataset.d(), dataset.x().values(), dataset.y().values());
    if (!actual.equals(dataset.sha256())) {
      throw new InvalidMessageException(
          "sha256 is '"
              + dataset.sha256()
              + "' but the data hash to '"
              + actual
              + "'; send the data again.");
    }
    ExperimentId.require(dataset);
  }
}
