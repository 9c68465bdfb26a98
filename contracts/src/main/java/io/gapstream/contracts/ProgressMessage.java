package io.gapstream.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Where a job stands. Nothing is derived from it; it may be lost.
 *
 * @param experimentId see {@link Message#experimentId()}
 * @param service who works on it
 * @param activity what is being done, for example {@code lifted} or {@code adam width 100 seed 1}
 * @param phase started, running or finished
 * @param sequence counts the messages of a job from 1
 * @param value the best value so far, if there is one
 * @param kind what the value says about {@code p*}; goes with value
 * @param elapsedSeconds since the job started
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProgressMessage(
    String experimentId,
    String service,
    String activity,
    Phase phase,
    long sequence,
    @Nullable Double value,
    @Nullable BoundKind kind,
    double elapsedSeconds)
    implements Message {

  /** The phases of an activity. */
  public enum Phase {
    /** Work begins. */
    @JsonProperty("started")
    STARTED,
    /** Work goes on. */
    @JsonProperty("running")
    RUNNING,
    /** Work has ended, well or not. */
    @JsonProperty("finished")
    FINISHED
  }

  /** Checks every value. */
  public ProgressMessage {
    Check.experimentId(experimentId);
    Check.text(service, "service");
    Check.text(activity, "activity");
    Check.present(phase, "phase");
    Check.count(sequence, 1, Long.MAX_VALUE, "sequence");
    Check.finiteOrNull(value, "value");
    Check.that((value == null) == (kind == null), "value and kind are to be given together.");
    Check.nonNegative(elapsedSeconds, "elapsedSeconds");
  }

  @Override
  public String eventId() {
    return experimentId + "/" + service + "/" + sequence;
  }
}
