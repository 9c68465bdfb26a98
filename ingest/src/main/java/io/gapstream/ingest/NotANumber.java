package io.gapstream.ingest;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says why a text is no number and what to write: what people and programs write in tables. */
final class NotANumber {

  private static final Set<String> MISSING =
      Set.of(
          "na",
          "n/a",
          "#n/a",
          "#na",
          "#value!",
          "#div/0!",
          "#ref!",
          "null",
          "none",
          "nil",
          "missing",
          "unknown",
          "undefined",
          "?",
          "-",
          "--",
          "---",
          ".",
          "..",
          "*",
          "\\n",
          "<na>",
          "nat",
          "n.a.");

  private static final Set<String> TRUTH = Set.of("true", "false", "yes", "no", "t", "f", "y", "n");

  private static final String DIGITS = "[+-]?[0-9]+";
  private static final String NUMBER = "[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?";
  private static final String QUOTES = "'\"`\u2018\u2019\u201A\u201B\u201C\u201D\u201E\u00AB\u00BB";

  /** Dashes that are taken for a minus sign. */
  private static final String DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212\uFE63\uFF0D\u00AF";

  private static final Pattern GROUPS =
      Pattern.compile(
          "([+-]?[0-9]{1,3})((?:([,. '_\u2019])[0-9]{3})(?:\\3[0-9]{3})*)([.,][0-9]*)?");

  private static final Pattern DATE =
      Pattern.compile(
          "[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?:[T ].*)?"
              + "|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}(?: .*)?"
              + "|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]+)?)?(?i: ?[ap]m)?"
              + "|[0-9]{4}-[0-9]{2}");

  private static final Pattern UNIT =
      Pattern.compile("(" + NUMBER + ")\\s*([^0-9\\s][^0-9]*|[^0-9\\s].*)");

  private NotANumber() {}

  /**
   * Why, beginning with a verb whose subject is the text, and ending with the fix.
   *
   * @param text stripped, not empty, and no finite number
   */
  static String reason(String text) {
    String invisible = invisible(text);
    if (invisible != null) {
      return invisible;
    }
    String lower = text.toLowerCase(Locale.ROOT);
    if (isNotFinite(lower)) {
      return "is not a finite number; fill it in, or remove the row or the column.";
    }
    if (MISSING.contains(lower)) {
      return "is not a number: it seems to mark a missing value; fill it in, or remove the row or the"
          + " column.";
    }
    if (TRUTH.contains(lower)) {
      return "is not a number: it seems to be a truth value; write 1 and 0 in the whole column.";
    }
    String separated = separated(text);
    if (separated != null) {
      return separated;
    }
    if (DATE.matcher(text).matches()) {
      return "is not a number: it seems to be a date or a time; write it as a number, such as days"
          + " since a certain day, or remove the column.";
    }
    if (lower.matches("[+-]?0x[0-9a-f]+")) {
      return "is not a number: it is written in base 16; write "
          + new BigInteger(lower.replaceFirst("0x", ""), 16)
          + ".";
    }
    if (lower.matches("[+-]?0x[0-9a-f]*\\.?[0-9a-f]*(p[+-]?[0-9]+)?")) {
      return "is not a number: it is written in base 16; write it in base 10.";
    }
    String character = character(text);
    if (character != null) {
      return character;
    }
    if (text.matches("\\(\\s*" + NUMBER + "\\s*\\)")) {
      return "is not a number: it stands in parentheses; write a minus sign if it is negative.";
    }
    if (text.matches(NUMBER + "\\s*/\\s*" + NUMBER)) {
      return "is not a number: it is a fraction; write its value with a point.";
    }
    if (text.matches("[+-]?[0-9]*\\.?[0-9]+[dD][+-]?[0-9]+")) {
      return "is not a number: its exponent is marked by a D; write an E.";
    }
    Matcher unit = UNIT.matcher(text);
    if (unit.matches()) {
      return "is not a number: '"
          + BadTableException.shortened(unit.group(2).strip())
          + "' follows the number; write "
          + BadTableException.shortened(unit.group(1))
          + " alone.";
    }
    return "is not a number; write it as a number, or remove the row or the column.";
  }

  /** Whether a text stands where a value is missing; an empty one is no such text. */
  static boolean isMissing(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return MISSING.contains(lower) || isNotFinite(lower);
  }

  private static boolean isNotFinite(String lower) {
    return lower.matches("[+-]?(nan|inf|infinity)");
  }

  /** A character that nobody sees, or that looks like another, by its name. */
  private static @Nullable String invisible(String text) {
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      if (c == '\n' || c == '\r') {
        return "goes on over the end of its line: the quote before it is not closed there; close it or"
            + " take it away.";
      }
      if (isInvisible(c)) {
        String rest = withoutInvisible(text);
        return "holds an invisible character, "
            + named(c)
            + "; remove it"
            + (rest.isEmpty()
                ? " and fill in the value."
                : Character.isISOControl(c) ? "." : " and write " + shown(rest) + ".");
      }
    }
    return null;
  }

  /** Whether a character shows nothing, or a space that is not one for programs. */
  static boolean isInvisible(int c) {
    return Character.getType(c) == Character.FORMAT
        || Character.getType(c) == Character.CONTROL
        || (c != ' ' && Character.isSpaceChar(c));
  }

  static String withoutInvisible(String text) {
    return text.codePoints()
        .filter(c -> !isInvisible(c))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString()
        .strip();
  }

  /** Such as {@code NO-BREAK SPACE (U+00A0)}. */
  static String named(int c) {
    String name = Character.getName(c);
    return (name == null ? "a character" : name) + String.format(Locale.ROOT, " (U+%04X)", c);
  }

  private static String shown(String text) {
    return "'" + BadTableException.shortened(text) + "'";
  }

  /** Commas, points and spaces between digits, with every reading that they have. */
  private static @Nullable String separated(String text) {
    Matcher groups = GROUPS.matcher(text);
    boolean grouped = groups.matches();
    String whole = grouped ? groups.group(1) + groups.group(2).replaceAll("[^0-9]", "") : "";
    String fraction = grouped && groups.group(4) != null ? groups.group(4) : "";
    if (grouped && !fraction.isEmpty() && fraction.charAt(0) == groups.group(3).charAt(0)) {
      return null; // a group of another length: no way of writing numbers
    }
    if (text.matches(DIGITS + ",[0-9]+")) {
      return grouped && !text.matches("[+-]?0.*")
          ? "has a comma that may stand between thousands or be a decimal comma; write "
              + whole
              + " or "
              + text.replace(',', '.')
              + ", whichever is meant."
          : "has a decimal comma; write a point.";
    }
    if (text.matches(DIGITS + ",[0-9]*[eE][+-]?[0-9]+|[+-]?,[0-9]+")) {
      return "has a decimal comma; write a point.";
    }
    if (!grouped) {
      return null;
    }
    return "is not a number: it has "
        + separator(groups.group(3).charAt(0))
        + " between thousands"
        + (fraction.startsWith(",") ? " and a decimal comma" : "")
        + "; write "
        + whole
        + fraction.replace(',', '.')
        + ".";
  }

  private static String separator(char c) {
    return switch (c) {
      case ',' -> "commas";
      case '.' -> "points";
      case ' ' -> "spaces";
      case '_' -> "underscores";
      default -> "apostrophes";
    };
  }

  /** A character that has no place in a number, by its name, and what to write. */
  private static @Nullable String character(String text) {
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      int c = text.codePointAt(i);
      if (QUOTES.indexOf(c) >= 0) {
        return text.matches(".*[0-9].*")
            ? "is not a number: it holds " + named(c) + "; write straight double quotes, or none."
            : null;
      }
      if (DASHES.indexOf(c) >= 0 && text.matches(".*[0-9].*")) {
        return "is not a number: it holds " + named(c) + "; write the minus sign of the keyboard.";
      }
      if (c > 0x7f && Character.isDigit(c)) {
        return "is not a number: it holds " + named(c) + "; write the digits 0 to 9.";
      }
      if (c == '%' || c == 0x2030 || c == 0xff05) {
        return "is not a number: it has a percent sign; write the number alone, in one unit in the"
            + " whole column.";
      }
      if (Character.getType(c) == Character.CURRENCY_SYMBOL) {
        return "is not a number: it has a currency sign; write the number alone.";
      }
      if (c == 0xff0e || c == 0xff0c || c == 0x066b) {
        return "is not a number: it holds " + named(c) + "; write a point.";
      }
    }
    return null;
  }
}
