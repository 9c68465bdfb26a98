package io.gapstream.results.application.files;

import io.gapstream.contracts.NetworkWeights;
import java.util.SortedMap;

/**
 * A network {@code y = (X U')_+ a} as an ONNX model in float64: from {@code X} of {@code n x d}, n
 * of one's choice, to {@code y} of n.
 *
 * <pre>
 *   Z = MatMul(X, U')         n x m
 *   H = Relu(Z)               n x m
 *   Y = MatMul(H, a)          n x 1
 *   y = Squeeze(Y, last)      n
 * </pre>
 *
 * <p>{@code U'} is stored as such, {@code d x m}. {@code Gemm} could transpose U itself, but
 * onnxruntime joins it with the Relu after it to an operator that has no float64. And {@code a} is
 * stored as a matrix, {@code m x 1}, because the product with a vector fails there for no rows.
 *
 * <p>Source of messages, field numbers and enums: {@code onnx/onnx.proto} of ONNX. Fields are
 * written in the order of their numbers, as the libraries of Protocol Buffers do.
 */
public final class OnnxFile {

  /** Both as of ONNX 1.9: old enough for every runtime that has Relu in float64 everywhere. */
  private static final int IR_VERSION = 7;

  private static final int OPERATORS_VERSION = 14;

  /** {@code TensorProto.DataType.INT64}. */
  private static final int INT64 = 7;

  /** {@code TensorProto.DataType.DOUBLE}. */
  private static final int DOUBLE = 11;

  private OnnxFile() {}

  /**
   * What a model says about itself.
   *
   * @param name of the graph
   * @param description for people
   * @param producerVersion of Gapstream
   * @param metadata further texts by name
   */
  public record Labels(
      String name,
      String description,
      String producerVersion,
      SortedMap<String, String> metadata) {}

  /**
   * The file of a network. One without neurons gets a neuron of zero weights: its output is zero
   * all the same, and runtimes do not agree about matrices without entries.
   */
  public static byte[] of(NetworkWeights network, Labels labels) {
    int m = Math.max(1, network.m());
    int d = network.d();
    double[] u = network.m() == 0 ? new double[d] : network.u().values();
    double[] a = network.m() == 0 ? new double[1] : network.a().values();
    ProtobufMessage graph =
        new ProtobufMessage()
            .message(1, node("MatMul", "Z", "X", "U'"))
            .message(1, node("Relu", "H", "Z"))
            .message(1, node("MatMul", "Y", "H", "a"))
            .message(1, node("Squeeze", "y", "Y", "last"))
            .text(2, labels.name())
            .message(5, tensor("U'", transposed(u, m, d), d, m))
            .message(5, tensor("a", a, m, 1))
            .message(5, integer("last", 1))
            .message(11, value("X", rows(), extent(d)))
            .message(12, value("y", rows()));
    return model(graph, labels).toBytes();
  }

  /** {@code ModelProto}. */
  private static ProtobufMessage model(ProtobufMessage graph, Labels labels) {
    ProtobufMessage model =
        new ProtobufMessage()
            .integer(1, IR_VERSION)
            .text(2, "gapstream")
            .text(3, labels.producerVersion())
            .text(6, labels.description())
            .message(7, graph)
            // OperatorSetIdProto without a domain: ONNX's own operators.
            .message(8, new ProtobufMessage().integer(2, OPERATORS_VERSION));
    // StringStringEntryProto.
    labels
        .metadata()
        .forEach(
            (key, text) -> model.message(14, new ProtobufMessage().text(1, key).text(2, text)));
    return model;
  }

  /** {@code NodeProto}. */
  private static ProtobufMessage node(String operator, String output, String... inputs) {
    ProtobufMessage node = new ProtobufMessage();
    for (String input : inputs) {
      node.text(1, input);
    }
    return node.text(2, output).text(4, operator);
  }

  /** {@code TensorProto}; the values are its {@code raw_data}. */
  private static ProtobufMessage tensor(String name, double[] values, int... shape) {
    ProtobufMessage tensor = new ProtobufMessage();
    for (int extent : shape) {
      tensor.integer(1, extent);
    }
    return tensor.integer(2, DOUBLE).text(8, name).doubles(9, values);
  }

  /** {@code TensorProto} of one integer, a vector; the value is its {@code int64_data}, packed. */
  private static ProtobufMessage integer(String name, int value) {
    return new ProtobufMessage().integer(1, 1).integer(2, INT64).integers(7, value).text(8, name);
  }

  /** {@code ValueInfoProto} with its {@code TypeProto.Tensor} and {@code TensorShapeProto}. */
  private static ProtobufMessage value(String name, ProtobufMessage... dimensions) {
    ProtobufMessage shape = new ProtobufMessage();
    for (ProtobufMessage dimension : dimensions) {
      shape.message(1, dimension);
    }
    ProtobufMessage tensor = new ProtobufMessage().integer(1, DOUBLE).message(2, shape);
    return new ProtobufMessage().text(1, name).message(2, new ProtobufMessage().message(1, tensor));
  }

  /** {@code TensorShapeProto.Dimension} of any extent, by name. */
  private static ProtobufMessage rows() {
    return new ProtobufMessage().text(2, "n");
  }

  /** {@code TensorShapeProto.Dimension} of this extent. */
  private static ProtobufMessage extent(int value) {
    return new ProtobufMessage().integer(1, value);
  }

  /** {@code U'} of {@code U}, {@code m x d}. Not modified. */
  private static double[] transposed(double[] u, int m, int d) {
    double[] transposed = new double[u.length];
    for (int j = 0; j < m; j++) {
      for (int k = 0; k < d; k++) {
        transposed[k * m + j] = u[j * d + k];
      }
    }
    return transposed;
  }
}
