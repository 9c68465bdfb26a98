package io.gapstream.certificate;

import io.gapstream.contracts.ByteSequence;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.Witness;
import org.jspecify.annotations.Nullable;

/** Witnesses as messages carry them, and as numerics makes and judges them. */
public final class Witnesses {

  private Witnesses() {}

  /**
   * For a message.
   *
   * @param columns of the data
   */
  public static Witness toMessage(io.gapstream.numerics.bound.Witness witness, int columns) {
    if (witness instanceof io.gapstream.numerics.bound.Witness.ConeTree tree) {
      return new Witness.ConeTree(tree.bound(), ByteSequence.of(tree.tree()));
    }
    if (witness instanceof io.gapstream.numerics.bound.Witness.Quartic quartic) {
      return new Witness.Quartic(
          NumericArray.vector(quartic.touch()),
          NumericArray.vector(quartic.slope()),
          NumericArray.vector(quartic.offset()),
          NumericArray.vector(quartic.gram()));
    }
    if (witness instanceof io.gapstream.numerics.bound.Witness.Quadratic quadratic) {
      return new Witness.Quadratic(
          NumericArray.vector(quadratic.mu()),
          NumericArray.vector(quadratic.theta()),
          NumericArray.vector(quadratic.sigma()),
          metric(quadratic.metric(), columns),
          quadratic.lambda());
    }
    if (witness instanceof io.gapstream.numerics.bound.Witness.Pairs pairs) {
      int count = pairs.weights().length;
      double[] table = new double[3 * count];
      for (int p = 0; p < count; p++) {
        table[3 * p] = pairs.first()[p];
        table[3 * p + 1] = pairs.second()[p];
        table[3 * p + 2] = pairs.weights()[p];
      }
      return new Witness.Pairs(
          NumericArray.vector(pairs.squares()),
          NumericArray.vector(pairs.anchors()),
          NumericArray.vector(pairs.theta()),
          NumericArray.vector(pairs.sigma()),
          NumericArray.matrix(count, 3, table),
          metric(pairs.metric(), columns),
          pairs.lambda());
    }
    return new Witness.Triangle();
  }

  /** For the verifier. */
  public static io.gapstream.numerics.bound.Witness fromMessage(Witness witness) {
    if (witness instanceof Witness.ConeTree tree) {
      return new io.gapstream.numerics.bound.Witness.ConeTree(tree.bound(), tree.tree().bytes());
    }
    if (witness instanceof Witness.Quartic quartic) {
      return new io.gapstream.numerics.bound.Witness.Quartic(
          quartic.touch().values(),
          quartic.slope().values(),
          quartic.offset().values(),
          quartic.gram().values());
    }
    if (witness instanceof Witness.Quadratic quadratic) {
      return new io.gapstream.numerics.bound.Witness.Quadratic(
          quadratic.mu().values(),
          quadratic.theta().values(),
          quadratic.sigma().values(),
          metric(quadratic.metric()),
          quadratic.lambda());
    }
    if (witness instanceof Witness.Pairs pairs) {
      double[] table = pairs.pairs().values();
      int count = table.length / 3;
      int[] first = new int[count];
      int[] second = new int[count];
      double[] weights = new double[count];
      for (int p = 0; p < count; p++) {
        first[p] = (int) table[3 * p];
        second[p] = (int) table[3 * p + 1];
        weights[p] = table[3 * p + 2];
      }
      return new io.gapstream.numerics.bound.Witness.Pairs(
          pairs.squares().values(),
          pairs.anchors().values(),
          pairs.theta().values(),
          pairs.sigma().values(),
          first,
          second,
          weights,
          metric(pairs.metric()),
          pairs.lambda());
    }
    return new io.gapstream.numerics.bound.Witness.Triangle();
  }

  private static @Nullable NumericArray metric(double[] metric, int columns) {
    return metric.length == 0
        ? null
        : NumericArray.matrix(columns, metric.length / columns, metric);
  }

  private static double[] metric(@Nullable NumericArray metric) {
    return metric == null ? new double[0] : metric.values();
  }
}
