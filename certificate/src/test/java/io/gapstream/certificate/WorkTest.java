package io.gapstream.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.contracts.ByteSequence;
import io.gapstream.contracts.LowerEvidence;
import io.gapstream.contracts.NetworkWeights;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.Witness;
import io.gapstream.numerics.problem.Problem;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a check takes, measured in seconds of a processor, beside the estimate. A thousand million
 * operations a second is what the estimate calls a processor's speed; a slow machine is given four
 * times as long, and what little work takes is told from nothing by a fixed allowance.
 */
@Timeout(300)
final class WorkTest {

  private static final double RATE = 1e9;
  private static final double SLOWNESS = 4;
  private static final double ALLOWANCE_SECONDS = 0.5;

  /** Evidence of a shape that makes a check work; it need not prove anything. */
  record Shape(String name, int n, int d, Witness plus, Witness minus) {
    @Override
    public String toString() {
      return name + " " + n + " x " + d;
    }
  }

  static Stream<Shape> shapes() {
    return Stream.of(
        both("triangle", 390, 5_000, new Witness.Triangle()),
        quadratic(100_000, 12, 0),
        quadratic(200, 500, 0),
        quadratic(200, 300, 301),
        pairs(600, 20, 0),
        pairs(200, 100, 15_000),
        quartic(20_000, 8),
        quartic(300, 20),
        tree("steps", 100_000, 5, steps(5, 20_000)),
        tree("splits", 20_000, 8, splits(8, 60_000)),
        tree("splits", 50, 20, splits(20, 200_000)));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void isAnUpperEstimateOfTheTime(Shape shape) {
    // Given
    Random random = new Random(1);
    int n = shape.n();
    int d = shape.d();
    Problem problem =
        new Problem(n, d, random.doubles((long) n * d, -1, 1).toArray(), alternating(n), 1);
    LowerEvidence evidence =
        new LowerEvidence(NumericArray.vector(alternating(n)), 1e-12, shape.plus(), shape.minus());
    double operations = Claims.workAtLeast(problem, 1, evidence).operations();

    // When
    double seconds = processorSeconds(() -> Claims.whyNotAtLeast(problem, 1, evidence));

    // Then
    assertThat(seconds)
        .as("%.2e operations", operations)
        .isLessThan(ALLOWANCE_SECONDS + SLOWNESS * operations / RATE);
  }

  @Test
  void isAnUpperEstimateOfTheTimeForNetworks() {
    // Given
    Random random = new Random(2);
    Problem problem =
        new Problem(20_000, 10, random.doubles(200_000, -1, 1).toArray(), alternating(20_000), 1);
    NetworkWeights network =
        new NetworkWeights(
            NumericArray.matrix(2_000, 10, random.doubles(20_000, -1, 1).toArray()),
            NumericArray.vector(random.doubles(2_000, -1, 1).toArray()));
    double operations = Claims.workAtMost(problem, network).operations();

    // When
    double seconds = processorSeconds(() -> Claims.whyNotAtMost(problem, 1, network));

    // Then
    assertThat(seconds).isLessThan(ALLOWANCE_SECONDS + SLOWNESS * operations / RATE);
  }

  @Test
  void allowsWhateverAnHonestSolverSends() {
    for (int d = 1; d <= 8; d++) { // the columns for which trees are sent
      for (int n : new int[] {1, 100, 10_000, 2_000_000 / (d + 1)}) {
        int rows = Math.min(n, 500_000);
        int most = (int) Work.mostTreeBytes(rows, d);
        for (byte[] tree : new byte[][] {steps(d, most), splits(d, most), new byte[most]}) {
          Shape shape = tree("tree", 1, d, tree);
          assertThat(operations(rows, d, shape)).isLessThan(Work.DEFAULT_MAX_OPERATIONS);
        }
      }
    }
    for (int d : new int[] {30, 1_000, 5_000}) {
      int n = Math.min(2_000, 2_000_000 / (d + 1));
      Shape full = quadratic(n, d, d <= 1_000 ? d + 1 : n);
      assertThat(operations(n, d, full)).isLessThan(Work.DEFAULT_MAX_OPERATIONS);
    }
    assertThat(operations(2_000, 999, pairs(2_000, 999, 20_000)))
        .isLessThan(Work.DEFAULT_MAX_OPERATIONS);
    assertThat(operations(150_000, 12, quartic(2, 12))).isLessThan(Work.DEFAULT_MAX_OPERATIONS);
  }

  @Test
  void declinesTreesThatKeepAVerifierBusyForLong() {
    int n = 150_000;
    for (byte[] tree : new byte[][] {steps(12, 6_000_000), splits(12, 6_000_000)}) {
      assertThat(operations(n, 12, tree("tree", 1, 12, tree)))
          .isGreaterThan(2 * Work.DEFAULT_MAX_OPERATIONS);
    }
  }

  @Test
  void keepsTreesSmallWhereReplayingThemIsDear() {
    assertThat(Work.mostTreeBytes(1000, 5)).isEqualTo(6_000_000);
    assertThat(Work.mostTreeBytes(100_000, 5)).isBetween(139_000L, 140_000L);
    assertThat(Work.mostTreeBytes(500_000, 3)).isLessThan(40_000);
  }

  @Test
  void tellsTheMemoryOfLargeMatrices() {
    // Given: 1,400 columns and rows, a matrix of which takes 16 MB
    Shape shape = quadratic(1_400, 1_400, 0);

    // When
    Work work = Work.ofLower(1_400, 1_400, 1, evidence(shape));

    // Then: three of them, and one witness after the other
    assertThat(work.bytes()).isBetween(47e6, 80e6);
    assertThat(work.excessBytes(40e6, "give Java more memory"))
        .matches("The check may hold \\d\\d MB at once and 40 MB are allowed; give .*\\.");
    assertThat(work.excessBytes(80e6, "give Java more memory")).isNull();
  }

  @Test
  void knowsThatFewRowsTakeNoMatrixOfAllColumns() {
    // Given: 5,000 columns, a matrix of which would take 200 MB
    Shape shape = quadratic(2, 5_000, 0);

    // When
    Work work = Work.ofLower(2, 5_000, 1, evidence(shape));

    // Then
    assertThat(work.bytes()).isBetween(2e5, 2e6);
  }

  private static double operations(int n, int d, Shape shape) {
    return Work.ofLower(n, d, 1, evidence(shape)).operations();
  }

  private static LowerEvidence evidence(Shape shape) {
    return new LowerEvidence(
        NumericArray.vector(alternating(shape.n())), 1, shape.plus(), shape.minus());
  }

  private static Shape both(String name, int n, int d, Witness witness) {
    return new Shape(name, n, d, witness, witness);
  }

  private static Shape quadratic(int n, int d, int columns) {
    NumericArray half = filled((n + 1) / 2, 0.5);
    NumericArray metric =
        columns == 0
            ? null
            : NumericArray.matrix(
                d, columns, new Random(3).doubles((long) d * columns, -1, 1).toArray());
    int below = n / 2;
    return new Shape(
        "quadratic",
        n,
        d,
        new Witness.Quadratic(half, filled(below, 0.5), filled(below, 0.5), metric, 10.0 * n * d),
        new Witness.Quadratic(filled(below, 0.5), half, half, metric, 10.0 * n * d));
  }

  private static Shape pairs(int n, int d, int count) {
    double[] table = new double[3 * count];
    int p = 0;
    for (int i = 1; i < n && p < count; i++) {
      for (int j = 0; j < i && p < count; j++, p++) {
        table[3 * p] = i;
        table[3 * p + 1] = j;
        table[3 * p + 2] = 0.01;
      }
    }
    return both(
        "pairs",
        n,
        d,
        new Witness.Pairs(
            filled(n, 10.0 * n),
            filled(n, 0.5),
            filled(n, 0.5),
            filled(n, 0.5),
            NumericArray.matrix(count, 3, table),
            null,
            1e3 * n * n * d));
  }

  private static Shape quartic(int n, int d) {
    int order = d + d * (d + 1) / 2;
    double[] gram = new double[order * (order + 1) / 2];
    for (int k = 0; k < order; k++) {
      gram[k * (k + 1) / 2 + k] = 1;
    }
    NumericArray above = filled((n + 1) / 2, 0.5);
    NumericArray below = filled(n / 2, 0.5);
    NumericArray lower = NumericArray.vector(gram);
    return new Shape(
        "quartic",
        n,
        d,
        new Witness.Quartic(above, below, below, lower),
        new Witness.Quartic(below, above, above, lower));
  }

  private static Shape tree(String name, int n, int d, byte[] tree) {
    return both(name, n, d, new Witness.ConeTree(1e6 * n * d, ByteSequence.of(tree)));
  }

  /** Nothing but steps, back to the beginning often enough. */
  private static byte[] steps(int d, int length) {
    byte[] tree = new byte[length];
    Arrays.fill(tree, (byte) 1);
    for (int at = 0, step = 0; at < length; at += d + 2, step++) {
      tree[at] = 2;
      if (at + 1 < length) {
        tree[at + 1] = (byte) (step % 400 == 0 ? 0 : 1);
      }
    }
    return tree;
  }

  /** Every orthant split ten times over, pair after pair; where there are no pairs, leaves. */
  private static byte[] splits(int d, int length) {
    byte[] tree = new byte[length];
    int at = 0;
    while (at < length && d > 1) {
      at = split(d, 10, tree, at);
    }
    return tree;
  }

  private static int split(int d, int generations, byte[] tree, int at) {
    if (at >= tree.length || generations == 0) {
      return at + 1; // a leaf is a zero
    }
    tree[at] = (byte) (3 + generations % (d * (d - 1) / 2));
    return split(d, generations - 1, tree, split(d, generations - 1, tree, at + 1));
  }

  private static NumericArray filled(int count, double value) {
    double[] values = new double[count];
    Arrays.fill(values, value);
    return NumericArray.vector(values);
  }

  private static double[] alternating(int n) {
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = i % 2 == 0 ? 1 : -1;
    }
    return values;
  }

  /** Of all threads, since two witnesses are looked at side by side. */
  private static double processorSeconds(Runnable work) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    double before = seconds(threads);
    work.run();
    return seconds(threads) - before;
  }

  private static double seconds(ThreadMXBean threads) {
    double sum = 0;
    for (long id : threads.getAllThreadIds()) {
      sum += Math.max(0, threads.getThreadCpuTime(id)) / 1e9;
    }
    return sum;
  }
}
