package io.gapstream.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The largest messages that the limits permit fit a record and can be read back. The arrays hold
 * arbitrary bits, so nothing hangs on how numbers print.
 */
class LargestMessageTest {

  /** The record's key, headers and framing, with room to spare. */
  private static final int HEADROOM = 64 * 1024;

  private static final Environment LONGEST_ENVIRONMENT =
      new Environment("ζ".repeat(200), "ζ".repeat(200), "ζ".repeat(200), Integer.MAX_VALUE);

  @ParameterizedTest
  @CsvSource({"500000, 1", "500000, 3", "200000, 9", "399, 5000"})
  void largestDatasetsFit(int n, int d) {
    // Given
    NumericArray moments = vector(d);
    DatasetMessage message =
        new DatasetMessage(
            Golden.EXPERIMENT,
            "ζ".repeat(200),
            "ζ".repeat(200),
            Origin.upload("ζ".repeat(200)),
            new Preprocessing(true, false, moments, moments, 1.0, 1.0),
            n,
            d,
            NumericArray.matrix(n, d, values(n * d)),
            vector(n),
            "0".repeat(64),
            1,
            0.1,
            10,
            new RunPlan(
                new RelaxationPlan(List.of(RelaxationMethod.values()), 1000, Long.MIN_VALUE, 1),
                new TrainingPlan(
                    List.of(TrainingMethod.ADAM),
                    List.of(1),
                    LongStream.range(0, 10_000).mapToObj(seed -> Long.MIN_VALUE + seed).toList(),
                    1,
                    1)));

    assertFits(message);
  }

  @Test
  void evidenceOverTheMostRowsFits() {
    // Given
    int n = Limits.MAX_ROWS;
    int positive = n / 3;
    NumericArray dual = vector(n);
    LowerEvidence evidence =
        new LowerEvidence(
            dual, 1, multipliers(positive, n - positive), multipliers(n - positive, positive));
    RelaxationMessage message =
        relaxation(RelaxationMethod.LIFTED, BoundKind.LOWER, evidence, null);

    assertFits(message);
  }

  @Test
  void largestTreesFit() {
    // Given
    Witness tree = new Witness.ConeTree(1.0 / 3, ByteSequence.of(new byte[Limits.MAX_TREE_BYTES]));
    LowerEvidence evidence = new LowerEvidence(vector(Limits.MAX_ROWS), 1.0 / 3, tree, tree);

    assertFits(relaxation(RelaxationMethod.COLUMN_GENERATION, BoundKind.LOWER, evidence, null));
  }

  private static Witness multipliers(int positive, int negative) {
    return new Witness.Quadratic(
        vector(positive),
        vector(negative),
        vector(negative),
        NumericArray.matrix(4, 5, new double[20]),
        1e-300);
  }

  @Test
  void largestNetworksFit() {
    // Given
    int d = 1;
    int m = (int) (Limits.MAX_NETWORK_VALUES / (d + 1));
    NetworkWeights network =
        new NetworkWeights(NumericArray.matrix(m, d, values(m * d)), vector(m));
    TrainingMessage training =
        new TrainingMessage(
            Golden.EXPERIMENT,
            "0".repeat(64),
            TrainingMethod.SGD_MOMENTUM,
            m,
            Long.MIN_VALUE,
            Status.CONVERGED,
            null,
            1.0 / 3,
            network,
            new Curve(counting(Limits.MAX_CURVE_POINTS), vector(Limits.MAX_CURVE_POINTS)),
            1.0 / 3,
            1.0 / 3,
            Long.MAX_VALUE,
            1.0 / 3,
            LONGEST_ENVIRONMENT);

    assertFits(training);
    assertFits(relaxation(RelaxationMethod.COLUMN_GENERATION, BoundKind.UPPER, null, network));
  }

  private static RelaxationMessage relaxation(
      RelaxationMethod method,
      BoundKind kind,
      @Nullable LowerEvidence lower,
      @Nullable NetworkWeights network) {
    Map<String, Double> measures = new TreeMap<>();
    for (int i = 0; i < Limits.MAX_MEASURES; i++) {
      measures.put("ζ".repeat(197) + i, -1.0 / 3);
    }
    return new RelaxationMessage(
        Golden.EXPERIMENT,
        "0".repeat(64),
        method,
        Integer.MAX_VALUE,
        true,
        Status.CONVERGED,
        null,
        kind,
        1.0 / 3,
        lower,
        network,
        measures,
        Long.MAX_VALUE,
        1.0 / 3,
        LONGEST_ENVIRONMENT);
  }

  private static void assertFits(Message message) {
    // When
    byte[] json = MessageJson.write(message);
    Message read = MessageJson.read(json, message.getClass());

    // Then
    assertThat(json.length).isLessThan(Topic.MAX_RECORD_BYTES - HEADROOM);
    assertThat(read.equals(message)).isTrue();
  }

  private static NumericArray vector(int size) {
    return NumericArray.vector(values(size));
  }

  private static NumericArray counting(int size) {
    double[] values = new double[size];
    Arrays.setAll(values, i -> i);
    return NumericArray.vector(values);
  }

  private static double[] values(int size) {
    double[] values = new double[size];
    Arrays.setAll(values, i -> 1.0 / (3 + i));
    return values;
  }
}
