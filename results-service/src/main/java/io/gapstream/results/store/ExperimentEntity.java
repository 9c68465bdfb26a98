package io.gapstream.results.store;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An experiment as its dataset message described it; the numbers are in {@link DatasetEntity}.
 * Name, study and origin are those of the label given last, see {@link ExperimentLabelEntity};
 * nothing else changes.
 */
@Entity
@Table(name = "experiment")
@SuppressWarnings("NullAway.Init")
public class ExperimentEntity {
  @Id public String id;
  public @Nullable String studyId;
  public String name;

  /** JSON of {@code Origin}. */
  public String origin;

  /** JSON of {@code Preprocessing}. */
  public String preprocessing;

  public int n;
  public int d;
  public double beta;
  public @Nullable Double betaFraction;
  public double betaMax;
  public String sha256;

  /** JSON of {@code RunPlan}. */
  public String plan;

  public int plannedResults;
  public Instant receivedAt;
}
