package io.gapstream.numerics.data;

import org.jspecify.annotations.Nullable;

/**
 * Data as a solver takes them: standardised if wanted, then with a column of ones appended if
 * wanted. Whoever poses a problem from the same data in the same way comes here, so that all pose
 * the same problem.
 *
 * @param data what a solver takes
 * @param standardization of the given data; null when they were taken as they are
 * @param bias whether the last column is the appended one of ones
 */
public record Prepared(Data data, @Nullable Standardization standardization, boolean bias) {

  /**
   * Prepares data.
   *
   * @throws ConstantColumnException if the data are to be standardised and a feature or the target
   *     does not vary, or varies by no more than rounding
   */
  public static Prepared of(Data given, boolean standardize, boolean bias) {
    Standardization standardization = standardize ? Standardization.of(given) : null;
    Data scaled = standardization == null ? given : standardization.data();
    return new Prepared(bias ? Standardization.appendOnes(scaled) : scaled, standardization, bias);
  }
}
