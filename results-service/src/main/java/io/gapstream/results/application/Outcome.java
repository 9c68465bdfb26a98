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
   * @param ofOtherData whether it is no claim about this experiment at all, and says nothing of how
   *     its work stands
   */
  record Refuted(String reason, boolean ofOtherData) implements Outcome {

    /** A claim about this experiment that is not proved. */
    Refuted(String reason) {
      this(reason, false);
    }

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

  /**
   * A verified value at least as good is known for the method or run, so nobody looked at the
   * evidence: it could change nothing. The claim is never shown, nor recorded as verified.
   */
  record Surpassed() implements Outcome {
    @Override
    public Verdict verdict() {
      return Verdict.PENDING;
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
