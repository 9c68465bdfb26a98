package io.gapstream.results.rest;

import io.gapstream.contracts.Rung;
import io.gapstream.contracts.Verdict;
import io.gapstream.results.application.Certificate;
import io.gapstream.results.store.CertificateQuery;
import io.gapstream.results.store.CertificateQuery.Filter;
import io.gapstream.results.store.CertificateQuery.Position;
import io.gapstream.results.store.CertificateQuery.Sort;
import io.gapstream.servicekit.Problem;
import io.gapstream.servicekit.ProblemException;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response.Status;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the query of a list request. Every value that cannot be used, and every parameter that is
 * not known, is an error that names the choices: a filter is never passed over in silence.
 */
final class ListParameters {

  static final int DEFAULT_LIMIT = 50;
  static final int MAX_LIMIT = 500;
  static final String DEFAULT_SORT = "-updatedAt";

  private static final Set<String> NAMES =
      Set.of(
          "studyId", "name", "verdict", "rung", "complete", "maxRatio", "sort", "limit", "cursor");

  /** Parts of a cursor; a character that no name of a column or experiment holds. */
  private static final String SEPARATOR = "\n";

  private final MultivaluedMap<String, String> given;

  private ListParameters(MultivaluedMap<String, String> given) {
    this.given = given;
  }

  static CertificateQuery read(MultivaluedMap<String, String> given) {
    return new ListParameters(given).query();
  }

  private CertificateQuery query() {
    for (String name : given.keySet()) {
      if (!NAMES.contains(name)) {
        throw bad(name, first(name), "is not a parameter of this list", NAMES.stream().sorted());
      }
    }
    Map<Filter, Object> filters = new EnumMap<>(Filter.class);
    put(filters, Filter.STUDY_ID, first("studyId"));
    put(filters, Filter.NAME, first("name"));
    put(filters, Filter.VERDICT, choice("verdict", verdicts(), Verdict::jsonName));
    put(filters, Filter.RUNG, choice("rung", Arrays.asList(Rung.values()), Rung::jsonName));
    put(
        filters,
        Filter.COMPLETE,
        choice("complete", List.of(true, false), value -> Boolean.toString(value)));
    put(filters, Filter.MAX_RATIO, maxRatio());
    String sort = first("sort");
    boolean descending = (sort == null ? DEFAULT_SORT : sort).startsWith("-");
    Sort column = sort(sort == null ? DEFAULT_SORT : sort);
    return new CertificateQuery(filters, column, descending, limit(), after(column, descending));
  }

  private static void put(Map<Filter, Object> filters, Filter filter, @Nullable Object value) {
    if (value != null) {
      filters.put(filter, value);
    }
  }

  private @Nullable String first(String name) {
    List<String> values = given.get(name);
    if (values != null && values.size() > 1) {
      throw problem(name + " is given " + values.size() + " times; give it once.");
    }
    String value = values == null ? null : values.get(0);
    if (value != null && value.indexOf('\0') >= 0) {
      throw problem(name + " holds the character U+0000, which no text here has; leave it out.");
    }
    return value;
  }

  private static List<Verdict> verdicts() {
    return List.of(Verdict.VERIFIED, Verdict.PENDING, Verdict.REFUTED);
  }

  private <T> @Nullable T choice(String name, List<T> choices, Function<T, String> jsonName) {
    String value = first(name);
    if (value == null) {
      return null;
    }
    return choices.stream()
        .filter(choice -> jsonName.apply(choice).equals(value))
        .findFirst()
        .orElseThrow(() -> bad(name, value, "is not known", choices.stream().map(jsonName)));
  }

  private @Nullable Double maxRatio() {
    String value = first("maxRatio");
    if (value == null) {
      return null;
    }
    try {
      double ratio = Double.parseDouble(value);
      if (ratio >= 1 && Double.isFinite(ratio)) {
        return ratio;
      }
    } catch (NumberFormatException e) {
      // The same advice as for a number out of range.
    }
    throw problem("maxRatio is '" + value + "'; give a number, 1 or above.");
  }

  private int limit() {
    String value = first("limit");
    if (value == null) {
      return DEFAULT_LIMIT;
    }
    try {
      int limit = Integer.parseInt(value);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // The same advice as for a number out of range.
    }
    throw problem("limit is '" + value + "'; give a whole number from 1 to " + MAX_LIMIT + ".");
  }

  private static Sort sort(String value) {
    String name = value.startsWith("-") ? value.substring(1) : value;
    return Arrays.stream(Sort.values())
        .filter(sort -> sort.jsonName().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                bad(
                    "sort",
                    value,
                    "is not a column to sort by, with '-' before it for descending",
                    Arrays.stream(Sort.values()).map(Sort::jsonName)));
  }

  private @Nullable Position after(Sort sort, boolean descending) {
    String cursor = first("cursor");
    if (cursor == null) {
      return null;
    }
    try {
      String[] parts =
          new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8)
              .split(SEPARATOR, 3);
      if (parts.length == 3
          && parts[0].equals(order(sort, descending))
          && ExperimentPath.isId(parts[1])
          && parts[2].indexOf('\0') < 0
          && (sort.mayBeMissing() || !parts[2].isEmpty())) {
        return new Position(parts[2].isEmpty() ? null : parse(sort, parts[2]), parts[1]);
      }
    } catch (IllegalArgumentException | DateTimeParseException e) {
      // The same advice as for a cursor of another list.
    }
    throw problem(
        "cursor is '"
            + cursor
            + "'; give the 'next' of the page before, with the same sort as there.");
  }

  /** The cursor that continues after this row. */
  static String cursor(CertificateQuery query, Certificate last) {
    Object value =
        switch (query.sort()) {
          case UPDATED_AT -> last.updatedAt();
          case CREATED_AT -> last.createdAt();
          case NAME -> last.name();
          case RATIO -> last.ratio();
          case LOWER -> last.lower();
          case UPPER -> last.upper();
        };
    String text =
        String.join(
            SEPARATOR,
            order(query.sort(), query.descending()),
            last.experimentId(),
            value == null ? "" : value.toString());
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String order(Sort sort, boolean descending) {
    return (descending ? "-" : "") + sort.jsonName();
  }

  private static Comparable<?> parse(Sort sort, String value) {
    return switch (sort) {
      case UPDATED_AT, CREATED_AT -> Instant.parse(value);
      case NAME -> value;
      case RATIO, LOWER, UPPER -> Double.valueOf(value);
    };
  }

  private static ProblemException bad(
      String name, @Nullable String value, String what, Stream<String> choices) {
    return problem(
        name
            + " is '"
            + value
            + "', which "
            + what
            + "; choose one of "
            + choices.collect(Collectors.joining(", "))
            + ".");
  }

  private static ProblemException problem(String detail) {
    return Problem.of(Status.BAD_REQUEST, detail).toException();
  }
}
