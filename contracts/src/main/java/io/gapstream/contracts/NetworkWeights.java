package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;

/**
 * A two-layer ReLU network {@code f(X) = sum_j (X u_j)_+ a_j}.
 *
 * @param u row j is {@code u_j}; {@code m x d}
 * @param a output weights; m
 */
public record NetworkWeights(@JsonProperty("U") NumericArray u, NumericArray a) {

  /** Checks that the shapes agree. */
  public NetworkWeights {
    Check.present(u, "network.U");
    Check.present(a, "network.a");
    int[] shape = u.shape();
    Check.that(
        shape.length == 2,
        "network.U has shape %s; it must be a matrix of m x d.",
        Arrays.toString(shape));
    a.require("network.a", shape[0]);
    Check.count(shape[1], 1, Limits.MAX_COLUMNS, "d of the network");
    Check.count(
        shape[0] * (shape[1] + 1L), 0, Limits.MAX_NETWORK_VALUES, "m * (d + 1) of the network");
  }

  /** Neurons. */
  public int m() {
    return a.size();
  }

  /** Inputs. */
  public int d() {
    return u.shape()[1];
  }
}
