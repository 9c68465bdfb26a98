package io.gapstream.numerics.verify;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.gapstream.numerics.Deadline;
import io.gapstream.numerics.bound.Witness;
import io.gapstream.numerics.exact.ConeSearch;
import io.gapstream.numerics.exact.Effort;
import io.gapstream.numerics.problem.Problem;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a tree may not do: prove a number that a direction exceeds. The oracle is the value at that
 * direction, which needs no search and no tree.
 */
class ConeTreeRungTest {

  private static final Effort EFFORT = new Effort(Deadline.none(), 1, 10_000_000);
  private static final int N = 25;
  private static final int D = 3;

  private final double[] x = gaussian(N * D, 1);
  private final double[] nu = gaussian(N, 2);
  private final Problem problem = new Problem(N, D, x, nu, 1);
  private final ConeSearch.Result found =
      ConeSearch.maximize(N, D, x, nu, 1e-3, new double[] {1, 0, 0}, EFFORT);

  @Test
  void provesTheBoundOfTheSearch() {
    assertThat(judge(found.bound(), tree())).isInstanceOf(Finding.Proved.class);
  }

  @Test
  void refusesAnyTreeForANumberThatADirectionExceeds() {
    // Given: random changes of a good tree, cuts, and noise.
    Random random = new Random(3);
    double claim = found.value() * (1 - 1e-9);
    for (int trial = 0; trial < 20_000; trial++) {
      // When
      Finding finding = judge(claim, mutant(random));

      // Then
      assertThat(finding).isInstanceOf(Finding.Refuted.class);
    }
  }

  @Test
  void answersForEveryMutantOfATree() {
    // Given
    Random random = new Random(4);
    int proved = 0;

    // When
    for (int trial = 0; trial < 5_000; trial++) {
      proved += judge(found.bound(), mutant(random)) instanceof Finding.Proved ? 1 : 0;
    }

    // Then: some changes, as that of a step, leave a proof a proof.
    assertThat(proved).isLessThan(2_500);
  }

  @Test
  void refusesTreesThatEndTooSoonOrTooLate() {
    // Given
    byte[] tree = tree();

    // When / Then
    for (int length = 0; length < tree.length; length++) {
      assertThat(judge(found.bound(), Arrays.copyOf(tree, length)))
          .isInstanceOf(Finding.Refuted.class);
    }
    assertThat(judge(found.bound(), Arrays.copyOf(tree, tree.length + 1)))
        .isInstanceOf(Finding.Refuted.class);
  }

  @Test
  void refusesALastLeafWithoutItsActiveSet() {
    // Given: without targets and with a dual vector of zeros every leaf proves any bound.
    byte[] leaves = new byte[1 << D];
    byte[] cut = leaves.clone();
    cut[cut.length - 1] = 1;
    Problem nothing = new Problem(N, D, x, new double[N], 1);
    double[] zeros = new double[N];

    // When
    Finding whole =
        Verifier.lower(nothing, zeros, 0, new Witness.ConeTree(1, leaves), new Witness.Triangle());
    Finding finding =
        Verifier.lower(nothing, zeros, 0, new Witness.ConeTree(1, cut), new Witness.Triangle());

    // Then
    assertThat(whole).isInstanceOf(Finding.Proved.class);
    assertThat(finding).isInstanceOf(Finding.Refuted.class);
    assertThat(((Finding.Refuted) finding).reason()).contains("ends before its last cone");
  }

  @Test
  void refusesSplitsWithoutEnd() {
    // Given: a pair that is split for ever.
    byte[] tree = new byte[100_000];
    Arrays.fill(tree, (byte) 3);

    // When
    Finding finding = judge(found.bound(), tree);

    // Then
    assertThat(finding).isInstanceOf(Finding.Refuted.class);
    assertThat(((Finding.Refuted) finding).reason()).contains("too deep");
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {Double.NaN, Double.POSITIVE_INFINITY, -1, Double.MIN_VALUE, 0, Double.MAX_VALUE})
  void refusesBoundsThatAreNoneOrOutOfProportion(double bound) {
    assertThat(judge(bound, tree())).isInstanceOf(Finding.Refuted.class);
  }

  @Test
  void refusesATreeOfOtherData() {
    // Given
    double[] otherNu = gaussian(N, 20);
    ConeSearch.Result other =
        ConeSearch.maximize(N, D, x, otherNu, 1e-3, new double[] {1, 0, 0}, EFFORT);
    Witness.ConeTree tree = requireNonNull(other.witness());

    // When / Then
    assertThat(judge(found.value() * (1 - 1e-9), tree.tree())).isInstanceOf(Finding.Refuted.class);
  }

  @Test
  void provesThatNothingIsToBeGainedWhereNoRowPulls() {
    // Given: without a positive entry the sum is never above 0; leaves without an active generator
    // say so for each of the eight orthants.
    double[] negative = new double[N];
    Arrays.fill(negative, -1);
    byte[] leaves = new byte[2 << D];
    for (int orthant = 0; orthant < 1 << D; orthant++) {
      leaves[2 * orthant] = 1;
    }

    // When
    Finding finding =
        Verifier.lower(
            new Problem(N, D, x, negative, 1),
            negative,
            1e-9,
            new Witness.ConeTree(0, leaves),
            new Witness.Triangle());

    // Then: rounding errors are counted, and there is no room for them in a bound of zero.
    assertThat(finding).isInstanceOf(Finding.Refuted.class);
  }

  private Finding judge(double bound, byte[] tree) {
    return Verifier.lower(
        problem, nu, 1e-9, new Witness.ConeTree(bound, tree), new Witness.Triangle());
  }

  private byte[] tree() {
    return requireNonNull(found.witness()).tree();
  }

  private byte[] mutant(Random random) {
    byte[] tree = tree().clone();
    switch (random.nextInt(4)) {
      case 0 -> tree[random.nextInt(tree.length)] ^= (byte) (1 << random.nextInt(8));
      case 1 -> tree[random.nextInt(tree.length)] = (byte) random.nextInt(8);
      case 2 -> {
        int from = random.nextInt(tree.length);
        int to = random.nextInt(tree.length);
        System.arraycopy(tree, from, tree, to, Math.min(10, tree.length - Math.max(from, to)));
      }
      default -> {
        for (int i = random.nextInt(tree.length); i < tree.length; i++) {
          tree[i] = (byte) random.nextInt(6);
        }
      }
    }
    return tree;
  }

  private static double[] gaussian(int count, int seed) {
    Random random = new Random(seed);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextGaussian();
    }
    return values;
  }
}
