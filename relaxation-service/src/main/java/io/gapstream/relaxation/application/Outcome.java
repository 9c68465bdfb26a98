package io.gapstream.relaxation.application;

import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.LowerEvidence;
import io.gapstream.contracts.NetworkWeights;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.Status;
import io.gapstream.contracts.Witness;
import io.gapstream.numerics.bound.LowerBound;
import io.gapstream.numerics.bound.UpperBound;
import io.gapstream.numerics.problem.Network;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a method has to say, now or at its end. Evidence and value come together, as in the message
 * that is made of it.
 */
record Outcome(
    Status status,
    @Nullable String reason,
    BoundKind kind,
    @Nullable Double value,
    @Nullable LowerEvidence lower,
    @Nullable NetworkWeights network,
    Map<String, Double> measures,
    long iterations) {

  static Outcome failed(BoundKind kind, String reason) {
    return new Outcome(Status.FAILED, reason, kind, null, null, null, Map.of(), 0);
  }

  static Outcome lower(Status status, LowerBound bound, int columns, long iterations) {
    LowerEvidence evidence =
        new LowerEvidence(
            NumericArray.vector(bound.dual()),
            bound.scale(),
            witness(bound.plus(), columns),
            witness(bound.minus(), columns));
    return new Outcome(
        status, null, BoundKind.LOWER, bound.value(), evidence, null, Map.of(), iterations);
  }

  static Outcome upper(Status status, UpperBound bound, long iterations) {
    Network network = bound.network();
    NetworkWeights weights =
        new NetworkWeights(
            NumericArray.matrix(network.m(), network.d(), network.u()),
            NumericArray.vector(network.a()));
    return new Outcome(
        status, null, BoundKind.UPPER, bound.value(), null, weights, Map.of(), iterations);
  }

  static Outcome estimate(Status status, double value, long iterations) {
    return new Outcome(status, null, BoundKind.ESTIMATE, value, null, null, Map.of(), iterations);
  }

  /** The same with one more measure, unless its value is not a finite number. */
  Outcome with(String name, double measure) {
    if (!Double.isFinite(measure)) {
      return this;
    }
    Map<String, Double> more = new HashMap<>(measures);
    more.put(name, measure);
    return new Outcome(status, reason, kind, value, lower, network, more, iterations);
  }

  private static Witness witness(io.gapstream.numerics.bound.Witness witness, int columns) {
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

  private static @Nullable NumericArray metric(double[] metric, int columns) {
    return metric.length == 0
        ? null
        : NumericArray.matrix(columns, metric.length / columns, metric);
  }
}
