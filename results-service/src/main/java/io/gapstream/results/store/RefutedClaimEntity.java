package io.gapstream.results.store;

import io.gapstream.contracts.BoundKind;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/**
 * A claim that its evidence does not support, that is about other data, or that cannot be used at
 * all, kept as it came. Never a bound.
 */
@Entity
@Immutable
@Table(name = "refuted_claim")
@SuppressWarnings("NullAway.Init")
public class RefutedClaimEntity {
  /** Of the message's bytes, so that the same message again adds nothing. */
  @Id public String payloadSha256;

  public String experimentId;

  /** Absent when the claim cannot be used at all. */
  public @Nullable String resultId;

  /** Absent when the claim cannot be used at all. */
  public @Nullable BoundKind kind;

  /** Absent when it claimed no value. */
  public @Nullable Double claimed;

  public String reason;
  public String topic;
  public byte[] payload;
  public Instant refutedAt;
}
