package io.gapstream.datagenerator.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import io.gapstream.contracts.Limits;
import io.gapstream.datagenerator.application.RefusedException;
import java.io.IOException;
import java.util.Arrays;

/**
 * Reads numbers out of JSON straight into arrays, and stops at the first that is wrong or too many.
 */
final class NumberReaders {

  private static final int FIRST_CAPACITY = 1024;
  private static final int MAX_VALUE_SHOWN = 40;

  private NumberReaders() {}

  /** A matrix of {@code rows x columns}, row-major. */
  @SuppressWarnings("ArrayRecordComponent") // large, handed on, never compared
  record Matrix(int rows, int columns, double[] values) {}

  /** A vector. */
  @SuppressWarnings("ArrayRecordComponent") // large, handed on, never compared
  record Vector(double[] values) {}

  /** Reads {@code [[..], ..]}. */
  static final class MatrixReader extends JsonDeserializer<Matrix> {

    @Override
    public Matrix deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      expectArray(parser, "data.X", "a list of rows");
      Growing values = new Growing();
      int rows = 0;
      int columns = 0;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        String row = "data.X[" + rows + "]";
        expectArray(parser, row, "a list of numbers");
        int count = readNumbers(parser, row, values);
        if (rows == 0) {
          columns = count;
        }
        if (count != columns) {
          throw wrong(
              parser,
              row
                  + " has "
                  + count
                  + (count == 1 ? " value" : " values")
                  + " and data.X[0] has "
                  + columns
                  + "; give every row the same number.");
        }
        rows++;
        if (rows > Limits.MAX_ROWS) {
          throw RefusedException.tooLarge(
              "data.X has more than "
                  + Limits.MAX_ROWS
                  + " rows, the most that is taken; use fewer.");
        }
      }
      return new Matrix(rows, columns, values.toArray());
    }
  }

  /** Reads {@code [..]}. */
  static final class VectorReader extends JsonDeserializer<Vector> {

    @Override
    public Vector deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      expectArray(parser, "data.y", "a list of numbers");
      Growing values = new Growing();
      readNumbers(parser, "data.y", values);
      return new Vector(values.toArray());
    }
  }

  private static int readNumbers(JsonParser parser, String field, Growing values)
      throws IOException {
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (!parser.currentToken().isNumeric()) {
        throw wrong(
            parser, field + "[" + count + "] is " + shown(parser) + "; it must be a number.");
      }
      double value = parser.getDoubleValue();
      if (!Double.isFinite(value)) {
        throw wrong(
            parser,
            field
                + "["
                + count
                + "] is "
                + shown(parser)
                + ", beyond the largest number that can be held; rescale the data.");
      }
      values.add(value, field);
      count++;
    }
    return count;
  }

  private static void expectArray(JsonParser parser, String field, String what) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw wrong(parser, field + " is " + shown(parser) + "; it must be " + what + ".");
    }
  }

  private static String shown(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "a list";
      case VALUE_STRING -> "'" + shortened(parser.getText()) + "'";
      default -> shortened(String.valueOf(parser.getText()));
    };
  }

  private static String shortened(String text) {
    return text.length() <= MAX_VALUE_SHOWN ? text : text.substring(0, MAX_VALUE_SHOWN) + "...";
  }

  private static JsonMappingException wrong(JsonParser parser, String reason) {
    return JsonMappingException.from(parser, reason);
  }

  private static final class Growing {

    private double[] values = new double[FIRST_CAPACITY];
    private int size;

    void add(double value, String field) {
      if (size == Limits.MAX_VALUES) {
        throw RefusedException.tooLarge(
            field
                + " brings the data above "
                + Limits.MAX_VALUES
                + " values, the most that is taken; use fewer rows or features.");
      }
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    double[] toArray() {
      return Arrays.copyOf(values, size);
    }
  }
}
