package io.gapstream.localstack.cli;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The weights of the penalty to solve for, the largest first.
 *
 * @param betas finite, above 0; from 1 on
 * @param fractions of betaMax, as many; NaN where betaMax is 0
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Weights(double[] betas, double[] fractions) {

  /**
   * Resolves what was asked for.
   *
   * @param penalty null where nothing was said
   * @param path null for a single weight
   * @param betaMax of the program, 0 or above
   * @throws CommandException if there is no such weight
   */
  static Weights of(@Nullable PenaltyOptions penalty, @Nullable PathOption path, double betaMax) {
    if (betaMax == Double.POSITIVE_INFINITY) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "The values are too large: betaMax overflows. Rescale the data or leave out"
              + " --no-standardize.");
    }
    Double beta = penalty == null ? null : penalty.beta();
    if (path == null && beta != null) {
      return new Weights(
          new double[] {beta}, new double[] {betaMax == 0 ? Double.NaN : beta / betaMax});
    }
    if (betaMax == 0) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "betaMax is 0: zero is best for every weight. Choose a target that varies with the"
              + " features, or give --beta.");
    }
    double asked = beta != null ? beta / betaMax : fraction(penalty);
    if (path != null && !path.isGiven() && !(asked < 1)) {
      throw new CommandException(
          ExitCode.BAD_INPUT,
          "The path is to end at "
              + asked
              + " betaMax, from where on zero is best; give it a weight below betaMax to end at.");
    }
    double[] fractions = path == null ? new double[] {asked} : path.fractions(asked);
    double[] betas = Arrays.stream(fractions).map(fraction -> fraction * betaMax).toArray();
    return new Weights(betas, fractions);
  }

  private static double fraction(@Nullable PenaltyOptions penalty) {
    return penalty == null ? PenaltyOptions.DEFAULT_FRACTION : penalty.fraction();
  }

  int count() {
    return betas.length;
  }
}
