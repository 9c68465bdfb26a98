package io.gapstream.certificate;

import org.jspecify.annotations.Nullable;

/**
 * What a checker found out about a certificate file.
 *
 * @param conclusion the verdict
 * @param lowerProved whether the claim from below is proved
 * @param upperProved whether the claim from above is proved
 * @param reason why it is not verified; null exactly when it is
 */
public record Judgement(
    Conclusion conclusion, boolean lowerProved, boolean upperProved, @Nullable String reason) {

  /** The verdicts, from the best to the worst. */
  public enum Conclusion {
    /** Both claims are proved. */
    VERIFIED("verified"),
    /** Nothing can be said. */
    INCONCLUSIVE("inconclusive"),
    /** Malformed, about other data, or without a proof. */
    REFUTED("refuted");

    private final String word;

    Conclusion(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  /** Checks that a reason is there exactly when it is needed. */
  public Judgement {
    if ((conclusion == Conclusion.VERIFIED) != (reason == null)
        || (conclusion == Conclusion.VERIFIED) != (lowerProved && upperProved)) {
      throw new IllegalArgumentException(
          "A " + conclusion + " certificate with reason " + reason + " makes no sense.");
    }
  }

  static Judgement refuted(String reason) {
    return new Judgement(Conclusion.REFUTED, false, false, reason);
  }

  static Judgement inconclusive(String reason) {
    return new Judgement(Conclusion.INCONCLUSIVE, false, false, reason);
  }
}
