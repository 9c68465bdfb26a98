package io.gapstream.results.store;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A certificate on its way to the broker. */
@Entity
@IdClass(VersionId.class)
@Table(name = "outbox")
@SuppressWarnings("NullAway.Init")
public class OutboxEntity {
  @Id public String experimentId;
  @Id public long version;

  /** JSON of {@code CertificateMessage}. */
  public byte[] payload;

  public Instant createdAt;
  public @Nullable Instant sentAt;
}
