package io.gapstream.results.application;

import io.gapstream.contracts.BoundKind;
import io.gapstream.contracts.LowerEvidence;
import io.gapstream.contracts.MessageJson;
import io.gapstream.contracts.NetworkWeights;
import io.gapstream.contracts.RelaxationMessage;
import io.gapstream.contracts.RunPlan;
import io.gapstream.contracts.Status;
import io.gapstream.contracts.Topic;
import io.gapstream.contracts.TrainingMessage;
import io.gapstream.contracts.TrainingRun;
import io.gapstream.results.store.Source;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a message claims about an experiment, whoever sent it.
 *
 * @param run who computed it
 * @param datasetSha256 of the data it was computed from
 * @param kind what the value is said to be
 * @param value absent when the work gave none
 * @param lower the evidence; exactly with a lower bound
 * @param network the evidence; exactly with an upper bound
 * @param revision counts the messages of the method or run from 1
 * @param last whether there are no more to come
 * @param status how the work ended, or stands
 * @param reason why it failed
 * @param measures further numbers by name
 * @param iterations of the method
 * @param elapsedSeconds since the work started
 * @param payload the message as it came
 */
record Claim(
    Run run,
    String datasetSha256,
    BoundKind kind,
    @Nullable Double value,
    @Nullable LowerEvidence lower,
    @Nullable NetworkWeights network,
    int revision,
    boolean last,
    Status status,
    @Nullable String reason,
    Map<String, Double> measures,
    long iterations,
    double elapsedSeconds,
    Payload payload) {

  /**
   * One method of relaxation-service or one run of trainer-service, on one experiment.
   *
   * @param experimentId the experiment
   * @param source who computes
   * @param method its name
   * @param width neurons; for training only
   * @param seed of the run; for training only
   */
  record Run(
      String experimentId,
      Source source,
      String method,
      @Nullable Integer width,
      @Nullable Long seed) {

    /** Tells the result of this kind from every other, and is the same for every replay. */
    String resultId(BoundKind kind) {
      String run = width == null ? method : method + "/" + width + "/" + seed;
      return experimentId + "/" + source + "/" + run + "/" + kind;
    }

    List<String> resultIds() {
      return Arrays.stream(BoundKind.values()).map(this::resultId).toList();
    }

    boolean isIn(RunPlan plan) {
      return switch (source) {
        case RELAXATION ->
            plan.relaxation().methods().stream().anyMatch(m -> m.jsonName().equals(method));
        case TRAINING ->
            plan.training().methods().stream().anyMatch(m -> m.jsonName().equals(method))
                && plan.training().widths().contains(width)
                && plan.training().seeds().contains(seed);
      };
    }
  }

  static Claim of(RelaxationMessage message, Payload payload) {
    return new Claim(
        new Run(message.experimentId(), Source.RELAXATION, message.method().jsonName(), null, null),
        message.datasetSha256(),
        message.kind(),
        message.value(),
        message.lower(),
        message.network(),
        message.revision(),
        message.last(),
        message.status(),
        message.reason(),
        message.measures(),
        message.iterations(),
        message.elapsedSeconds(),
        payload);
  }

  static Claim of(TrainingMessage message, Payload payload) {
    TrainingRun run = message.run();
    Map<String, Double> measures = new TreeMap<>();
    measures.put("learningRate", message.learningRate());
    if (message.patternDrift() != null) {
      measures.put("patternDrift", message.patternDrift());
    }
    return new Claim(
        new Run(
            message.experimentId(),
            Source.TRAINING,
            run.method().jsonName(),
            run.width(),
            run.seed()),
        message.datasetSha256(),
        BoundKind.UPPER,
        message.value(),
        null,
        message.network(),
        1,
        message.endsRun(),
        message.status(),
        message.reason(),
        measures,
        message.steps(),
        message.elapsedSeconds(),
        payload);
  }

  /** Reads a claim that was put aside; it was valid when it came. */
  static Claim of(Payload payload) {
    return payload.topic().equals(Topic.TRAININGS.topicName())
        ? of(MessageJson.read(payload.bytes(), TrainingMessage.class), payload)
        : of(MessageJson.read(payload.bytes(), RelaxationMessage.class), payload);
  }

  String experimentId() {
    return run.experimentId();
  }

  String resultId() {
    return run.resultId(kind);
  }

  /** For histories: what it is, in words. */
  String inWords() {
    String run =
        this.run.width() == null
            ? this.run.method()
            : this.run.method() + " width " + this.run.width() + " seed " + this.run.seed();
    return run + ": " + kind + " bound";
  }

  /** The evidence as it is kept; null when there is none. */
  byte @Nullable [] evidence() {
    if (lower != null) {
      return MessageJson.write(lower);
    }
    return network == null ? null : MessageJson.write(network);
  }
}
