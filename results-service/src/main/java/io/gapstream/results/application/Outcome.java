package io.gapstream.results.application;

import io.gapstream.contracts.Rung;
import io.gapstream.contracts.Verdict;
import org.jspecify.annotations.Nullable;

/** What came of verifying a claim. */
sealed interface Outcome {

  /** The name of this outcome outside. */
  Verdict verdict();

  /**
   * The evidence proves the claim.
   *
   * @param value the claim
   * @param rung what a lower bound rests on; absent for upper bounds
   */
  record Verified(double value, @Nullable Rung rung) implements Outcome {
    @Override
    public Verdict verdict() {
      return Verdict.VERIFIED;
    }
  }

  /**
   * The evidence does not support the claim.
   *
   * @param reason which condition fails, with its values
   */
  record Refuted(String reason) implements Outcome {
    @Override
    public Verdict verdict() {
      return Verdict.REFUTED;
    }
  }

  /**
   * The claim is not a bound and nobody is to take it for one.
   *
   * @param value the estimate
   */
  record Estimate(double value) implements Outcome {
    @Override
    public Verdict verdict() {
      return Verdict.ESTIMATE;
    }
  }

  /** The work has given no value, or none yet. */
  record NoValue() implements Outcome {
    @Override
    public Verdict verdict() {
      return Verdict.PENDING;
    }
  }
}
