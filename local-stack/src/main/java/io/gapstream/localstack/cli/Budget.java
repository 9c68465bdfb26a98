package io.gapstream.localstack.cli;

import io.gapstream.contracts.Limits;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * How long the services may work on an experiment.
 *
 * @param seconds above 0
 */
record Budget(double seconds) {

  private static final Pattern FORM = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)\\s*(ms|s|m|h)?");

  /** Reads {@code 30s}, {@code 500ms}, {@code 2m}, {@code 1h} or plain seconds. */
  static final class Converter implements ITypeConverter<Budget> {

    @Override
    public Budget convert(String value) {
      Matcher matcher = FORM.matcher(value.strip().toLowerCase(Locale.ROOT));
      if (!matcher.matches()) {
        throw new TypeConversionException(
            "'" + value + "' is not a time such as 30s, 2m or 500ms.");
      }
      String unit = matcher.group(2) == null ? "s" : matcher.group(2);
      double factor =
          switch (unit) {
            case "ms" -> 0.001;
            case "m" -> 60;
            case "h" -> 3600;
            default -> 1;
          };
      double seconds = Double.parseDouble(matcher.group(1)) * factor;
      if (!(seconds > 0 && seconds <= Limits.MAX_BUDGET_SECONDS)) {
        throw new TypeConversionException(
            "'"
                + value
                + "' is not above 0 and at most "
                + Math.round(Limits.MAX_BUDGET_SECONDS / 3600)
                + "h.");
      }
      return new Budget(seconds);
    }
  }
}
