package io.gapstream.localstack.cli;

import java.util.Arrays;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A regularisation path as it was asked for.
 *
 * @param count how many weights, from 2; 0 where they were given
 * @param given fractions of betaMax, finite and above 0; none where their number was given
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PathOption(int count, double[] given) {

  private static final Pattern COUNT = Pattern.compile("[0-9]{1,6}");

  /** Whether the weights were given, not their number. */
  boolean isGiven() {
    return count == 0;
  }

  /**
   * The fractions of betaMax, decreasing: those given, or in equal ratios from 1 down to the last.
   *
   * @param last below 1
   */
  double[] fractions(double last) {
    double[] fractions = new double[isGiven() ? given.length : count];
    if (isGiven()) {
      double[] rising = given.clone();
      Arrays.sort(rising);
      Arrays.setAll(fractions, k -> rising[rising.length - 1 - k]);
    } else {
      Arrays.setAll(
          fractions, k -> k == count - 1 ? last : Math.pow(last, k / (double) (count - 1)));
    }
    return fractions;
  }

  /** Reads {@code 20}, a number of weights, or {@code 0.5,0.1,0.01}, fractions of betaMax. */
  static final class Converter implements ITypeConverter<PathOption> {

    @Override
    public PathOption convert(String value) {
      String text = value.strip();
      if (COUNT.matcher(text).matches()) {
        int count = Integer.parseInt(text);
        if (count < 2) {
          throw new TypeConversionException(
              "'" + value + "' weights make no path; give 2 or more, or fractions as in 1.0,0.1.");
        }
        return new PathOption(count, new double[0]);
      }
      PositiveNumber number = new PositiveNumber();
      return new PathOption(
          0, Arrays.stream(text.split(",", -1)).mapToDouble(number::convert).toArray());
    }
  }
}
