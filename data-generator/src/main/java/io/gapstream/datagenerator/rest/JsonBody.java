package io.gapstream.datagenerator.rest;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gapstream.contracts.InvalidMessageException;
import io.gapstream.datagenerator.application.RefusedException;
import io.gapstream.servicekit.Problem;
import jakarta.ws.rs.core.Response.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's JSON strictly, so that a slip of the pen is refused instead of passed over, and
 * says what is wrong in the words of the request instead of those of Java.
 */
final class JsonBody {

  private static final int MAX_DEPTH = 16;
  private static final int MAX_TEXT = 10_000;
  private static final int MAX_SHOWN = 40;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxStringLength(MAX_TEXT)
                          .maxNameLength(MAX_TEXT)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                  .build())
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
          .build();

  /** Advice for the programmer of a parser, which is of no use to a client. */
  private static final Pattern JACKSON_ADVICE =
      Pattern.compile("(: enable `.*| \\(start marker .*|\\n.*)", Pattern.DOTALL);

  private JsonBody() {}

  /**
   * The body as a record.
   *
   * @throws io.gapstream.servicekit.ProblemException if it is not JSON or does not fit the record
   */
  static <T> T read(InputStream body, Class<T> type) throws IOException {
    try {
      T value = MAPPER.readValue(body, type);
      if (value == null) {
        throw RefusedException.badInput("The body is null; give a JSON object.");
      }
      return value;
    } catch (JsonProcessingException e) {
      if (e.getCause() instanceof RefusedException refused) {
        throw refused;
      }
      if (e.getCause() instanceof InvalidMessageException invalid) {
        throw invalid;
      }
      JsonLocation location = e.getLocation();
      Problem problem = Problem.of(Status.BAD_REQUEST, reason(e));
      throw (location == null
              ? problem
              : problem.with("line", location.getLineNr()).with("column", location.getColumnNr()))
          .toException();
    }
  }

  private static String reason(JsonProcessingException e) {
    if (e instanceof UnrecognizedPropertyException unknown) {
      return "The request has a field '"
          + path(unknown)
          + "' that is not known; the known ones there are "
          + unknown.getKnownPropertyIds().stream()
              .map(String::valueOf)
              .sorted()
              .collect(Collectors.joining(", "))
          + ".";
    }
    if (e instanceof MismatchedInputException mismatch) {
      String path = path(mismatch);
      if (path.isEmpty()) {
        return "The body is empty or not an object; give a JSON object.";
      }
      return path
          + (mismatch instanceof InvalidFormatException format
              ? " is '" + shortened(String.valueOf(format.getValue())) + "'"
              : " has a value of the wrong kind")
          + "; it must be "
          + kind(mismatch.getTargetType())
          + ".";
    }
    if (e instanceof JsonEOFException) {
      return "The body ends before its JSON does; send all of it.";
    }
    if (e instanceof StreamReadException || e.getCause() instanceof StreamReadException) {
      return "The body is not the JSON that it must be: "
          + JACKSON_ADVICE.matcher(e.getOriginalMessage()).replaceAll("")
          + ". Correct it at this line and column.";
    }
    return e.getOriginalMessage();
  }

  private static String shortened(String value) {
    return value.length() <= MAX_SHOWN ? value : value.substring(0, MAX_SHOWN) + "...";
  }

  private static String path(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.toString();
  }

  private static String kind(@Nullable Class<?> type) {
    if (type == null) {
      return "of another kind";
    }
    if (type.isEnum()) {
      return "one of "
          + Arrays.stream(type.getEnumConstants())
              .map(String::valueOf)
              .collect(Collectors.joining(", "));
    }
    if (type == Integer.class || type == Long.class || type == int.class || type == long.class) {
      return "a whole number within range";
    }
    if (type == Double.class || type == double.class) {
      return "a number";
    }
    if (type == Boolean.class) {
      return "true or false";
    }
    if (type == String.class) {
      return "a text";
    }
    return List.class.isAssignableFrom(type) ? "a list" : "an object";
  }
}
