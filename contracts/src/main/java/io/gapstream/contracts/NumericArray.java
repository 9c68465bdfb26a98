package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A vector or a matrix of finite doubles, row-major; in JSON {@code {"dtype": "<f8", "shape": [n,
 * d], "data": "base64 of the little-endian values"}}, which keeps every bit.
 *
 * <p>The values are shared with whoever made the array and must not be modified.
 */
public final class NumericArray {

  static final String DTYPE = "<f8";

  private final int[] shape;
  private final double[] values;

  private NumericArray(int[] shape, double[] values) {
    this.shape = shape;
    this.values = values;
    for (int i = 0; i < values.length; i++) {
      Check.that(
          Double.isFinite(values[i]),
          "an array holds %s at position %s; only finite numbers are allowed.",
          values[i],
          i);
    }
  }

  /** A vector. */
  public static NumericArray vector(double... values) {
    return new NumericArray(new int[] {values.length}, values);
  }

  /** A matrix of {@code rows x columns}, row-major. */
  public static NumericArray matrix(int rows, int columns, double[] values) {
    Check.that(
        rows >= 0 && columns >= 0 && (long) rows * columns == values.length,
        "an array of shape %s x %s has %s values; the shape and the values must agree.",
        rows,
        columns,
        values.length);
    return new NumericArray(new int[] {rows, columns}, values);
  }

  @JsonCreator
  static NumericArray fromJson(
      @JsonProperty("dtype") @Nullable String dtype,
      @JsonProperty("shape") int @Nullable [] shape,
      @JsonProperty("data") @Nullable String data) {
    Check.that(DTYPE.equals(dtype), "dtype is '%s'; only '%s' is known.", dtype, DTYPE);
    return decode(Check.present(shape, "shape"), Check.present(data, "data"));
  }

  private static NumericArray decode(int[] shape, String data) {
    Check.that(
        shape.length == 1 || shape.length == 2,
        "shape is %s; it must have one or two numbers.",
        Arrays.toString(shape));
    long count = 1;
    for (int extent : shape) {
      Check.that(extent >= 0, "shape is %s; no number may be negative.", Arrays.toString(shape));
      count *= extent;
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(data);
    } catch (IllegalArgumentException e) {
      throw new InvalidMessageException("data of an array is not base64: " + e.getMessage(), e);
    }
    // The announced count is compared, never multiplied: times eight it can overflow.
    Check.that(
        bytes.length % Double.BYTES == 0 && bytes.length / Double.BYTES == count,
        "an array of shape %s has %s bytes of data; it must have %s values of %s bytes.",
        Arrays.toString(shape),
        bytes.length,
        count,
        Double.BYTES);
    double[] values = new double[(int) count];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(values);
    return new NumericArray(shape, values);
  }

  /** Always {@code <f8}: little-endian float64. */
  @JsonProperty("dtype")
  public String dtype() {
    return DTYPE;
  }

  /** One number for a vector, rows and columns for a matrix. */
  @JsonProperty("shape")
  public int[] shape() {
    return shape.clone();
  }

  @JsonProperty("data")
  String data() {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  /** The values, row-major. Shared: must not be modified. */
  public double[] values() {
    return values;
  }

  /** The number of values. */
  public int size() {
    return values.length;
  }

  /** Refuses any other shape. */
  NumericArray require(String field, int... expected) {
    Check.that(
        Arrays.equals(shape, expected),
        "%s has shape %s; it must have %s.",
        field,
        Arrays.toString(shape),
        Arrays.toString(expected));
    return this;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NumericArray that
        && Arrays.equals(shape, that.shape)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(shape) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "NumericArray" + Arrays.toString(shape);
  }
}
