package io.gapstream.numerics.data;

/**
 * Standard preprocessing: each feature and the target minus its mean, divided by its population
 * standard deviation.
 *
 * @param data the standardised data
 * @param featureMeans d. Shared: must not be modified.
 * @param featureScales d, each above 0. Shared: must not be modified.
 * @param targetMean of the target
 * @param targetScale of the target, above 0
 */
@SuppressWarnings("ArrayRecordComponent") // shared, large, never compared
public record Standardization(
    Data data,
    double[] featureMeans,
    double[] featureScales,
    double targetMean,
    double targetScale) {

  /**
   * Standardises the data.
   *
   * @throws ConstantColumnException if a feature or the target does not vary
   */
  public static Standardization of(Data data) {
    throw new UnsupportedOperationException();
  }

  /** The data with a column of ones appended to the features. */
  public static Data appendOnes(Data data) {
    throw new UnsupportedOperationException();
  }
}
