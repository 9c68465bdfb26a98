package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * The evidence that a number is at least {@code tau_+(nu)}; which rung it is says how it is read.
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

    /** Checks the ranges; whether the tree proves the bound is for the verifier to judge. */
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

    /** Checks that the arrays are vectors; the ranges are for the verifier to judge. */
    public Quartic {
      Check.present(touch, "witness.touch").require("witness.touch", touch.size());
      Check.present(slope, "witness.slope").require("witness.slope", slope.size());
      Check.present(offset, "witness.offset").require("witness.offset", slope.size());
      Check.present(gram, "witness.gram").require("witness.gram", gram.size());
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
   *     and the weight
   * @param metric {@code W}, with a row for each column of the data and {@code S = W W'}; null for
   *     {@code S = I}
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

    /** Checks the shapes; the ranges are for the verifier to judge. */
    public Pairs {
      int rows = Check.present(squares, "witness.squares").size();
      squares.require("witness.squares", rows);
      Check.present(anchors, "witness.anchors").require("witness.anchors", rows);
      Check.present(theta, "witness.theta").require("witness.theta", rows);
      Check.present(sigma, "witness.sigma").require("witness.sigma", rows);
      Check.present(pairs, "witness.pairs").require("witness.pairs", pairs.size() / 3, 3);
      Check.that(
          metric == null || metric.shape().length == 2,
          "witness.metric is a vector; it must be a matrix.");
      Check.finite(lambda, "witness.lambda");
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
   * @param metric {@code W}, with a row for each column of the data and {@code S = W W'}; null for
   *     {@code S = I}
   * @param lambda 0 or above
   */
  record Quadratic(
      NumericArray mu,
      NumericArray theta,
      NumericArray sigma,
      @Nullable NumericArray metric,
      double lambda)
      implements Witness {

    /** Checks that the arrays are vectors; the ranges are for the verifier to judge. */
    public Quadratic {
      Check.present(mu, "witness.mu").require("witness.mu", mu.size());
      Check.present(theta, "witness.theta").require("witness.theta", theta.size());
      Check.present(sigma, "witness.sigma").require("witness.sigma", theta.size());
      Check.that(
          metric == null || metric.shape().length == 2,
          "witness.metric is a vector; it must be a matrix.");
      Check.finite(lambda, "witness.lambda");
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
}
