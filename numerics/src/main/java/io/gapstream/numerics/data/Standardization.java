package io.gapstream.numerics.data;

/**
 * Standard preprocessing: each feature and the target minus its mean, divided by its population
 * standard deviation.
 *
 * <p>Every column is first divided by its largest magnitude, so no square overflows or vanishes,
 * and the mean is taken in two passes, the second of which removes the rounding error of the first.
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
   * A column whose range is at most this share of its largest magnitude varies by rounding only:
   * 2^-48, some sixteen to thirty units in the last place.
   */
  private static final double ROUNDING = 0x1p-48;

  /**
   * Standardises the data.
   *
   * @throws ConstantColumnException if a feature or the target does not vary, or varies by no more
   *     than rounding
   */
  public static Standardization of(Data data) {
    int n = data.n();
    int d = data.d();
    double[] x = new double[n * d];
    double[] means = new double[d];
    double[] scales = new double[d];
    double[] column = new double[n];
    double[] moments = new double[2];
    for (int k = 0; k < d; k++) {
      for (int i = 0; i < n; i++) {
        column[i] = data.x()[i * d + k];
      }
      standardize(column, k, moments);
      for (int i = 0; i < n; i++) {
        x[i * d + k] = column[i];
      }
      means[k] = moments[0];
      scales[k] = moments[1];
    }
    double[] y = data.y().clone();
    standardize(y, ConstantColumnException.TARGET, moments);
    return new Standardization(new Data(n, d, x, y), means, scales, moments[0], moments[1]);
  }

  /**
   * @param values Modified: standardised.
   * @param moments mean and standard deviation of the values as given. Modified.
   */
  private static void standardize(double[] values, int column, double[] moments) {
    int n = values.length;
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    double largest = Math.max(Math.abs(least), Math.abs(most));
    if (largest == 0) {
      throw new ConstantColumnException(column, least, most);
    }
    if (most / largest - least / largest <= ROUNDING) {
      throw new ConstantColumnException(column, least, most);
    }
    double mean = 0;
    for (int i = 0; i < n; i++) {
      values[i] /= largest;
      mean += values[i];
    }
    mean /= n;
    double rest = 0;
    for (int i = 0; i < n; i++) {
      values[i] -= mean;
      rest += values[i];
    }
    rest /= n;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      values[i] -= rest;
      squares += values[i] * values[i];
    }
    double deviation = Math.sqrt(squares / n);
    for (int i = 0; i < n; i++) {
      values[i] /= deviation;
    }
    moments[0] = (mean + rest) * largest;
    // In the subnormal range the product may round to 0, which could not be divided by.
    moments[1] = Math.max(deviation * largest, Double.MIN_VALUE);
  }

  /** The data with a column of ones appended to the features. */
  public static Data appendOnes(Data data) {
    int n = data.n();
    int d = data.d();
    Data.requireShape(n, d + 1);
    double[] x = new double[n * (d + 1)];
    for (int i = 0; i < n; i++) {
      System.arraycopy(data.x(), i * d, x, i * (d + 1), d);
      x[i * (d + 1) + d] = 1;
    }
    return new Data(n, d + 1, x, data.y());
  }
}
