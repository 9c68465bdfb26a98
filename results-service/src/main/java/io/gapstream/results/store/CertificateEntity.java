package io.gapstream.results.store;

import io.gapstream.contracts.Rung;
import io.gapstream.contracts.TrainingMethod;
import io.gapstream.contracts.Verdict;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.MapsId;
import jakarta.persistence.OneToOne;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where an experiment stands; one for each, from the moment its dataset comes. A trigger in the
 * database refuses every update that would loosen a bound.
 */
@Entity
@Table(name = "certificate")
@SuppressWarnings("NullAway.Init")
public class CertificateEntity {
  @Id public String experimentId;

  @MapsId
  @OneToOne(fetch = FetchType.LAZY, optional = false)
  @JoinColumn(name = "experiment_id")
  public ExperimentEntity experiment;

  public @Nullable Double lower;
  public @Nullable Double upper;
  public @Nullable Double ratio;
  public @Nullable Rung rung;

  /**
   * Pending until both bounds are there, then verified; refuted once two verified bounds contradict
   * each other.
   */
  public Verdict verdict;

  /** Counts the published tightenings; 0 before the first. */
  public long version;

  /** The result that lower rests on. */
  public @Nullable String lowerResult;

  /** The result that upper rests on. */
  public @Nullable String upperResult;

  public int completedResults;
  public boolean complete;
  public @Nullable Double bestTraining;
  public @Nullable TrainingMethod bestTrainingMethod;
  public @Nullable Double estimateGated;
  public Instant updatedAt;
}
