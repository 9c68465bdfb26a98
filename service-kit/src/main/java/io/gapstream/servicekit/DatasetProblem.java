package io.gapstream.trainer.application;

import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.InvalidMessageException;
import io.gapstream.numerics.problem.DataHash;
import io.gapstream.numerics.problem.Problem;

/** The problem that a dataset poses. */
public final class DatasetProblem {

  private DatasetProblem() {}

  /**
   * The problem, once the data are what the message says they are.
   *
   * @throws InvalidMessageException if the hash is not that of the data
   */
  public static Problem of(DatasetMessage dataset) {
    double[] x = dataset.x().values();
    double[] y = dataset.y().values();
    String actual = DataHash.sha256(dataset.n(), dataset.d(), x, y);
    if (!actual.equals(dataset.sha256())) {
      throw new InvalidMessageException(
          "sha256 is '"
              + dataset.sha256()
              + "' but the data hash to '"
              + actual
              + "'; send the data again.");
    }
    return new Problem(dataset.n(), dataset.d(), x, y, dataset.beta());
  }
}
