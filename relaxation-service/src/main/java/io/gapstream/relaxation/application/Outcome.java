package io.gapstream.relaxation.application;

import io.gapstream.certificate.Witnesses;
import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.DatasetMessage;
import io.gapstream.contracts.Environment;
import io.gapstream.contracts.LowerEvidence;
import io.gapstream.contracts.NetworkWeights;
import io.gapstream.contracts.NumericArray;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.RelaxationMethod;
import io.gapstream.contracts.Status;
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
            Witnesses.toMessage(bound.plus(), columns),
            Witnesses.toMessage(bound.minus(), columns));
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

  /** The outcome in a message. */
  RelaxationMessage message(
      DatasetMessage dataset,
      RelaxationMethod method,
      int revision,
      boolean last,
      double elapsedSeconds,
      Environment environment) {
    return new RelaxationMessage(
        dataset.experimentId(),
        dataset.sha256(),
        method,
        revision,
        last,
        status,
        reason,
        kind,
        value,
        lower,
        network,
        measures,
        iterations,
        elapsedSeconds,
        environment);
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
}
