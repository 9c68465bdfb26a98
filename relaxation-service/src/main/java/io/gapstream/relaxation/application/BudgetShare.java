package io.gapstream.relaxation.application;

import io.gapstream.contracts.RelaxationMethod;
import java.util.List;

/** How the methods of a job divide its budget. */
final class BudgetShare {

  /**
   * The order in which methods run: after the first two the experiment has a lower and an upper
   * bound, and the split needs the gated optimum.
   */
  static final List<RelaxationMethod> ORDER =
      List.of(
          RelaxationMethod.LIFTED,
          RelaxationMethod.COLUMN_GENERATION,
          RelaxationMethod.GATED,
          RelaxationMethod.CONE_DECOMPOSITION);

  /** Of the time for an unasked gated solve and its split: the solve is the longer part. */
  static final double GATED_BEFORE_SPLIT = 0.6;

  /**
   * Up to so many columns the search over cones has a chance to close the gap, which no relaxation
   * does, and column generation is given most of the time for it.
   */
  static final int FEW_COLUMNS = 8;

  /** Up to so many columns the relaxation in fourth moments ends within a usual budget. */
  static final int FOURTH_MOMENT_COLUMNS = 11;

  private BudgetShare() {}

  /**
   * The part of what is left of the budget that the first of these methods may use. What it does
   * not use goes to the others; the last may use everything.
   *
   * @param left the methods still to run, in order
   * @param d columns of the data
   */
  static double ofFirst(List<RelaxationMethod> left, int d) {
    double all = left.stream().mapToDouble(method -> weight(method, d)).sum();
    return weight(left.get(0), d) / all;
  }

  private static double weight(RelaxationMethod method, int d) {
    return switch (method) {
      // The first lower bound, and beyond few columns the only one, worth the most where fourth
      // moments take long.
      case LIFTED -> d <= FEW_COLUMNS ? 2 : d <= FOURTH_MOMENT_COLUMNS ? 10 : 4;
      // Gives the best networks, but trainer-service gives networks too; for few columns it also
      // proves them to be the best.
      case COLUMN_GENERATION -> d <= FEW_COLUMNS ? 15 : 3;
      // An estimate helps the reader, not the certificate.
      case GATED -> 2;
      // An upper bound that is rarely the best; see docs/mathematics.md, section 2.
      case CONE_DECOMPOSITION -> 1;
    };
  }
}
