package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of one training run. A run sends one, its last; only where the worker is told to stop
 * in the middle of it does what it had by then come before that.
 *
 * @param experimentId see {@link Message#experimentId()}
 * @param datasetSha256 of the data it was trained on
 * @param method the local gradient method
 * @param width neurons
 * @param seed of the initialisation and of the mini-batches
 * @param status how the run ended
 * @param reason why it failed; only with {@link Status#FAILED}
 * @param value of problem (P) at the network; absent when there is none, the status says why
 * @param network what was trained, of at most width neurons, since those without an effect may be
 *     left out; exactly with a value
 * @param curve the values on the way
 * @param patternDrift share of the entries of {@code 1[XU > 0]} that differ between the
 *     initialisation and the end, from 0 to 1; absent without a network
 * @param learningRate the step size used
 * @param steps taken
 * @param elapsedSeconds of the run
 * @param environment where it ran
 * @param last false when the run was stopped with this value and is to be done again; otherwise
 *     absent, the run sends no more
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TrainingMessage(
    String experimentId,
    String datasetSha256,
    TrainingMethod method,
    int width,
    long seed,
    Status status,
    @Nullable String reason,
    @Nullable Double value,
    @Nullable NetworkWeights network,
    Curve curve,
    @Nullable Double patternDrift,
    double learningRate,
    long steps,
    double elapsedSeconds,
    Environment environment,
    @Nullable Boolean last)
    implements Message {

  /** Checks every value, and that a value comes with its network. */
  public TrainingMessage {
    Check.experimentId(experimentId);
    Check.sha256(datasetSha256, "datasetSha256");
    Check.present(method, "method");
    Check.count(width, 1, Integer.MAX_VALUE, "width");
    Check.reason(status, reason);
    Check.valueFits(status, value);
    Check.that((value == null) == (network == null), "value and network are to be given together.");
    if (network != null) {
      Check.count(network.m(), 0, width, "neurons of the network");
    }
    Check.present(curve, "curve");
    Check.that(
        patternDrift == null || (patternDrift >= 0 && patternDrift <= 1 && network != null),
        "patternDrift is %s; it must be from 0 to 1, and left out without a network.",
        patternDrift);
    Check.nonNegative(learningRate, "learningRate");
    Check.count(steps, 0, Long.MAX_VALUE, "steps");
    Check.nonNegative(elapsedSeconds, "elapsedSeconds");
    Check.present(environment, "environment");
    if (Boolean.TRUE.equals(last)) {
      last = null; // it says no more than nothing does, so it is written as nothing
    }
    Check.that(
        last == null || value != null,
        "last is false without a value; leave it out, or give the value and the network.");
  }

  /** The last result of a run. */
  public TrainingMessage(
      String experimentId,
      String datasetSha256,
      TrainingMethod method,
      int width,
      long seed,
      Status status,
      @Nullable String reason,
      @Nullable Double value,
      @Nullable NetworkWeights network,
      Curve curve,
      @Nullable Double patternDrift,
      double learningRate,
      long steps,
      double elapsedSeconds,
      Environment environment) {
    this(
        experimentId,
        datasetSha256,
        method,
        width,
        seed,
        status,
        reason,
        value,
        network,
        curve,
        patternDrift,
        learningRate,
        steps,
        elapsedSeconds,
        environment,
        null);
  }

  /**
   * The same as a result that is not its run's last.
   *
   * @throws InvalidMessageException if there is no value
   */
  public TrainingMessage withMoreToCome() {
    return new TrainingMessage(
        experimentId,
        datasetSha256,
        method,
        width,
        seed,
        status,
        reason,
        value,
        network,
        curve,
        patternDrift,
        learningRate,
        steps,
        elapsedSeconds,
        environment,
        false);
  }

  /** Whether the run sends no more. */
  public boolean endsRun() {
    return last == null;
  }

  /** The run that this is the outcome of. */
  public TrainingRun run() {
    return new TrainingRun(method, width, seed);
  }

  @Override
  public String eventId() {
    String ofRun = experimentId + "/" + method + "/" + width + "/" + seed;
    // A run may be stopped more than once, each time at another value.
    return value == null || endsRun()
        ? ofRun
        : ofRun + "/" + Long.toHexString(Double.doubleToLongBits(value));
  }
}
