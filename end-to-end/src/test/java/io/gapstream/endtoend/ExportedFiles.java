package io.gapstream.endtoend;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Reads what a service exports, by the descriptions of the formats and with onnxruntime. */
final class ExportedFiles {

  /**
   * What onnxruntime makes of a model.
   *
   * @param y the outputs
   * @param metadata of the model
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Run(double[] y, Map<String, String> metadata) {}

  private ExportedFiles() {}

  /**
   * Runs a model.
   *
   * @param x rows of d inputs. Not modified.
   */
  static Run run(byte[] onnx, double[] x, int d) throws OrtException {
    OrtEnvironment runtime = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OrtSession session = runtime.createSession(onnx, options);
        OnnxTensor input =
            OnnxTensor.createTensor(runtime, DoubleBuffer.wrap(x), new long[] {x.length / d, d});
        OrtSession.Result result = session.run(Map.of("X", input))) {
      return new Run(
          (double[]) result.get("y").orElseThrow().getValue(),
          session.getMetadata().getCustomMetadata());
    }
  }

  /** The values of an array in NPY format. */
  static double[] npy(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(10 + bytes.getShort(8));
    double[] values = new double[bytes.remaining() / Double.BYTES];
    bytes.asDoubleBuffer().get(values);
    return values;
  }

  /** The values of the arrays in an NPZ archive, by name. */
  static Map<String, double[]> npz(byte[] file) throws IOException {
    Map<String, double[]> arrays = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        arrays.put(entry.getName(), npy(zip.readAllBytes()));
      }
    }
    return arrays;
  }
}
