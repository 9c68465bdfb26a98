package io.gapstream.results.store;

import io.gapstream.contracts.Rung;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** One version of a certificate. */
@Entity
@Immutable
@IdClass(VersionId.class)
@Table(name = "certificate_history")
@SuppressWarnings("NullAway.Init")
public class HistoryEntity {
  @Id public String experimentId;
  @Id public long version;
  public double lower;
  public double upper;
  public @Nullable Double ratio;
  public @Nullable Rung rung;

  /** The result that tightened the interval, in words. */
  public String cause;

  public Instant at;
}
