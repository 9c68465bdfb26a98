package io.gapstream.results.store;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;

/** A result that came before its dataset, kept as it came. */
@Entity
@Immutable
@Table(name = "pending_claim")
@SuppressWarnings("NullAway.Init")
public class PendingClaimEntity {
  @Id public String payloadSha256;
  public String experimentId;
  public String topic;
  public byte[] payload;
  public Instant receivedAt;
}
