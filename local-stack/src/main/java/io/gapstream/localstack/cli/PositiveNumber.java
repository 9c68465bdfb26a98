package io.gapstream.localstack.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads finite numbers above 0. */
final class PositiveNumber implements ITypeConverter<Double> {

  @Override
  public Double convert(String value) {
    double number;
    try {
      number = Double.parseDouble(value.strip());
    } catch (NumberFormatException e) {
      number = Double.NaN;
    }
    if (!(number > 0) || number == Double.POSITIVE_INFINITY) {
      throw new TypeConversionException("'" + value + "' is not a finite number above 0.");
    }
    return number;
  }
}
