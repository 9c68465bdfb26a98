package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The evidence that a number is at least {@code tau_+(nu)}; which rung it is says how it is read.
 * The records refuse what can be seen to be wrong without the data, in messages and in certificate
 * files alike; {@link LowerEvidence#requireFits} what can be seen with them. Whether evidence
 * proves anything is for the verifier to judge.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "rung")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Witness.ConeTree.class, name = "cone-bnb"),
  @JsonSubTypes.Type(value = Witness.Quartic.class, name = "quartic"),
  @JsonSubTypes.Type(value = Witness.Pairs.class, name = "pairs"),
  @JsonSubTypes.Type(value = Witness.Quadratic.class, name = "quadratic"),
  @JsonSubTypes.Type(value = Witness.Triangle.class, name = "triangle")
})
public sealed interface Witness {

  /** The rung. */
  Rung rung();

  /**
   * The search tree of rung {@code cone-bnb}.
   *
   * @param bound what {@code tau_+(nu)} is said not to exceed, 0 or above
   * @param tree the tree, depth first; docs/mathematics.md has its format
   */
  record ConeTree(double bound, ByteSequence tree) implements Witness {

    /** Checks the ranges. */
    public ConeTree {
      Check.nonNegative(bound, "witness.bound");
      Check.count(
          Check.present(tree, "witness.tree").size(),
          0,
          Limits.MAX_TREE_BYTES,
          "bytes of witness.tree");
    }

    @Override
    public Rung rung() {
      return Rung.CONE_BNB;
    }
  }

  /**
   * The polynomials and the Gram matrix of rung {@code quartic}.
   *
   * @param touch one for each row with {@code nu_i > 0}, in the order of the rows, each in (0, 1]
   * @param slope one for each row with {@code nu_i < 0}, in the order of the rows, each 0 or above
   * @param offset one for each row with {@code nu_i < 0}, in the order of the rows, each in [-1, 1]
   * @param gram the lower triangle of a positive semidefinite matrix, row by row
   */
  record Quartic(NumericArray touch, NumericArray slope, NumericArray offset, NumericArray gram)
      implements Witness {

    /** Checks that the arrays are vectors, and the ranges. */
    public Quartic {
      Check.present(touch, "witness.touch").require("witness.touch", touch.size());
      Check.present(slope, "witness.slope").require("witness.slope", slope.size());
      Check.present(offset, "witness.offset").require("witness.offset", slope.size());
      Check.present(gram, "witness.gram").require("witness.gram", gram.size());
      Check.within(touch, Double.MIN_VALUE, 1, "witness.touch");
      Check.within(slope, 0, Double.MAX_VALUE, "witness.slope");
      Check.within(offset, -1, 1, "witness.offset");
    }

    @Override
    public Rung rung() {
      return Rung.QUARTIC;
    }
  }

  /**
   * The multipliers of rung {@code pairs}.
   *
   * @param squares {@code b_i}, one for each row
   * @param anchors {@code a_i}, one for each row, each 0 or above
   * @param theta one for each row, each in [0, 1]
   * @param sigma one for each row, each in [-1, 1]
   * @param pairs a row {@code i, j, w} for each pair: two row numbers from 0, the larger one first,
   *     and the weight; no pair twice
   * @param metric {@code W}, with a row for each column of the data and from 1 to d + 1 columns,
   *     and {@code S = W W'}; null for {@code S = I}
   * @param lambda 0 or above
   */
  record Pairs(
      NumericArray squares,
      NumericArray anchors,
      NumericArray theta,
      NumericArray sigma,
      NumericArray pairs,
      @Nullable NumericArray metric,
      double lambda)
      implements Witness {

    /** Checks the shapes, the ranges and the pairs. */
    public Pairs {
      int rows = Check.present(squares, "witness.squares").size();
      Check.count(rows, 1, Limits.MAX_PAIRS_ROWS, "rows of witness.squares");
      squares.require("witness.squares", rows);
      Check.present(anchors, "witness.anchors").require("witness.anchors", rows);
      Check.present(theta, "witness.theta").require("witness.theta", rows);
      Check.present(sigma, "witness.sigma").require("witness.sigma", rows);
      Check.present(pairs, "witness.pairs").require("witness.pairs", pairs.size() / 3, 3);
      Check.count(pairs.size() / 3, 0, Limits.MAX_PAIRS, "rows of witness.pairs");
      Check.within(anchors, 0, Double.MAX_VALUE, "witness.anchors");
      Check.within(theta, 0, 1, "witness.theta");
      Check.within(sigma, -1, 1, "witness.sigma");
      requirePairs(pairs.values(), rows);
      requireMetric(metric);
      Check.nonNegative(lambda, "witness.lambda");
    }

    /** Rows {@code i, j, w} with whole numbers {@code 0 <= j < i < n}, and no pair twice. */
    private static void requirePairs(double[] table, int n) {
      long[] keys = new long[table.length / 3];
      for (int p = 0; p < keys.length; p++) {
        double i = table[3 * p];
        double j = table[3 * p + 1];
        Check.that(
            j >= 0 && j < i && i < n && i == Math.rint(i) && j == Math.rint(j),
            "witness.pairs names the rows %s and %s at position %s; they must be whole numbers below"
                + " n, the larger one first.",
            i,
            j,
            p);
        keys[p] = (long) i * n + (long) j;
      }
      Arrays.sort(keys);
      for (int p = 1; p < keys.length; p++) {
        Check.that(
            keys[p] != keys[p - 1],
            "witness.pairs has the pair %s, %s twice; name each once.",
            keys[p] / n,
            keys[p] % n);
      }
    }

    @Override
    public Rung rung() {
      return Rung.PAIRS;
    }
  }

  /**
   * The multipliers of rung {@code quadratic}.
   *
   * @param mu one for each row with {@code nu_i > 0}, in the order of the rows, each above 0
   * @param theta one for each row with {@code nu_i < 0}, in the order of the rows, each in [0, 1]
   * @param sigma one for each row with {@code nu_i < 0}, in the order of the rows, each in [-1, 1]
   * @param metric {@code W}, with a row for each column of the data and from 1 to d + 1 columns,
   *     and {@code S = W W'}; null for {@code S = I}
   * @param lambda 0 or above
   */
  record Quadratic(
      NumericArray mu,
      NumericArray theta,
      NumericArray sigma,
      @Nullable NumericArray metric,
      double lambda)
      implements Witness {

    /** Checks that the arrays are vectors, and the ranges. */
    public Quadratic {
      Check.present(mu, "witness.mu").require("witness.mu", mu.size());
      Check.present(theta, "witness.theta").require("witness.theta", theta.size());
      Check.present(sigma, "witness.sigma").require("witness.sigma", theta.size());
      Check.within(mu, Double.MIN_VALUE, Double.MAX_VALUE, "witness.mu");
      Check.within(theta, 0, 1, "witness.theta");
      Check.within(sigma, -1, 1, "witness.sigma");
      requireMetric(metric);
      Check.nonNegative(lambda, "witness.lambda");
    }

    @Override
    public Rung rung() {
      return Rung.QUADRATIC;
    }
  }

  /** Rung {@code triangle} needs no evidence. */
  record Triangle() implements Witness {

    @Override
    public Rung rung() {
      return Rung.TRIANGLE;
    }
  }

  /** More columns than rows, and one, never say more about S. */
  private static void requireMetric(@Nullable NumericArray metric) {
    if (metric == null) {
      return;
    }
    int[] shape = metric.shape();
    Check.that(shape.length == 2, "witness.metric is a vector; it must be a matrix.");
    Check.count(shape[0], 1, Limits.MAX_COLUMNS, "rows of witness.metric");
    Check.count(shape[1], 1, shape[0] + 1L, "columns of witness.metric");
  }
}
