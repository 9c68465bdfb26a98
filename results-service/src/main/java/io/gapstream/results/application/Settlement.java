package io.gapstream.results.application;

/** What became of a claim; committed. */
sealed interface Settlement {

  /**
   * The claim is taken in.
   *
   * @param newlyRefuted whether it is a refuted claim that was not known before
   * @param newVersion the certificate's version if the claim tightened it, else 0
   * @param newContradiction whether it brought to light that two verified bounds contradict
   */
  record Settled(boolean newlyRefuted, long newVersion, boolean newContradiction)
      implements Settlement {}

  /** The claim waits for its dataset. */
  record Held() implements Settlement {}

  /** What the claim was judged by has changed since, its dataset has come for one: judge it now. */
  record JudgeAgain() implements Settlement {}
}
