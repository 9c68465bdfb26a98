package io.gapstream.results.application.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.contracts.NetworkWeights;
import io.gapstream.contracts.NumericArray;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The oracle is ONNX's own library: the golden files are what it writes for the same models, after
 * its checker found them valid. What a runtime makes of a model is asked end to end.
 */
final class OnnxFileTest {

  private static final OnnxFile.Labels LABELS =
      new OnnxFile.Labels(
          "golden",
          "For people: \u03b2",
          "1.2.3",
          new TreeMap<>(Map.of("beta", "0.1", "name", "x".repeat(200))));

  @Test
  void writesWhatOnnxItselfWrites() throws IOException {
    // Given
    NetworkWeights network =
        new NetworkWeights(
            NumericArray.matrix(2, 3, new double[] {1, -2, 0.1, 1e-300, 0, 3.5}),
            NumericArray.vector(0.5, -1.25));
    // When
    byte[] file = OnnxFile.of(network, LABELS);
    // Then
    assertThat(file).isEqualTo(Golden.file("two-neurons.onnx"));
  }

  @Test
  void givesANetworkWithoutNeuronsOneOfZeroWeights() throws IOException {
    // Given
    NetworkWeights network =
        new NetworkWeights(NumericArray.matrix(0, 3, new double[0]), NumericArray.vector());
    // When
    byte[] file = OnnxFile.of(network, LABELS);
    // Then
    assertThat(file).isEqualTo(Golden.file("no-neurons.onnx"));
  }
}
