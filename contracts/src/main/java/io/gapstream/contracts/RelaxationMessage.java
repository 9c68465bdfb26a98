package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One result of one method of relaxation-service. A method may send several, each better than the
 * one before.
 *
 * @param experimentId see {@link Message#experimentId()}
 * @param datasetSha256 of the data it was computed from
 * @param method the method
 * @param revision counts the results of this method from 1
 * @param last whether the method sends no more
 * @param status how the computation ended, or stands
 * @param reason why it failed; only with {@link Status#FAILED}
 * @param kind what the value says about {@code p*}
 * @param value absent when there is none; the status says why
 * @param lower the evidence; exactly with a value of kind lower
 * @param network the evidence; exactly with a value of kind upper
 * @param measures further finite numbers by name, for example {@code relativeGap} or {@code blowUp}
 * @param iterations of the method
 * @param elapsedSeconds since the method started
 * @param environment where it was computed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RelaxationMessage(
    String experimentId,
    String datasetSha256,
    RelaxationMethod method,
    int revision,
    boolean last,
    Status status,
    @Nullable String reason,
    BoundKind kind,
    @Nullable Double value,
    @Nullable LowerEvidence lower,
    @Nullable NetworkWeights network,
    Map<String, Double> measures,
    long iterations,
    double elapsedSeconds,
    Environment environment)
    implements Message {

  /** Checks every value, and that a bound comes with its evidence and nothing else does. */
  public RelaxationMessage {
    Check.experimentId(experimentId);
    Check.sha256(datasetSha256, "datasetSha256");
    Check.present(method, "method");
    Check.count(revision, 1, Integer.MAX_VALUE, "revision");
    Check.reason(status, reason);
    Check.that(
        (Check.present(kind, "kind") == BoundKind.ESTIMATE) == (method == RelaxationMethod.GATED),
        "kind is '%s'; the method 'gated' gives an 'estimate' and no other method does.",
        kind);
    Check.valueFits(status, value);
    Check.that(
        (lower != null) == (value != null && kind == BoundKind.LOWER),
        "lower is to be given exactly with a value of kind 'lower'.");
    Check.that(
        (network != null) == (value != null && kind == BoundKind.UPPER),
        "network is to be given exactly with a value of kind 'upper'.");
    Check.count(
        Check.present(measures, "measures").size(), 0, Limits.MAX_MEASURES, "entries of measures");
    measures.forEach(
        (name, number) -> {
          Check.text(name, "a name in measures");
          Check.finite(Check.present(number, "measures." + name), "measures." + name);
        });
    measures = Map.copyOf(measures);
    Check.count(iterations, 0, Long.MAX_VALUE, "iterations");
    Check.nonNegative(elapsedSeconds, "elapsedSeconds");
    Check.present(environment, "environment");
  }

  @Override
  public String eventId() {
    return experimentId + "/" + method + "/" + kind + "/" + revision;
  }
}
