package io.gapstream.results.store;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What an experiment was called by one or more of its dataset messages. */
@Entity
@Table(name = "experiment_label")
@SuppressWarnings("NullAway.Init")
public class ExperimentLabelEntity {
  /** Made from the experiment and the label, so that the same message again adds nothing. */
  @Id public String id;

  public String experimentId;
  public String name;
  public @Nullable String studyId;

  /** JSON of {@code Origin}. */
  public String origin;

  /** The newest time at which a message gave it. */
  public Instant givenAt;

  public Instant firstSeen;
}
