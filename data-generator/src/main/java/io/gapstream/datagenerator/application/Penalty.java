package io.gapstream.datagenerator.application;

/** The weight of the penalty as it was asked for. */
public sealed interface Penalty {

  /** The weight itself. */
  record Absolute(double beta) implements Penalty {

    /** Refuses anything but a finite number above 0. */
    public Absolute {
      check(beta, "beta");
    }
  }

  /** A fraction of betaMax, the smallest weight for which the zero network is optimal. */
  record Fraction(double betaFraction) implements Penalty {

    /** Refuses anything but a finite number above 0. */
    public Fraction {
      check(betaFraction, "betaFraction");
    }
  }

  private static void check(double value, String name) {
    if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
      throw RefusedException.badInput(
          name + " is " + value + "; it must be a finite number above 0.");
    }
  }
}
