package io.gapstream.results.store;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import org.hibernate.annotations.Immutable;

/** Two verified bounds that cannot both be true, with what each rests on. */
@Entity
@Immutable
@IdClass(ContradictionEntity.Key.class)
@Table(name = "contradiction")
@SuppressWarnings("NullAway.Init")
public class ContradictionEntity {

  /**
   * The two results; the first pair of values found for them is kept.
   *
   * @param experimentId the experiment
   * @param lowerResult the result with the lower bound
   * @param upperResult the result with the upper bound
   */
  public record Key(String experimentId, String lowerResult, String upperResult)
      implements Serializable {}

  @Id public String experimentId;
  @Id public String lowerResult;
  @Id public String upperResult;
  public double lower;
  public double upper;
  public byte[] lowerEvidence;
  public byte[] upperEvidence;
  public Instant foundAt;
}
